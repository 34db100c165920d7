"""What a process does where events come by Kafka, and what it needs for that: one role, or all of them."""

import socket
from enum import StrEnum
from typing import TYPE_CHECKING

from streams.project import Project
from tellfirst.brokers import kafka_of
from tellfirst.stopping import Exit, stop
from tellfirst.wiring import SETTINGS

if TYPE_CHECKING:
    from tellfirst.process import Ended


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


async def play(project: Project, role: Role, *, listener: socket.socket, token: str | None) -> "Ended":
    """Do what the role says until stopped; return how it ended. Raises Stopped, StoreError, KafkaError."""
    match role:
        case Role.WORKER:
            from tellfirst.working import work

            return await work(project, listener=listener)
        case Role.COURIER:
            from tellfirst.couriering import deliver

            return await deliver(project, listener=listener, token=token)
        case Role.INTAKE:
            from tellfirst.taking_events import take_in

            return await take_in(project, listener=listener, token=token)
        case Role.ALL:
            from tellfirst.all_in_one import do_all

            return await do_all(project, listener=listener, token=token)
