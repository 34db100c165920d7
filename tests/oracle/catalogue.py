"""Which cases an event concerns and what its fields mean, read from the plain dict of events.yaml."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.oracle.values import typed

Plain = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """One event with typed data; `time` in microseconds since 1970."""

    id: str
    source: str
    type: str
    time: int
    data: Plain

    @property
    def age(self) -> tuple[int, bytes, bytes]:
        """The order in which newest is newest."""
        return self.time, self.id.encode(), self.source.encode()


class Catalogue:
    """The types of an events.yaml, and the zone of its project."""

    def __init__(self, events_yaml: Plain, zone: str) -> None:
        self.types: Plain = events_yaml["types"]
        self.zone = zone

    def event(self, plain: Plain) -> Event:
        """Give every field of a plain event its type; an unknown type keeps its data as it is."""
        data = dict(plain["data"])
        zone = data.get("zone") or self.zone
        for name, value in data.items():
            if value is not None:
                data[name] = typed(self.field_kind(plain["type"], name), value, zone)
        return Event(plain["id"], plain["source"], plain["type"], plain["time"], data)

    def field_kind(self, event_type: str, field: str) -> str:
        described = self._described(event_type, field)
        return str(described["type"] if isinstance(described, dict) else described)

    def _described(self, event_type: str, field: str) -> Any:
        fields = self.types.get(event_type, {}).get("fields", {})
        return fields.get(field) or fields.get(field + "?") or "text"

    def has_field(self, event_type: str, field: str) -> bool:
        return bool({field, field + "?"} & self.types.get(event_type, {}).get("fields", {}).keys())

    def examples(self, event_type: str) -> dict[str, str | date]:
        """Return what a test leaves out: the examples of the required fields."""
        required = {name: one for name, one in self.types[event_type]["fields"].items() if not name.endswith("?")}
        return {name: one["example"] for name, one in required.items() if "example" in one}

    def case_id(self, event: Event, kind: str) -> str | None:
        """Return the id of the case of this kind that the event concerns, or None."""
        field = self.types.get(event.type, {}).get("cases", {}).get(kind)
        value = event.data.get(field)
        return None if value is None else str(value)

    def subject(self, event: Event) -> str:
        """Return the first case as KIND/ID."""
        kinds = self.types.get(event.type, {}).get("cases", {"": ""})
        return next((f"{kind}/{case}" for kind in kinds if (case := self.case_id(event, kind)) is not None), "")
