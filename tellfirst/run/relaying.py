"""What a process of a project with Kafka runs beside its own work: the relay of what its store has for topics."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from storage.sql_store import SqlStore
from streams.kafka.relay import Relay
from streams.kafka.writing import writing
from streams.metrics import Metrics
from streams.project import Project
from tellfirst import clock
from tellfirst.kafka.brokers import kafka_of
from tellfirst.run.process import Part

if TYPE_CHECKING:
    from tellfirst.tracing.spans import Tracing


def relay_of(project: Project, store: SqlStore, tracing: "Tracing | None") -> Relay:
    """Return the relay of this store; any number of processes may run theirs. Raises Stopped where there is no usable `kafka`."""
    connect = partial(writing, kafka_of(project), project.folder)
    return Relay(store, connect) if tracing is None else Relay(store, connect, dressed=tracing.on_a_record)


class Relaying(Part):
    """The relay as a part of a process. What waits while brokers are away is kept, so the process stays in service."""

    def __init__(self, relay: Relay, metrics: Metrics) -> None:
        self._relay, self._metrics = relay, metrics
        self._stuck_at: float | None = None
        self._stopping: asyncio.Future[None] | None = None

    async def run(self) -> None:
        await self._relay.run()

    def stop(self) -> None:
        self._stopping = asyncio.ensure_future(self._relay.drain())

    def show(self) -> None:
        """How much waits is counted in the store; since when nothing goes on is known from the first scrape that saw it."""
        if self._relay.trouble is None:
            self._stuck_at = None
        elif self._stuck_at is None:
            self._stuck_at = clock.elapsed()
        self._metrics.show_relay(stuck_for=0 if self._stuck_at is None else clock.elapsed() - self._stuck_at)
