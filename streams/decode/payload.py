"""The data of one event type: JSON in, its fields with their types and the cases it concerns out.

msgspec reads all fields at once, by a type made from the catalogue. Only data that it refuses is looked at field by field, to
say everything that is wrong with it.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from contracts.times import find_zone
from contracts.values import FieldType
from rules.catalogue import EventType, Field
from streams.decode.fields import Reader, fields_of, is_identifier, plain_type, reader_of
from streams.decode.limits import has_control
from streams.decode.refused import by_schema, in_our_words, kind_of
from streams.decode.values import check_decimal

Data: TypeAlias = dict[str, Any]


class Payload:
    """Reads the data of one event type. zone: of a day whose event names none, or one that does not exist.

    plain: what msgspec is to expect of each field. readers: of the fields whose values are not what JSON has for them.
    identifiers: the fields that hold an id. zone_field: the one that names the zone of the event's days, if it has both.
    only_kind, only_field: of the only case that it certainly concerns, as KIND/; the field is None where there is none like that.
    """

    def __init__(self, event_type: EventType, zone: ZoneInfo) -> None:
        self.event_type, self.name, self.zone = event_type, event_type.name, zone
        self.plain = {name: plain_type(event_type, name) for name in event_type.fields}
        self._decimals = tuple(name for name, field in event_type.fields.items() if field.type is FieldType.DECIMAL)
        self.identifiers = tuple(name for name in event_type.fields if is_identifier(event_type, name))
        self.readers = tuple((name, reader) for name in event_type.fields if (reader := reader_of(event_type, name)))
        self._cases = tuple((f"{kind}/", field) for kind, field in event_type.cases)
        is_sure = len(self._cases) == 1 and not event_type.fields[self._cases[0][1]].optional
        only: tuple[str, str | None] = self._cases[0] if is_sure else ("", None)
        self.only_kind, self.only_field = only
        has_days = any(field.type is FieldType.DATE for field in event_type.fields.values())
        self.zone_field = event_type.zone_field if has_days else None
        self._fields = fields_of(event_type, self.plain)

    @cached_property
    def _decoder(self) -> msgspec.json.Decoder[Data]:
        return msgspec.json.Decoder(self._fields)

    @cached_property
    def _box(self) -> Any:
        """A struct around the fields, since msgspec keeps what it knows of a type for structs only."""
        return msgspec.defstruct("Box", [("data", self._fields)])

    def decode(self, raw: msgspec.Raw) -> Data:
        """Return the fields that the JSON object carries, a null as None. Raises Refused."""
        try:
            return self._typed(self._decoder.decode(raw))
        except (msgspec.DecodeError, ValueError):
            raise by_schema(self._explain(plainly(raw))) from None

    def convert(self, values: Mapping[str, Any]) -> Data:
        """Return the same for values that a mapping made, where None is what the record does not have. Raises Refused."""
        try:
            data = msgspec.convert({"data": values}, self._box).data
            for name in self._decimals:
                if (number := data.get(name)) is not None:
                    check_decimal(number)
            data = self._typed(data)
        except (msgspec.DecodeError, ValueError):
            raise by_schema(self._explain(known(values))) from None
        return known(data) if None in data.values() else data

    def _typed(self, data: Data) -> Data:
        if not self.is_clean(data):
            raise ValueError("an identifier holds a control character")
        if self.readers:
            self.give_types(data, self.readers)
        return data

    def is_clean(self, data: Data) -> bool:
        """Whether no identifier holds a control character."""
        for name in self.identifiers:
            if (text := data.get(name)) is not None and not text.isprintable() and has_control(text):
                return False
        return True

    def give_types(self, data: Data, readers: Sequence[tuple[str, Reader]]) -> None:
        """Make of each value what the rules know it as. Raises ValueError."""
        zone = self.zone if self.zone_field is None else self.zone_of(data)
        for name, reader in readers:
            if (value := data.get(name)) is not None:
                data[name] = reader(value, zone)

    def read(self, name: str, plain: Any, zone: ZoneInfo) -> Any:
        """Return the value of one field that is known. Raises ValidationError and ValueError."""
        value = msgspec.convert(plain, self.plain[name])
        if name in self.identifiers:
            check_identifier(value)
        if name in self._decimals and value is not None:
            check_decimal(value)
        reader = dict(self.readers).get(name)
        return value if reader is None else reader(value, zone)

    def zone_of(self, data: Mapping[str, Any]) -> ZoneInfo:
        return find_zone(data.get(self.zone_field or "") or "") or self.zone

    def zone_named(self, name: str | None) -> ZoneInfo:
        """Return the zone of this name, the project's where none is named. Raises ValueError where there is none."""
        zone = find_zone(name) if name else self.zone
        if zone is None:
            raise ValueError(f"there is no zone '{name}'")
        return zone

    def warnings(self, data: Data) -> tuple[str, ...]:
        """Return what is wrong with data that can be taken all the same: it may name a zone for its days that does not exist."""
        name = data.get(self.zone_field) if self.zone_field else None
        if not name or find_zone(name) is not None:
            return ()
        return (f"zone: there is no zone '{name[:100]}', so the project's is taken",)

    def cases_of(self, data: Data) -> tuple[str, ...]:
        """Return the cases as KIND/ID, the subject's first. Raises Refused when there is none."""
        if self.only_field is not None:
            return (f"{self.only_kind}{data[self.only_field]}",)
        cases = tuple([f"{kind}{value}" for kind, field in self._cases if (value := data.get(field)) is not None])
        if not cases:
            raise by_schema([f"{' and '.join(field for _, field in self._cases)}: missing, so no case is concerned"])
        return cases

    def _explain(self, values: Any) -> list[str]:
        """Return what is wrong with each field, in the order of the catalogue."""
        if not isinstance(values, Mapping):
            return [f"data: expected an object, got {kind_of(values)}"]
        zone = self.zone_of(values) if isinstance(values.get(self.zone_field or ""), str) else self.zone
        found = [(name, self._fault(name, field, values, zone)) for name, field in self.event_type.fields.items()]
        return [f"{name}: {fact}" for name, fact in found if fact] or ["data: cannot be read"]

    def _fault(self, name: str, field: Field, values: Mapping[str, Any], zone: ZoneInfo) -> str | None:
        if name not in values:
            return None if field.optional else "missing"
        if values[name] is None and field.optional:
            return None
        try:
            self.read(name, values[name], zone)
        except msgspec.ValidationError as wrong:
            return in_our_words(str(wrong).split(" - at ")[0])
        except ValueError as wrong:
            return str(wrong)
        return None


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
