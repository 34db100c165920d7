"""The bytes of one record in; its events out, or the dead letter that it becomes. No bytes whatever raise."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from contracts.event import DeadLetter, DeadReason, Event
from contracts.values import FieldType
from rules.catalogue import Catalogue, EventType, Field
from streams.decode.batches import read_batch
from streams.decode.envelope import open_envelope
from streams.decode.event import Stated, Taken, checked_id, take, time_of
from streams.decode.foreign import Entry, Made, Mapping
from streams.decode.limits import LONGEST_ID, check_bytes
from streams.decode.payload import Payload
from streams.decode.refused import Refused

__all__ = ["Intake", "Record", "read_batch"]

MOST_INTRODUCED = 100_000
COMPLETE = EventType("source.complete", (), None, {"until": Field(FieldType.INSTANT, optional=False, example=None)})


class Record(Struct, frozen=True):
    """What one record came to: events, in order; or a dead letter; or neither, when a mapping ignores it.

    until: how far its sender is, by source.complete. clamped: events whose time was set to their arrival.
    warnings: what is wrong with it though it could be taken.
    """

    events: tuple[Event, ...] = ()
    letter: DeadLetter | None = None
    until: int | None = None
    clamped: int = 0
    warnings: tuple[str, ...] = ()


class Intake:
    """Reads the records of one source: CloudEvents, or foreign JSON by a mapping. zone: of days whose event names none.

    It remembers nothing but which customers a mapping has introduced already.
    """

    def __init__(self, catalogue: Catalogue, *, source: str, mapping: Mapping | None = None, zone: ZoneInfo) -> None:
        self._catalogue, self._zone = catalogue, zone
        self._source, self._mapping = source, mapping
        self._payloads: dict[str, Payload] = {}
        self._complete = Payload(COMPLETE, zone)
        self._introduced: set[str] = set()

    def read(self, raw: bytes, *, arrived: int | None, position: int) -> Record:
        """arrived: when it reached us; None in a replay or a test, where no time is too far ahead. position: in its source."""
        try:
            check_bytes(raw)
            return self._cloud_event(raw, arrived) if self._mapping is None else self._foreign(raw, self._mapping, arrived)
        except Refused as refused:
            return Record(letter=DeadLetter(self._source, position, raw, refused.reason, refused.detail, arrived or 0))

    def forget(self) -> None:
        """What was read is not committed and will be read again: introduce every customer anew."""
        self._introduced.clear()

    def _cloud_event(self, raw: bytes, arrived: int | None) -> Record:
        envelope = open_envelope(raw)
        if envelope.type == COMPLETE.name:
            return Record(until=self._complete.decode(envelope.data)["until"])
        payload = self._payload(envelope.type)
        data = payload.decode(envelope.data)
        stated = Stated(envelope.id, envelope.source, time_of(envelope.time), envelope.subject)
        return record_of([take(payload, data, stated, arrived=arrived)])

    def _payload(self, event_type: str) -> Payload:
        payload = self._payloads.get(event_type)
        if payload is None:
            if event_type not in self._catalogue:
                raise Refused(DeadReason.UNKNOWN_TYPE, f"there is no event type `{event_type[:LONGEST_ID]}`")
            payload = self._payloads[event_type] = Payload(self._catalogue[event_type], self._zone)
        return payload

    def _foreign(self, raw: bytes, mapping: Mapping, arrived: int | None) -> Record:
        foreign = read_json(raw)
        source = mapping.source or self._source
        taken = [self._made(made, raw, source, arrived) for made in mapping.apply(foreign)]
        if taken and mapping.customer is not None and self._is_new(mapping.who(foreign)):
            taken.insert(0, self._introduce(mapping.customer, foreign, source, taken[0].event.time))
        return record_of(taken)

    def _is_new(self, customer: Any) -> bool:
        return customer is not None and not (isinstance(customer, str) and customer in self._introduced)

    def _made(self, made: Made, raw: bytes, source: str, arrived: int | None) -> Taken:
        try:
            payload = self._payload(made.entry.type)
            data = payload.convert(made.data)
            own_id = f"{digest(raw)}-{made.entry.number}" if made.id is None else checked_id(made.id)
            time = time_of(made.time) if made.entry.time else time_of_arrival(arrived)
            return take(payload, data, Stated(own_id, source, time, made.subject), arrived=arrived)
        except Refused as refused:
            raise by_mapping(made.entry, refused) from None

    def _introduce(self, entry: Entry, foreign: Any, source: str, time: int) -> Taken:
        """Return the customer.updated of a customer not seen before. Its id is computed, so the same comes again harmlessly."""
        try:
            payload, made = self._payload(entry.type), entry.make(foreign)
            data = payload.convert(made.data if made else {})
        except Refused as refused:
            raise by_mapping(entry, refused) from None
        if len(self._introduced) >= MOST_INTRODUCED:
            self._introduced.clear()
        self._introduced.add(data["customer_id"])
        own_id = f"customer-{digest(msgspec.json.encode(data, order='sorted'))}"
        return take(payload, data, Stated(own_id, source, time), arrived=None)


def record_of(taken: Sequence[Taken]) -> Record:
    if len(taken) == 1:
        one = taken[0]
        return Record((one.event,), None, None, int(one.clamped), (one.warning,) if one.warning else ())
    return Record(
        events=tuple([each.event for each in taken]),
        clamped=sum([each.clamped for each in taken]),
        warnings=tuple([each.warning for each in taken if each.warning]),
    )


def digest(raw: bytes) -> str:
    return blake2b(raw, digest_size=16).hexdigest()


def read_json(raw: bytes) -> Any:
    """Return any JSON value. Raises Refused."""
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError as wrong:
        raise Refused(DeadReason.SYNTAX, str(wrong)) from None


def time_of_arrival(arrived: int | None) -> int:
    if arrived is None:
        raise Refused(DeadReason.NO_TIME, "time: the mapping takes the arrival, which a replay does not know")
    return arrived


def by_mapping(entry: Entry, refused: Refused) -> Refused:
    """Return the refusal of what an entry made; what is wrong with its data is the mapping's fault."""
    reason = DeadReason.MAPPING if refused.reason is DeadReason.SCHEMA else refused.reason
    return refused if refused.reason is DeadReason.MAPPING else Refused(reason, f"{entry}, {refused.detail}")
