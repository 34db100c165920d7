"""A CloudEvent that is well, read at once: bytes in, its attributes and its data out, each of the type that it must have.

Most events are well. What cannot be read like this is opened by streams/decode/envelope.py, which says what is wrong with it.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, Union, cast
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from contracts.event import Event
from contracts.ids import mark_of
from contracts.values import FieldType
from streams.decode.event import Record, take
from streams.decode.fields import Reader, fields_of
from streams.decode.instants import Moment, instant_at
from streams.decode.limits import LONGEST_ID, LONGEST_SOURCE, LONGEST_SUBJECT, has_control
from streams.decode.payload import Data, Payload

Never: TypeAlias = Annotated[int, Meta(ge=1, le=0)]
Json: TypeAlias = Literal["application/json", "application/json; charset=utf-8", "application/json;charset=utf-8"]


class Whole(Struct, gc=False, kw_only=True, tag_field="type"):
    """A CloudEvent of one type. data: before its values have the types of the catalogue.

    payload: of that type. record: what it comes to, given when it reached us. It raises ValueError for what takes more care,
    and Refused.
    """

    payload: ClassVar[Payload]
    record: ClassVar[Callable[[Any, int | None], Record]]
    specversion: Literal["1.0"]
    id: Annotated[str, Meta(min_length=1, max_length=LONGEST_ID)]
    source: Annotated[str, Meta(min_length=1, max_length=LONGEST_SOURCE)]
    time: Moment
    subject: Annotated[str, Meta(max_length=LONGEST_SUBJECT)] | None = None
    data: Data
    datacontenttype: Json | None = None
    data_base64: Never = 0

    def is_clean(self) -> bool:
        """Whether no control character stands where none may stand."""
        return not any(map(has_control, (self.id, self.source, self.subject or ""))) and self.payload.is_clean(self.data)


def whole_of(payload: Payload) -> type[Whole]:
    """Return the form of the events of this type."""
    instants = [name for name, field in payload.event_type.fields.items() if field.type is FieldType.INSTANT]
    data = fields_of(payload.event_type, payload.plain | dict.fromkeys(instants, Moment))
    readers = [(name, _of_moment if name in instants else reader) for name, reader in payload.readers]
    own = {"payload": payload, "record": _recording(payload, readers)}
    form = msgspec.defstruct("Whole", [("data", data)], bases=(Whole,), namespace=own, tag=payload.name, gc=False, kw_only=True)
    return cast(type[Whole], form)


def _of_moment(moment: datetime, zone: ZoneInfo) -> int:
    return instant_at(moment)


def _recording(payload: Payload, readers: Sequence[tuple[str, Reader]]) -> Callable[[Whole, int | None], Record]:
    """Return `record` of events of a type: those of most types concern one case, and name no zone of their own."""
    name, kind = payload.name, payload.only_kind
    field = payload.only_field if payload.zone_field is None else None

    def record(whole: Whole, arrived: int | None) -> Record:
        data, time = whole.data, instant_at(whole.time)
        if readers:
            payload.give_types(data, readers)
        if field is None or (arrived is not None and time > arrived):
            return take(whole, payload, data, time=time, arrived=arrived)
        case = f"{kind}{data[field]}"
        if whole.subject is not None and whole.subject != case:
            raise ValueError
        return Record((Event(whole.id, whole.source, name, time, (case,), data, mark_of(whole.source, whole.id)),))

    return record


def reader_of(forms: Collection[type[Whole]]) -> Callable[[bytes], Whole]:
    """Return what reads an event of any of these types. It raises DecodeError, and ValueError for what is not UTF-8."""
    choice: Any = Union[tuple(forms)] if forms else Never  # noqa: UP007
    return msgspec.json.Decoder(choice).decode
