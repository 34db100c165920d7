"""The bytes of one record in; its events out, or the dead letter that it becomes. No bytes whatever raise."""

from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from contracts.event import DeadLetter, DeadReason
from contracts.values import FieldType
from rules.catalogue import Catalogue, EventType, Field
from streams.decode.batches import read_batch
from streams.decode.envelope import open_envelope
from streams.decode.event import Record, checked_id, joined, take, time_of
from streams.decode.foreign import Entry, Made, Mapping
from streams.decode.limits import LONGEST_ID, check_bytes, is_harmless
from streams.decode.payload import Payload
from streams.decode.refused import Refused
from streams.decode.whole import Whole, reader_of, whole_of

__all__ = ["Intake", "Record", "read_batch"]

MOST_INTRODUCED = 100_000
COMPLETE = EventType("source.complete", (), None, {"until": Field(FieldType.INSTANT, optional=False, example=None)})
FOREIGN = msgspec.json.Decoder()


class Said(Struct, gc=False):
    """What a mapping says of an event beside its time and its data."""

    id: str
    source: str
    subject: Any = None


class Intake:
    """Reads the records of one source: CloudEvents, or foreign JSON by a mapping. zone: of days whose event names none.

    It remembers nothing but the event types it has met, and which customers a mapping has introduced already.
    """

    def __init__(self, catalogue: Catalogue, *, source: str, mapping: Mapping | None = None, zone: ZoneInfo) -> None:
        self._catalogue, self._zone = catalogue, zone
        self._source, self._mapping = source, mapping
        self._payloads: dict[str, Payload] = {}
        self._forms: dict[str, type[Whole]] = {}
        self._complete = Payload(COMPLETE, zone)
        self._reader: msgspec.json.Decoder[Whole] | None = None
        self._introduced: set[str] = set()

    def read(self, raw: bytes, *, arrived: int | None, position: int) -> Record:
        """arrived: when it reached us; None in a replay or a test, where no time is too far ahead. position: in its source."""
        try:
            if self._mapping is not None:
                return self._foreign(raw, self._mapping, arrived)
            return self._at_once(raw, arrived) or self._with_care(raw, arrived)
        except Refused as refused:
            return Record(letter=DeadLetter(self._source, position, raw, refused.reason, refused.detail, arrived or 0))

    def forget(self) -> None:
        """What was read is not committed and will be read again: introduce every customer anew."""
        self._introduced.clear()

    def _at_once(self, raw: bytes, arrived: int | None) -> Record | None:
        """Return what a CloudEvent of a type met before comes to, None where that takes more care."""
        if self._reader is None:
            return None
        harmless = is_harmless(raw)
        if not harmless:
            check_bytes(raw)
        try:
            whole = self._reader.decode(raw)
            return whole.record(arrived) if harmless or whole.is_clean() else None
        except (msgspec.DecodeError, ValueError):
            return None

    def _with_care(self, raw: bytes, arrived: int | None) -> Record:
        """Return the same part by part; what is wrong is found and told."""
        check_bytes(raw)
        envelope = open_envelope(raw)
        if envelope.type == COMPLETE.name:
            return Record(until=self._complete.decode(envelope.data)["until"])
        self._meet_again(envelope.type)
        payload = self._payload(envelope.type)
        data = payload.decode(envelope.data)
        return take(envelope, payload, data, time=time_of(envelope.time), arrived=arrived)

    def _payload(self, event_type: str) -> Payload:
        payload = self._payloads.get(event_type)
        if payload is None:
            if event_type not in self._catalogue:
                raise Refused(DeadReason.UNKNOWN_TYPE, f"there is no event type `{event_type[:LONGEST_ID]}`")
            payload = self._payloads[event_type] = Payload(self._catalogue[event_type], self._zone)
        return payload

    def _meet_again(self, event_type: str) -> None:
        """From the second time on events of a type are read at once."""
        if event_type in self._payloads and event_type not in self._forms:
            self._forms[event_type] = whole_of(self._payloads[event_type])
            self._reader = reader_of(self._forms.values())

    def _foreign(self, raw: bytes, mapping: Mapping, arrived: int | None) -> Record:
        if not is_harmless(raw):
            check_bytes(raw)
        foreign = read_json(raw)
        source = mapping.source or self._source
        records = [self._made(made, raw, source, arrived) for made in mapping.apply(foreign)]
        if records and mapping.customer is not None and self._is_new(mapping.who(foreign)):
            records.insert(0, self._introduce(mapping.customer, foreign, source, records[0].events[0].time))
        return joined(records)

    def _is_new(self, customer: Any) -> bool:
        return customer is not None and not (isinstance(customer, str) and customer in self._introduced)

    def _made(self, made: Made, raw: bytes, source: str, arrived: int | None) -> Record:
        try:
            payload = self._payload(made.entry.type)
            data = payload.convert(made.data)
            own_id = f"{digest(raw)}-{made.entry.number}" if made.id is None else checked_id(made.id)
            time = time_of(made.time) if made.entry.time else time_of_arrival(arrived)
            return take(Said(own_id, source, made.subject), payload, data, time=time, arrived=arrived)
        except Refused as refused:
            raise by_mapping(made.entry, refused) from None

    def _introduce(self, entry: Entry, foreign: Any, source: str, time: int) -> Record:
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
        return take(Said(own_id, source), payload, data, time=time, arrived=None)


def digest(raw: bytes) -> str:
    return blake2b(raw, digest_size=16).hexdigest()


def read_json(raw: bytes) -> Any:
    """Return any JSON value. Raises Refused."""
    try:
        return FOREIGN.decode(raw)
    except msgspec.DecodeError as wrong:
        check_bytes(raw)  # of bytes that are nested too deep it is said, whatever else is wrong with them
        raise Refused(DeadReason.SYNTAX, str(wrong)) from None


def time_of_arrival(arrived: int | None) -> int:
    if arrived is None:
        raise Refused(DeadReason.NO_TIME, "time: the mapping takes the arrival, which a replay does not know")
    return arrived


def by_mapping(entry: Entry, refused: Refused) -> Refused:
    """Return the refusal of what an entry made; what is wrong with its data is the mapping's fault."""
    reason = DeadReason.MAPPING if refused.reason is DeadReason.SCHEMA else refused.reason
    return refused if refused.reason is DeadReason.MAPPING else Refused(reason, f"{entry}, {refused.detail}")
