"""The bytes of one foreign record in, what a mapping makes of it out: at once where all is well, else with care."""

from collections.abc import Callable
from typing import Any

import msgspec

from contracts.event import DeadReason, Event
from streams.decode.entry_code import TAKES_CARE, Maker, maker_of
from streams.decode.event import Record, Said, checked_id, digest, joined, take, time_of
from streams.decode.foreign import Made, Mapping, by_mapping
from streams.decode.introductions import Introductions
from streams.decode.limits import check_bytes, is_harmless
from streams.decode.payload import Payload
from streams.decode.refused import Refused

FOREIGN = msgspec.json.Decoder()


class Mapped:
    """Reads the records of one source. payload_of: what reads the data of an event type. source: of events that name none.

    It remembers nothing but the kinds of records it has met, and which customers it has introduced already.
    """

    def __init__(self, mapping: Mapping, payload_of: Callable[[str], Payload], *, source: str) -> None:
        self._mapping, self._payload_of, self._source = mapping, payload_of, mapping.source or source
        self._customers = Introductions(mapping, payload_of, source=self._source)
        self._met: set[str | None] = set()
        self._makers: dict[str | None, list[Maker]] = {}

    def read(self, raw: bytes, arrived: int | None) -> Record:
        """Return the events that a record makes, its customer introduced before them. Raises Refused."""
        if not is_harmless(raw):
            check_bytes(raw)
        foreign = read_json(raw)
        return self.at_once(foreign, raw, arrived) or self.with_care(foreign, raw, arrived)

    def forget(self) -> None:
        """Introduce every customer anew."""
        self._customers.forget()

    def at_once(self, foreign: Any, raw: bytes, arrived: int | None) -> Record | None:
        """Return what a record that is well comes to, of a kind met before; None where that takes more care."""
        makers = self._makers.get(self._mapping.choice.key(foreign))
        if makers is None or type(foreign) is not dict:
            return None
        events: tuple[Event, ...] = ()
        try:
            for make in makers:
                if (event := make(foreign, raw, arrived)) is not None:
                    events += (event,)
            introduction = self._customers.at_once(foreign, events[0].time) if events else None
        except TAKES_CARE:
            return None
        if introduction is not None:
            return Record(introduction.events + events, warnings=introduction.warnings)
        return Record(events) if events or self._mapping.ignores else None

    def with_care(self, foreign: Any, raw: bytes, arrived: int | None) -> Record:
        """Return the same part by part; what is wrong is found and told. Raises Refused."""
        records = [self._made(made, raw, arrived) for made in self._mapping.apply(foreign)]
        introduction = self._customers.with_care(foreign, records[0].events[0].time) if records else None
        self._meet_again(self._mapping.choice.key(foreign))
        return joined(records if introduction is None else [introduction, *records])

    def _made(self, made: Made, raw: bytes, arrived: int | None) -> Record:
        try:
            payload = self._payload_of(made.entry.type)
            data = payload.convert(made.data)
            own_id = f"{digest(raw)}-{made.entry.number}" if made.id is None else checked_id(made.id)
            time = time_of(made.time) if made.entry.time else time_of_arrival(arrived)
            return take(Said(own_id, self._source, made.subject), payload, data, time=time, arrived=arrived)
        except Refused as refused:
            raise by_mapping(made.entry, refused) from None

    def _meet_again(self, key: str | None) -> None:
        """From the second time on records of a kind are read at once."""
        if key in self._met and key not in self._makers:
            entries = self._mapping.choice.of(key)
            self._makers[key] = [maker_of(entry, self._payload_of(entry.type), self._source) for entry in entries]
        self._met.add(key)


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
