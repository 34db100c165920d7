"""The bytes of records in; their events out, or the dead letters that they become. No bytes whatever raise."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec

from contracts.event import DeadLetter, DeadReason
from contracts.values import FieldType
from rules.catalogue import Catalogue, EventType, Field
from streams.decode.batches import read_batch
from streams.decode.envelope import open_envelope
from streams.decode.event import Record, take, time_of
from streams.decode.foreign import Mapping
from streams.decode.limits import LONGEST_ID, are_harmless, check_bytes, is_harmless
from streams.decode.mapped import Mapped
from streams.decode.payload import Payload
from streams.decode.refused import Refused
from streams.decode.whole import Whole, reader_of, whole_of

__all__ = ["Intake", "Record", "read_batch"]

AT_ONCE = 100
COMPLETE = EventType("source.complete", (), None, {"until": Field(FieldType.INSTANT, optional=False, example=None)})


class Intake:
    """Reads the records of one source: CloudEvents, or foreign JSON by a mapping. zone: of days whose event names none.

    It remembers nothing but the event types it has met, and which customers a mapping has introduced already.
    """

    def __init__(self, catalogue: Catalogue, *, source: str, mapping: Mapping | None = None, zone: ZoneInfo) -> None:
        self._catalogue, self._zone, self._source = catalogue, zone, source
        self._mapped = Mapped(mapping, self._payload, source=source) if mapping is not None else None
        self._payloads: dict[str, Payload] = {}
        self._forms: dict[str, type[Whole]] = {}
        self._complete = Payload(COMPLETE, zone)
        self._decode = reader_of([])

    def read(self, raw: bytes, *, arrived: int | None, position: int) -> Record:
        """arrived: when it reached us; None in a replay or a test, where no time is too far ahead. position: in its source."""
        return self._read(raw, arrived, position)

    def read_all(self, raws: Sequence[bytes], *, arrived: int | None, first: int) -> list[Record]:
        """Read records that came together. first: the position of the first of them."""
        records: list[Record] = []
        for start in range(0, len(raws), AT_ONCE):
            self._read_some(raws[start : start + AT_ONCE], arrived, first + start, records)
        return records

    def _read_some(self, raws: Sequence[bytes], arrived: int | None, first: int, records: list[Record]) -> None:
        """Where all are plain, none of them is looked at by itself before it is decoded."""
        if self._mapped is not None or not are_harmless(raws):
            records += [self._read(raw, arrived, position) for position, raw in enumerate(raws, first)]
            return
        for position, raw in enumerate(raws, first):
            try:
                records.append(self._decode(raw).record(arrived))
            except (msgspec.DecodeError, ValueError, Refused):
                records.append(self._read(raw, arrived, position))

    def _read(self, raw: bytes, arrived: int | None, position: int) -> Record:
        try:
            return self._at_once(raw, arrived) if self._mapped is None else self._mapped.read(raw, arrived)
        except Refused as refused:
            return Record(letter=DeadLetter(self._source, position, raw, refused.reason, refused.detail, arrived or 0))

    def forget(self) -> None:
        """What was read is not committed and will be read again: introduce every customer anew."""
        if self._mapped is not None:
            self._mapped.forget()

    def _at_once(self, raw: bytes, arrived: int | None) -> Record:
        """Return what a CloudEvent comes to; one of a type met before is read at once, unless that takes more care."""
        harmless = is_harmless(raw)
        if not harmless:
            check_bytes(raw)
        try:
            whole = self._decode(raw)
            if harmless or whole.is_clean():
                return whole.record(arrived)
        except (msgspec.DecodeError, ValueError):
            pass
        return self._with_care(raw, arrived)

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
            self._decode = reader_of(self._forms.values())
