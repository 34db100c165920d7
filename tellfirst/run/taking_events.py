"""The intake: what is posted goes to Kafka under its case, and is answered once the brokers have it."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias

from streams.inbox import Draining
from streams.intake import Intake
from streams.kafka.errors import KafkaUnreachable
from streams.kafka.outgoing import READ, WRITTEN, Addressing, AsTheyAre, Fate, Sending
from streams.kafka.settings import KafkaSettings
from streams.kafka.taking import Taking
from streams.metrics import Metrics
from streams.metrics.catalogue import INTAKE
from streams.project import Project
from tellfirst.http.receiving import HTTP, TooLarge
from tellfirst.kafka.brokers import kafka_of, slots_of
from tellfirst.run.process import Part
from tellfirst.stopping import Exit, stop
from tellfirst.wiring import SETTINGS

LOOK_EVERY_SECONDS = 2.0
LOOK_SOON_SECONDS = 0.05

Addresses: TypeAlias = Mapping[str | None, Addressing | AsTheyAre]
"""How records find their topic: by the mapping that reads them, None for CloudEvents."""


class TakingEvents(Part):
    """What takes in what is posted to /events."""

    def __init__(self, brokers: Taking, addresses: Addresses, metrics: Metrics) -> None:
        self._brokers, self._addresses, self._metrics = brokers, addresses, metrics
        self._stopping = asyncio.Event()
        self.mappings = frozenset(name for name in addresses if name is not None)

    async def submit(self, records: Sequence[bytes], *, mapping: str | None, traceparent: str | None = None) -> Mapping[str, int]:
        """Return what became of the records, once the brokers have those that are written.

        traceparent: the trace of those that say none themselves.
        Raises TooLarge before anything is written, Draining, Full and KafkaUnreachable.
        """
        if self._stopping.is_set():
            raise Draining
        address = self._addresses[mapping].address
        sendings = [address(raw, number) for number, raw in enumerate(records, start=1) if raw.strip()]
        self._require_small(sendings)
        written = [outgoing.within(traceparent) for sending in sendings for outgoing in sending.written]
        if written:
            await self._brokers.write(written)
        fates = Counter(sending.fate for sending in sendings)
        self._metrics.taken(fates)
        return {READ: len(sendings), **{fate.value: fates[fate] for fate in Fate}, WRITTEN: len(written)}

    def _require_small(self, sendings: Sequence[Sending]) -> None:
        for number, sending in enumerate(sendings, start=1):
            if sending.fate is Fate.TOO_LARGE:
                self._metrics.taken({Fate.TOO_LARGE: 1})
                raise TooLarge(number)

    async def run(self) -> None:
        """Stay connected until `stop`, and until what was taken in is written."""
        while not self._stopping.is_set():
            with suppress(KafkaUnreachable):
                await self._brokers.look()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), LOOK_EVERY_SECONDS)
        while self._brokers.waiting:
            await asyncio.sleep(LOOK_SOON_SECONDS)
        await self._brokers.close()

    def stop(self) -> None:
        self._stopping.set()

    def checks(self) -> Mapping[str, str | None]:
        return {"source": self._brokers.trouble}

    def show(self) -> None:
        """Nothing else of it is a gauge: what waits is answered, or refused, within seconds."""
        self._metrics.show_role(INTAKE)


def taking_events(project: Project, metrics: Metrics) -> TakingEvents:
    """Return an intake that is ready to begin. Raises Stopped, KafkaError."""
    settings = kafka_of(project)
    taking = Taking(settings, project.folder, slots_of(project, settings), most=project.settings.core.waiting)
    return TakingEvents(taking, addresses_of(project, settings), metrics)


def addresses_of(project: Project, settings: KafkaSettings) -> Addresses:
    """A record in foreign JSON goes as it is to the input of its mapping; where there is none, as the events it comes to."""
    topics = {each.mapping: each.topic for each in reversed(settings.inputs) if each.mapping is not None}
    addresses: dict[str | None, Addressing | AsTheyAre] = {}
    for name in (None, *project.mappings):
        read = project.mappings[name] if name is not None else None
        intake = Intake(project.catalogue, source=name or HTTP, mapping=read, zone=project.settings.zone)
        if name in topics:
            addresses[name] = AsTheyAre(topics[name], intake)
            continue
        try:
            addresses[name] = Addressing(settings, project.catalogue, intake, foreign=read is not None, binary=False)
        except ValueError as fault:
            raise stop(Exit.CONFIGURATION, SETTINGS, str(fault), "name one under `kafka: topics`") from None
    return addresses
