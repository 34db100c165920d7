"""Which events a detector counts: those of the types it names for which its `where` is true."""

from collections.abc import Mapping

from contracts.event import Event
from rules.expression import Condition
from rules.memory import Memory


class Filter:
    """types: event type to its `where`, or None where every event of the type counts."""

    def __init__(self, types: Mapping[str, Condition | None]) -> None:
        self.types = types

    def counts(self, event: Event, memory: Memory) -> bool:
        if event.type not in self.types:
            return False
        where = self.types[event.type]
        return where is None or where.holds(memory.v, memory.w, memory.t, event.time, False, event.data)
