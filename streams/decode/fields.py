"""A field of the catalogue in, what msgspec is to expect of it and how its value is read out."""

from collections.abc import Callable, Mapping
from typing import Any, NotRequired, TypeAlias, TypedDict
from zoneinfo import ZoneInfo

from contracts.customer import UPDATED
from contracts.values import FieldType
from rules.catalogue import EventType
from streams.decode.values import PLAIN, READERS, Identifier

CUSTOMER = "customer_id"
PROFILE_LISTS = ("channels", "objects_to", "agrees_to")

Reader: TypeAlias = Callable[[Any, ZoneInfo], Any]


def fields_of(event_type: EventType, plain: Mapping[str, Any]) -> Any:
    """Return the type of a dictionary of the fields; an optional one may be absent or null."""
    fields = event_type.fields.items()
    return TypedDict(  # type: ignore[operator]
        "Data", {name: NotRequired[plain[name] | None] if field.optional else plain[name] for name, field in fields}
    )


def plain_type(event_type: EventType, name: str) -> Any:
    """Return what msgspec is to expect of a field. The lists of a profile may be JSON lists or one text."""
    if event_type.name == UPDATED and name in PROFILE_LISTS:
        return str | list[str]
    return Identifier if is_identifier(event_type, name) else PLAIN[event_type.fields[name].type]


def reader_of(event_type: EventType, name: str) -> Reader | None:
    if event_type.name == UPDATED and name in PROFILE_LISTS:
        return lambda words, _: words if isinstance(words, str) else ", ".join(words)
    return READERS.get(event_type.fields[name].type)


def is_identifier(event_type: EventType, name: str) -> bool:
    """Whether the field holds the id of a case or of the customer, as a text."""
    named = name == CUSTOMER or any(name == field for _, field in event_type.cases)
    return named and event_type.fields[name].type is FieldType.TEXT
