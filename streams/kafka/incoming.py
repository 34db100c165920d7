"""A record of an input in; its events out, or the dead letter that it becomes, by the same intake as everywhere else."""

from functools import partial
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from contracts.event import DeadLetter, DeadReason
from rules.catalogue import Catalogue
from streams.decode.foreign import Mapping
from streams.decode.refused import Refused
from streams.intake import Intake, Record
from streams.kafka.cloud_events import Headers, as_structured, is_binary
from streams.traceparent import Hear, Overheard, overhear

MICROSECONDS = 1_000


class Incoming(Struct, frozen=True, gc=False):
    """A record as Kafka has it. value: None where it was taken back; a header's may be None too.

    written_at: milliseconds since 1970 by the broker's clock; None where the topic has the sender's.
    """

    topic: str
    slot: int
    offset: int
    value: bytes | None
    headers: Headers = ()
    written_at: int | None = None
    key: bytes | None = None

    def arrived(self, now: int) -> int:
        """When it reached the brokers, in microseconds, where they say so."""
        return now if self.written_at is None else self.written_at * MICROSECONDS


class TopicReader:
    """Reads the records of one topic. mapping: for foreign JSON, else they are CloudEvents. zone: of days that name none.

    An event's arrival is when the broker wrote it, where the broker says so: read again, it is the same.
    hear: gets the traces that records belong to; None where nobody asks.
    """

    def __init__(
        self, topic: str, catalogue: Catalogue, *, mapping: Mapping | None, zone: ZoneInfo, hear: Hear | None = None
    ) -> None:
        make = Intake if hear is None else partial(Overheard, hear=hear)
        self._intake = make(catalogue, source=topic, mapping=mapping, zone=zone)
        self._are_foreign, self._hear = mapping is not None, hear

    def read(self, incoming: Incoming, now: int) -> Record:
        """now: microseconds since 1970. A dead letter has all that came: the value to the byte, the key and the headers."""
        arrived = incoming.arrived(now)
        value = incoming.value or b""
        if self._hear is not None:
            overhear(incoming.headers, self._hear)
        if self._are_foreign or not incoming.headers or not is_binary(incoming.headers):
            return _as_it_came(self._intake.read(value, arrived=arrived, position=incoming.offset), incoming)
        try:
            whole = as_structured(value, incoming.headers)
        except Refused as refused:
            return Record(letter=letter_of(incoming, refused.reason, refused.detail, arrived))
        return _as_it_came(self._intake.read(whole, arrived=arrived, position=incoming.offset), incoming)

    def forget(self) -> None:
        """What was read is not committed and will be read again."""
        self._intake.forget()


def _as_it_came(record: Record, incoming: Incoming) -> Record:
    if record.letter is None:
        return record
    return replace(record, letter=letter_of(incoming, record.letter.reason, record.letter.detail, record.letter.at))


def letter_of(incoming: Incoming, reason: DeadReason, detail: str, at: int) -> DeadLetter:
    """Return a record as a dead letter. It is known by its partition and offset; the offset alone is that of many."""
    place, headers = f"{incoming.topic}#{incoming.slot}", tuple((name, value) for name, value in incoming.headers)
    return DeadLetter(place, incoming.offset, incoming.value or b"", reason, detail, at, incoming.key, headers)
