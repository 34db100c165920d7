"""What a process of a project with Kafka runs beside its own work: the relay of what its store has for topics."""

import asyncio
from collections.abc import Mapping
from functools import partial

from storage.sql_store import SqlStore
from streams.kafka.relay import Relay
from streams.kafka.writing import writing
from streams.project import Project
from tellfirst.brokers import kafka_of


def relay_of(project: Project, store: SqlStore) -> Relay:
    """Return the relay of this store; any number of processes may run theirs. Raises Stopped where there is no usable `kafka`."""
    return Relay(store, partial(writing, kafka_of(project), project.folder))


class Relaying:
    """The relay as a tellfirst.process.Part. What waits while brokers are away is kept, so the process stays in service."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._stopping: asyncio.Future[None] | None = None

    async def run(self) -> None:
        await self._relay.run()

    def stop(self) -> None:
        self._stopping = asyncio.ensure_future(self._relay.drain())

    def checks(self) -> Mapping[str, str | None]:
        return {}

    def show(self) -> None:
        """Nothing of it is a gauge of this process: what waits is counted in the store."""
