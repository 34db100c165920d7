"""What a process does where events come by Kafka, and what it needs for that: one role, or all of them."""

from enum import StrEnum

from streams.project import Project
from tellfirst.kafka.brokers import kafka_of
from tellfirst.stopping import Exit, stop
from tellfirst.wiring import SETTINGS


class Role(StrEnum):
    """worker: reads and decides; courier: tells; intake: takes events in over HTTP, into Kafka; all: these in one process."""

    ALL = "all"
    WORKER = "worker"
    COURIER = "courier"
    INTAKE = "intake"

    @property
    def port(self) -> int:
        """Return where it listens unless said otherwise, so that one of each fits on a machine."""
        return {Role.WORKER: 8788, Role.COURIER: 8789}.get(self, 8787)

    @property
    def reads(self) -> bool:
        return self in (Role.ALL, Role.WORKER)

    @property
    def tells(self) -> bool:
        return self in (Role.ALL, Role.COURIER)

    @property
    def takes_something_in(self) -> bool:
        return self is not Role.WORKER

    @property
    def shares_a_store(self) -> bool:
        return self in (Role.WORKER, Role.COURIER)


def require(project: Project, role: Role) -> None:
    """Raises Stopped where the project's settings do not suffice for a role."""
    kafka_of(project)
    if role.shares_a_store and project.settings.database is None:
        fact = f"there is no `database`, which a {role} shares with other processes"
        remedy = "write `database: {address: postgresql://…}`, or run all in one process; see docs/kafka.md"
        raise stop(Exit.CONFIGURATION, project.folder / SETTINGS, fact, remedy)
