"""Records of a file in; what is written to Kafka for each: topic, key, value and headers, or why nothing is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import msgspec

from contracts.customer import UPDATED
from contracts.event import Event
from contracts.times import instant_text
from contracts.values import spell
from rules.catalogue import Catalogue
from streams.intake import Intake, Record
from streams.kafka.cloud_events import AS_JSON, KIND, Headers, as_binary
from streams.kafka.settings import KafkaSettings
from streams.traceparent import NAME, says_one

LARGEST = 1_000_000
READ, WRITTEN = "read", "written"

_encode = msgspec.json.Encoder().encode


class Fate(StrEnum):
    """What becomes of a record. unreadable: written as it is, to be a dead letter; ignored: no event was made of it."""

    SENT = "sent"
    UNREADABLE = "unreadable"
    IGNORED = "ignored"
    NO_TOPIC = "no_topic"
    TOO_LARGE = "too_large"


class Addressed(NamedTuple):
    """key: the first case; None for what is no event. time: of the event, microseconds since 1970; None where it has none."""

    topic: str
    key: str | None
    value: bytes
    headers: Headers
    time: int | None

    def within(self, traceparent: str | None) -> "Addressed":
        """Return it as part of a trace, unless it says one of its own."""
        if traceparent is None or says_one(self.value):
            return self
        return self._replace(headers=(*self.headers, (NAME, traceparent.encode())))


@dataclass(frozen=True)
class Sending:
    """What one record came to."""

    fate: Fate
    written: Sequence[Addressed] = ()


class Addressing:
    """binary: attributes in headers, else all of an event in the value. foreign: whether records are read by a mapping.

    Raises ValueError where no input takes CloudEvents.
    """

    def __init__(self, settings: KafkaSettings, catalogue: Catalogue, intake: Intake, *, foreign: bool, binary: bool) -> None:
        self._catalogue, self._intake, self._foreign, self._binary = catalogue, intake, foreign, binary
        self._inputs = tuple(each for each in settings.inputs if each.mapping is None)
        if not self._inputs:
            raise ValueError("every input is read by a mapping, none takes CloudEvents")
        self._topics: dict[str, str | None] = {}

    def address(self, raw: bytes, position: int) -> Sending:
        if len(raw) > LARGEST:
            return Sending(Fate.TOO_LARGE)
        record = self._intake.read(raw, arrived=None, position=position)
        if record.letter is not None:
            return Sending(Fate.UNREADABLE, (Addressed(self._inputs[0].topic, None, raw, (), None),))
        if not record.events:
            return Sending(Fate.IGNORED)
        written = tuple(self._written(raw, record))
        return Sending(Fate.SENT, written) if len(written) == len(record.events) else Sending(Fate.NO_TOPIC)

    def _written(self, raw: bytes, record: Record) -> Iterator[Addressed]:
        for event in record.events:
            topic = self.topic_of(event.type)
            if topic is not None:
                whole = whole_of(event, self._catalogue) if self._foreign else raw
                value, headers = as_binary(whole) if self._binary else (whole, [(KIND, AS_JSON.encode())])
                yield Addressed(topic, event.cases[0], value, headers, event.time)

    def topic_of(self, event_type: str) -> str | None:
        """Return the first input that carries events of this type, None where none does."""
        if event_type not in self._topics:
            self._topics[event_type] = next((each.topic for each in self._inputs if each.may_carry(event_type)), None)
        return self._topics[event_type]


class AsTheyAre:
    """Foreign records for an input that is read by the same mapping: not changed, under the first case of what they tell.

    intake: reads them by that mapping, only to find the case.
    """

    def __init__(self, topic: str, intake: Intake) -> None:
        self._topic, self._intake = topic, intake

    def address(self, raw: bytes, position: int) -> Sending:
        if len(raw) > LARGEST:
            return Sending(Fate.TOO_LARGE)
        record = self._intake.read(raw, arrived=None, position=position)
        told = [event for event in record.events if event.type != UPDATED] or record.events
        key = told[0].cases[0] if told else None
        fate = Fate.SENT if told else Fate.IGNORED if record.letter is None else Fate.UNREADABLE
        return Sending(fate, () if fate is Fate.IGNORED else (Addressed(self._topic, key, raw, (), None),))


def whole_of(event: Event, catalogue: Catalogue) -> bytes:
    """Return an event as a CloudEvent in JSON; read again, it is the same."""
    fields = catalogue[event.type].fields
    return _encode(
        {
            "specversion": "1.0",
            "id": event.id,
            "source": event.source,
            "type": event.type,
            "time": instant_text(event.time),
            "subject": event.cases[0],
            "data": {name: spell(fields[name].type, value) for name, value in event.data.items()},
        }
    )
