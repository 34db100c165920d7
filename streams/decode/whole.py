"""A CloudEvent that is well, read at once: bytes in, its attributes and its data out, each of the type that it must have.

Most events are well. What cannot be read like this is opened by streams/decode/envelope.py, which says what is wrong with it.
"""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, Union, cast

import msgspec
from msgspec import Meta, Struct

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
        """Return what it comes to. Raises ValueError for values that are not of their fields' types, and Refused."""
        payload, data = self.payload, self.data
        if payload.readers:
            payload.give_types(data)
        return take(self, payload, data, time=instant_of(self.time), arrived=arrived)


def whole_of(payload: Payload) -> type[Whole]:
    """Return the form of the events of this type."""
    data, own = [("data", payload.fields)], {"payload": payload}
    form = msgspec.defstruct("Whole", data, bases=(Whole,), namespace=own, tag=payload.name, gc=False, kw_only=True)
    return cast(type[Whole], form)


def reader_of(forms: Iterable[type[Whole]]) -> msgspec.json.Decoder[Whole]:
    """Return what reads an event of any of these types. It raises DecodeError, and ValueError for what is not UTF-8."""
    choice: Any = Union[tuple(forms)]  # noqa: UP007
    return msgspec.json.Decoder(choice)
