"""Which events a detector counts, by its `where`, and whether it may take hold, by its `if`."""

from collections.abc import Mapping

from contracts.event import Event
from rules.expression import Condition
from rules.memory import Memory


class Filter:
    """Those of the types that a detector names for which its `where` is true.

    types: event type to its `where`, or None where every event of the type counts.
    """

    def __init__(self, types: Mapping[str, Condition | None]) -> None:
        self.types = types

    def counts(self, event: Event, memory: Memory) -> bool:
        if event.type not in self.types:
            return False
        where = self.types[event.type]
        return where is None or where.holds(memory, event.time, False, event.data)


def asked(only_if: Condition | None, memory: Memory, now: int) -> bool:
    """Ask a detector's `if` at the moment at which it would take hold."""
    return only_if is None or only_if.holds(memory, now, False, None)
