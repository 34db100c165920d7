"""Which events a detector counts, by its `where`, and whether it may take hold, by its `if`."""

from collections.abc import Mapping
from functools import cached_property

from contracts.event import Event
from rules.expression import Condition, Slots
from rules.memory import Memory
from rules.places import sight_field


class Filter:
    """Those of the types that a detector names for which its `where` is true.

    types: event type to its `where`, or None where every event of the type counts.
    """

    def __init__(self, types: Mapping[str, Condition | None], slots: Slots) -> None:
        self.types, self._slots = types, slots

    @cached_property
    def _sights(self) -> tuple[str, ...]:
        return tuple(sight_field(self._slots.newest(name)) for name in self.types)

    @cached_property
    def sights(self) -> tuple[str, ...] | None:
        """Where memory holds the newest events of the types; None where a `where` picks some, which a detector has to note."""
        return None if any(self.types.values()) else self._sights

    def newest(self, memory: Memory, noted: int | None) -> int | None:
        """Return the newest time of what counts, None before the first. noted: what the detector has noted of it."""
        return noted if self.sights is None else self.newest_of_all(memory)

    def newest_of_all(self, memory: Memory) -> int | None:
        """Return the newest time of an event of the types, whatever its `where` says."""
        seen = (getattr(memory, field) for field in self._sights)
        return max((origin.time for origin in seen if origin is not None), default=None)

    def counts(self, event: Event, memory: Memory) -> bool:
        if event.type not in self.types:
            return False
        where = self.types[event.type]
        return where is None or where.holds(memory, event.time, False, event.data)


def asked(only_if: Condition | None, memory: Memory, now: int) -> bool:
    """Ask a detector's `if` at the moment at which it would take hold."""
    return only_if is None or only_if.holds(memory, now, False, None)
