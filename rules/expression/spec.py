"""What an expression may name, and what it asks its case to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from contracts.values import FieldType


@dataclass(frozen=True, slots=True)
class WindowSpec:
    """One window of a case: the same window written twice is the same spec.

    field: None for count. where: canonical text, or None. length: microseconds, or None where it is `since` an event type.
    keep: how many of the newest entries are enough, when every use is a count compared with a constant, else None.
    """

    event_type: str
    field: str | None
    where: str | None
    length: int | None
    since: str | None
    keep: int | None = None

    def merged(self, other: "WindowSpec") -> "WindowSpec":
        """Return the spec that serves both, for two that differ in `keep` only."""
        return replace(self, keep=None if self.keep is None or other.keep is None else max(self.keep, other.keep))


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that an expression may use.

    facts: names with types. events: event type → field → type, names without `?`. it: the fields of `it` in a `where`, else None.
    """

    facts: Mapping[str, FieldType]
    events: Mapping[str, Mapping[str, FieldType]]
    it: Mapping[str, FieldType] | None = None
    allow_now: bool = True
    allow_windows: bool = True


class Slots(Protocol):
    """Gives places in the case's memory; asked once per distinct thing while an expression is compiled."""

    def fact(self, name: str) -> int:
        """Return the slot of a fact."""

    def window(self, spec: WindowSpec) -> int:
        """Return the slot of a window."""

    def newest(self, event_type: str) -> int:
        """Return the slot of an event type's newest event."""
