"""A CloudEvent in the two forms that it has on Kafka: whole as JSON in the value, or its attributes in headers beside its data.

Specification: CloudEvents 1.0.2, Kafka protocol binding. Attributes are UTF-8 there, under their name after `ce_`.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec

from contracts.event import DeadReason
from streams.decode.refused import Refused, by_schema

Headers: TypeAlias = Sequence[tuple[str, bytes | None]]

PREFIX = "ce_"
KIND = "content-type"
VERSION = "specversion"
STRUCTURED = "application/cloudevents"
AS_JSON = "application/cloudevents+json; charset=utf-8"
DATA, DATA_KIND = "data", "datacontenttype"
LONGEST_ATTRIBUTE = 4 << 10

_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_VALUE = msgspec.json.Decoder(msgspec.Raw)
_ANY = msgspec.json.Decoder()
_encode = msgspec.json.Encoder().encode


def as_binary(whole: bytes) -> tuple[bytes, Headers]:
    """Return the data of a CloudEvent in JSON, and its attributes as headers. Raises msgspec.DecodeError for what is none."""
    parts = _PARTS.decode(whole)
    data, kind = parts.pop(DATA), parts.pop(DATA_KIND, None)
    attributes = {name: _ANY.decode(value) for name, value in parts.items()}
    headers = [(f"{PREFIX}{name}", _attribute(value)) for name, value in attributes.items() if _can_stand_in_a_header(value)]
    return bytes(data), [(KIND, b"application/json" if kind is None else _attribute(_ANY.decode(kind))), *headers]


def _can_stand_in_a_header(value: Any) -> bool:
    return isinstance(value, str | int | bool)


def _attribute(value: str | int | bool) -> bytes:
    return str(value).lower().encode() if isinstance(value, bool) else str(value).encode()


def is_binary(headers: Headers) -> bool:
    """Whether a record has its attributes in headers; one without any headers is JSON in its value."""
    names = {name for name, _ in headers}
    return f"{PREFIX}{VERSION}" in names and not _kind(headers).startswith(STRUCTURED)


def _kind(headers: Headers) -> str:
    return next(((value or b"").decode("utf-8", "replace").lower() for name, value in reversed(headers) if name == KIND), "")


def as_structured(value: bytes, headers: Headers) -> bytes:
    """Return a CloudEvent in JSON from its data and its headers, the last of each name; its data to the byte as they came.

    Raises Refused for headers that are not UTF-8, and for data that is not one JSON document.
    """
    attributes: dict[str, Any] = {name.removeprefix(PREFIX): _text(name, each) for name, each in headers if _is_attribute(name)}
    if kind := _kind(headers):
        attributes[DATA_KIND] = kind
    if not value:
        return _encode(attributes)
    try:
        attributes[DATA] = _VALUE.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Refused(DeadReason.SYNTAX, f"data: {wrong}") from None
    return _encode(attributes)


def _is_attribute(name: str) -> bool:
    return name.startswith(PREFIX) and name.removeprefix(PREFIX) not in (DATA, DATA_KIND)


def _text(name: str, given: bytes | None) -> str:
    value = given or b""
    if len(value) > LONGEST_ATTRIBUTE:
        raise by_schema([f"{name}: the header has more than {LONGEST_ATTRIBUTE} bytes"])
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise by_schema([f"{name}: the header is not UTF-8"]) from None
