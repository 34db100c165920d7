"""The parts of an event in, the event out: its time as it is believed, its subject agreeing with its first case."""

from hashlib import blake2b
from typing import Any, Protocol

from msgspec import Struct

from contracts.event import DeadLetter, DeadReason, Event
from contracts.ids import mark_of
from contracts.times import MINUTE
from streams.decode.instants import instant_of
from streams.decode.limits import LONGEST_ID, has_control
from streams.decode.payload import Data, Payload
from streams.decode.refused import Refused, by_schema

CLAMPED_UP_TO = 5 * MINUTE


class Record(Struct, frozen=True, gc=False):
    """What one record came to: events, in order; or a dead letter; or neither, when a mapping ignores it.

    until: how far its sender is, by source.complete. clamped: events whose time was set to their arrival.
    warnings: what is wrong with it though it could be taken.
    """

    events: tuple[Event, ...] = ()
    letter: DeadLetter | None = None
    until: int | None = None
    clamped: int = 0
    warnings: tuple[str, ...] = ()


class Stated(Protocol):
    """What an event says of itself beside its time and its data."""

    id: str
    source: str
    subject: Any


class Said(Struct, gc=False):
    """The same, of an event that a mapping makes."""

    id: str
    source: str
    subject: Any = None


def take(stated: Stated, payload: Payload, data: Data, *, time: int, arrived: int | None) -> Record:
    """Return the record of one event. arrived: when it reached us, None where no time is too far ahead. Raises Refused."""
    subject, cases = stated.subject, payload.cases_of(data)
    if subject is not None and subject != cases[0]:
        raise Refused(DeadReason.SUBJECT, f"'{subject}' is not {cases[0]}, which the data names")
    at = time if arrived is None or time <= arrived else clamped(time, arrived)
    event = Event(stated.id, stated.source, payload.name, at, cases, data, mark_of(stated.source, stated.id))
    if at == time and payload.zone_field is None:
        return Record((event,))
    return Record((event,), clamped=int(at != time), warnings=payload.warnings(data))


def joined(records: list[Record]) -> Record:
    """Return what a record came to whose parts came to these."""
    if len(records) == 1:
        return records[0]
    return Record(
        events=tuple([event for record in records for event in record.events]),
        clamped=sum([record.clamped for record in records]),
        warnings=tuple([warning for record in records for warning in record.warnings]),
    )


def clamped(time: int, arrived: int) -> int:
    """Return the arrival, for a time up to 5 minutes after it. Raises Refused for one beyond that."""
    if time > arrived + CLAMPED_UP_TO:
        raise Refused(DeadReason.WILD_TIME, f"time: {(time - arrived) // MINUTE} minutes after it reached us")
    return arrived


def time_of(text: Any) -> int:
    """Return the microseconds of the `time` of an event. Raises Refused."""
    if isinstance(text, str):
        try:
            return instant_of(text)
        except ValueError as wrong:
            raise by_schema([f"time: {wrong}"]) from None
    if text is None:
        raise Refused(DeadReason.NO_TIME, "time: missing")
    raise by_schema(["time: expected an instant such as 2026-03-02T10:00:00Z"])


def checked_id(value: Any) -> str:
    """Return the id that a mapping made, also of a whole number. Raises Refused."""
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_ID or (not text.isprintable() and has_control(text)):
        raise by_schema([f"id: needs 1 to {LONGEST_ID} characters, none of them a control character"])
    return text


def digest(raw: bytes) -> str:
    """Return what stands for bytes in an id."""
    return blake2b(raw, digest_size=16).hexdigest()
