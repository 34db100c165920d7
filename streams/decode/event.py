"""The parts of an event in, the event out: its time as it is believed, its subject agreeing with its first case."""

from typing import Any

from msgspec import Struct

from contracts.event import DeadReason, Event
from contracts.ids import mark_of
from contracts.times import MINUTE
from streams.decode.limits import LONGEST_ID, has_control
from streams.decode.payload import Data, Payload
from streams.decode.refused import Refused, by_schema
from streams.decode.values import instant_of

CLAMPED_UP_TO = 5 * MINUTE


class Stated(Struct, frozen=True, gc=False):
    """What an event says of itself beside its data. time: microseconds since 1970."""

    id: str
    source: str
    time: int
    subject: Any = None


class Taken(Struct, frozen=True):
    """clamped: whether its time was set to its arrival. warning: what is wrong with it though it could be taken."""

    event: Event
    clamped: bool
    warning: str | None


def take(payload: Payload, data: Data, stated: Stated, *, arrived: int | None) -> Taken:
    """Return the event. arrived: when it reached us, None where no time is too far ahead. Raises Refused."""
    time, subject, cases = stated.time, stated.subject, payload.cases_of(data)
    if subject is not None and subject != cases[0]:
        raise Refused(DeadReason.SUBJECT, f"'{subject}' is not {cases[0]}, which the data names")
    at = time if arrived is None else believed(time, arrived)
    event = Event(stated.id, stated.source, payload.name, at, cases, data, mark_of(stated.source, stated.id))
    zone = payload.unknown_zone(data) if payload.names_zone else None
    return Taken(event, at != time, zone and f"zone: there is no zone '{zone[:100]}', so the project's is taken")


def believed(time: int, arrived: int) -> int:
    """Return the time, or the arrival for one up to 5 minutes after it. Raises Refused for one beyond that."""
    if time <= arrived:
        return time
    if time > arrived + CLAMPED_UP_TO:
        raise Refused(DeadReason.WILD_TIME, f"time: {(time - arrived) // MINUTE} minutes after it reached us")
    return arrived


def time_of(text: Any) -> int:
    """Return the microseconds of the `time` of an event. Raises Refused."""
    if text is None:
        raise Refused(DeadReason.NO_TIME, "time: missing")
    if not isinstance(text, str):
        raise by_schema(["time: expected an instant such as 2026-03-02T10:00:00Z"])
    try:
        return instant_of(text)
    except ValueError as wrong:
        raise by_schema([f"time: {wrong}"]) from None


def checked_id(value: Any) -> str:
    """Return the id that a mapping made, also of a whole number. Raises Refused."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_ID or not text.isprintable() and has_control(text):
        raise by_schema([f"id: needs 1 to {LONGEST_ID} characters, none of them a control character"])
    return text
