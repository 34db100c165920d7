"""A CloudEvent that is well, read at once: bytes in, its attributes and its data out, each of the type that it must have.

Most events are well. What cannot be read like this is opened by streams/decode/envelope.py, which says what is wrong with it.
"""

from collections.abc import Callable, Collection
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, Union, cast

import msgspec
from msgspec import Meta, Struct

from contracts.event import Event
from contracts.ids import mark_of
from streams.decode.event import Record, take
from streams.decode.instants import instant_of
from streams.decode.limits import LONGEST_ID, LONGEST_SOURCE, LONGEST_SUBJECT, has_control
from streams.decode.payload import Data, Payload

Never: TypeAlias = Annotated[int, Meta(ge=1, le=0)]
Json: TypeAlias = Literal["application/json", "application/json; charset=utf-8", "application/json;charset=utf-8"]


class Whole(Struct, gc=False, kw_only=True, tag_field="type"):
    """A CloudEvent of one type. payload: of that type; data: before its values have the types of the catalogue."""

    payload: ClassVar[Payload]
    specversion: Literal["1.0"]
    id: Annotated[str, Meta(min_length=1, max_length=LONGEST_ID)]
    source: Annotated[str, Meta(min_length=1, max_length=LONGEST_SOURCE)]
    time: str
    subject: Annotated[str, Meta(max_length=LONGEST_SUBJECT)] | None = None
    data: Data
    datacontenttype: Json | None = None
    data_base64: Never = 0

    def is_clean(self) -> bool:
        """Whether no control character stands where none may stand."""
        return not any(map(has_control, (self.id, self.source, self.subject or ""))) and self.payload.is_clean(self.data)

    def record(self, arrived: int | None) -> Record:
        """Return what it comes to. Raises ValueError for what takes more care, and Refused."""
        payload, data = self.payload, self.data
        if payload.readers:
            payload.give_types(data)
        time = instant_of(self.time)
        if payload.only_field is None or payload.zone_field is not None or (arrived is not None and time > arrived):
            return take(self, payload, data, time=time, arrived=arrived)
        case = f"{payload.only_kind}{data[payload.only_field]}"
        if self.subject is not None and self.subject != case:
            raise ValueError
        return Record((Event(self.id, self.source, payload.name, time, (case,), data, mark_of(self.source, self.id)),))


def whole_of(payload: Payload) -> type[Whole]:
    """Return the form of the events of this type."""
    data, own = [("data", payload.fields)], {"payload": payload}
    form = msgspec.defstruct("Whole", data, bases=(Whole,), namespace=own, tag=payload.name, gc=False, kw_only=True)
    return cast(type[Whole], form)


def reader_of(forms: Collection[type[Whole]]) -> Callable[[bytes], Whole]:
    """Return what reads an event of any of these types. It raises DecodeError, and ValueError for what is not UTF-8."""
    choice: Any = Union[tuple(forms)] if forms else Never  # noqa: UP007
    return msgspec.json.Decoder(choice).decode
