"""The event types that rules may name: their fields with types, and the cases they concern."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contracts.values import FieldType


@dataclass(frozen=True)
class Field:
    """example: fills what a test leaves out, as it would be written in YAML; None where there is none."""

    type: FieldType
    optional: bool
    example: str | None
    description: str = ""


@dataclass(frozen=True)
class EventType:
    """cases: (kind, the field that holds its id), the subject's first, one to four.
    label: the field by which messages name the case.

    zone_field: the text field that holds the zone of its dates, `zone` where the type has one.
    """

    name: str
    cases: tuple[tuple[str, str], ...]
    label: str | None
    fields: Mapping[str, Field]
    description: str = ""

    @property
    def zone_field(self) -> str | None:
        return "zone" if "zone" in self.fields else None

    def concerns(self, kind: str) -> bool:
        return any(kind == own for own, _ in self.cases)


class Catalogue:
    def __init__(self, types: Iterable[EventType]) -> None:
        self.types: Mapping[str, EventType] = {event_type.name: event_type for event_type in types}
        self._concerning: dict[str, tuple[EventType, ...]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.types

    def __getitem__(self, name: str) -> EventType:
        return self.types[name]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of case that some event concerns, in alphabetical order."""
        return tuple(sorted({kind for each in self.types.values() for kind, _ in each.cases}))

    def concerning(self, kind: str) -> tuple[EventType, ...]:
        if kind not in self._concerning:
            self._concerning[kind] = tuple(each for each in self.types.values() if each.concerns(kind))
        return self._concerning[kind]

    def with_types(self, types: Iterable[EventType]) -> "Catalogue":
        """Return this catalogue with these types added; one of the same name replaces the one that was there."""
        return Catalogue({**self.types, **{each.name: each for each in types}}.values())
