"""The data of one event type: JSON in, its fields with their types and the cases it concerns out.

msgspec reads all fields at once, by a type made from the catalogue. Only data that it refuses is looked at field by field, to
say everything that is wrong with it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NotRequired, TypeAlias, TypedDict
from zoneinfo import ZoneInfo

import msgspec

from contracts.times import find_zone
from contracts.values import FieldType
from rules.catalogue import EventType, Field
from streams.decode.limits import has_control
from streams.decode.refused import by_schema
from streams.decode.values import PLAIN, READERS, Identifier

CUSTOMER = "customer_id"
PROFILE_TYPE = "customer.updated"
PROFILE_LISTS = ("channels", "objects_to", "agrees_to")

Data: TypeAlias = dict[str, Any]
Reader: TypeAlias = Callable[[Any, ZoneInfo], Any]

TYPE_NAMES = {"str": "text", "int": "integer", "float": "decimal", "array": "list", "Amount": "money"}


class Payload:
    """Reads the data of one event type. zone: of a day whose event names none, or one that does not exist."""

    def __init__(self, event_type: EventType, zone: ZoneInfo) -> None:
        self.event_type, self.name, self._zone = event_type, event_type.name, zone
        self._plain = {name: plain_type(event_type, name) for name in event_type.fields}
        self._identifiers = tuple(name for name in event_type.fields if is_identifier(event_type, name))
        self._readers = tuple((name, reader) for name in event_type.fields if (reader := reader_of(event_type, name)))
        self._cases = tuple((f"{kind}/", field) for kind, field in event_type.cases)
        self._only_case = self._cases[0] if len(self._cases) == 1 else None
        has_days = any(field.type is FieldType.DATE for field in event_type.fields.values())
        self._zone_field = event_type.zone_field if has_days else None
        self.names_zone = self._zone_field is not None
        fields = fields_of(event_type, self._plain)
        self._decoder = msgspec.json.Decoder(fields)
        self._box = msgspec.defstruct("Box", [("data", fields)])  # msgspec keeps what it knows of a type for structs only

    def decode(self, raw: msgspec.Raw) -> Data:
        """Return the fields that the JSON object carries, a null as None. Raises Refused."""
        try:
            return self._typed(self._decoder.decode(raw))
        except (msgspec.DecodeError, ValueError):
            raise by_schema(self._explain(plainly(raw))) from None

    def convert(self, values: Mapping[str, Any]) -> Data:
        """Return the same for values that a mapping made, where None is what the record does not have. Raises Refused."""
        try:
            data = self._typed(msgspec.convert({"data": values}, self._box).data)  # type: ignore[attr-defined]
        except (msgspec.DecodeError, ValueError):
            raise by_schema(self._explain(known(values))) from None
        return known(data) if None in data.values() else data

    def _typed(self, data: Data) -> Data:
        for name in self._identifiers:
            if (text := data.get(name)) is not None and not text.isprintable():
                check_identifier(text)
        if self._readers:
            zone = self._zone if self._zone_field is None else self.zone_of(data)
            for name, reader in self._readers:
                if (value := data.get(name)) is not None:
                    data[name] = reader(value, zone)
        return data

    def zone_of(self, data: Mapping[str, Any]) -> ZoneInfo:
        return find_zone(data.get(self._zone_field or "") or "") or self._zone

    def unknown_zone(self, data: Data) -> str | None:
        """Return the zone that the event names for its days where there is no such zone."""
        name = data.get(self._zone_field) if self._zone_field else None
        return name if name and find_zone(name) is None else None

    def cases_of(self, data: Data) -> tuple[str, ...]:
        """Return the cases as KIND/ID, the subject's first. Raises Refused when there is none."""
        if self._only_case is not None and (value := data.get(self._only_case[1])) is not None:
            return (f"{self._only_case[0]}{value}",)
        cases = tuple([f"{kind}{value}" for kind, field in self._cases if (value := data.get(field)) is not None])
        if not cases:
            raise by_schema([f"{' and '.join(field for _, field in self._cases)}: missing, so no case is concerned"])
        return cases

    def _explain(self, values: Any) -> list[str]:
        """Return what is wrong with each field, in the order of the catalogue."""
        if not isinstance(values, Mapping):
            return [f"data: expected an object, got {kind_of(values)}"]
        zone = self.zone_of(values) if isinstance(values.get(self._zone_field or ""), str) else self._zone
        found = [(name, self._fault(name, field, values, zone)) for name, field in self.event_type.fields.items()]
        return [f"{name}: {fact}" for name, fact in found if fact] or ["data: cannot be read"]

    def _fault(self, name: str, field: Field, values: Mapping[str, Any], zone: ZoneInfo) -> str | None:
        if name not in values:
            return None if field.optional else "missing"
        if values[name] is None and field.optional:
            return None
        try:
            value = msgspec.convert(values[name], self._plain[name])
            if name in self._identifiers:
                check_identifier(value)
            elif (reader := dict(self._readers).get(name)) is not None:
                reader(value, zone)
        except msgspec.ValidationError as wrong:
            return in_our_words(str(wrong).split(" - at ")[0])
        except ValueError as wrong:
            return str(wrong)
        return None


def fields_of(event_type: EventType, plain: Mapping[str, Any]) -> Any:
    """Return the type of a dictionary of the fields; an optional one may be absent or null."""
    fields = event_type.fields.items()
    return TypedDict(  # type: ignore[operator]
        "Data", {name: NotRequired[plain[name] | None] if field.optional else plain[name] for name, field in fields}
    )


def plain_type(event_type: EventType, name: str) -> Any:
    """Return what msgspec is to expect of a field. The lists of a profile may be JSON lists or one text."""
    if event_type.name == PROFILE_TYPE and name in PROFILE_LISTS:
        return str | list[str]
    return Identifier if is_identifier(event_type, name) else PLAIN[event_type.fields[name].type]


def reader_of(event_type: EventType, name: str) -> Reader | None:
    if event_type.name == PROFILE_TYPE and name in PROFILE_LISTS:
        return lambda words, _: words if isinstance(words, str) else ", ".join(words)
    return READERS.get(event_type.fields[name].type)


def is_identifier(event_type: EventType, name: str) -> bool:
    """Whether the field holds the id of a case or of the customer, as a text."""
    named = name == CUSTOMER or any(name == field for _, field in event_type.cases)
    return named and event_type.fields[name].type is FieldType.TEXT


def check_identifier(text: str) -> None:
    """Raises ValueError."""
    if has_control(text):
        raise ValueError("holds a control character")


def known(values: Mapping[str, Any]) -> Data:
    return {name: value for name, value in values.items() if value is not None}


def plainly(raw: msgspec.Raw) -> Any:
    """Return the JSON without types, or None for numbers that nothing can hold."""
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return None


def kind_of(value: Any) -> str:
    return {type(None): "null", list: "a list", str: "a text", bool: "a bool"}.get(type(value), "a number")


def in_our_words(fact: str) -> str:
    """Return what msgspec says with our names of types: "expected text, got integer"."""
    text = re.sub("`([^`]*)`", lambda found: " or ".join(TYPE_NAMES.get(each, each) for each in found[1].split(" | ")), fact)
    return text[:1].lower() + text[1:]
