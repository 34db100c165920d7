"""How far each case is seen where workers read it: what the worker of its slot wrote last, for whoever tells beside them."""

from contracts.ids import kind_of
from storage.records import Slot
from storage.store import Store
from streams.kafka.slots import slot_of

NEVER = 0


class Sights:
    """slots: how many there are. by_copy: the kinds of cases that events may reach from other slots.

    Ask `look` before each round; between two looks W stands, which is on the safe side.
    """

    def __init__(self, store: Store, *, slots: int, by_copy: frozenset[str]) -> None:
        self._store, self._number, self._by_copy = store, slots, by_copy
        self._slots: dict[int, Slot] = {}

    def look(self) -> None:
        """Read what the workers wrote."""
        self._slots = {each.slot: each for each in self._store.slots()}

    def __call__(self, case: str) -> tuple[int, int]:
        """Return W of the case's slot and how far it stays behind by intent, in microseconds; of a slot never read, long ago."""
        slot = self._slots.get(slot_of(case, self._number))
        if slot is None:
            return NEVER, 0
        w = slot.w if kind_of(case) in self._by_copy else slot.own_w
        return (NEVER if w is None else w), slot.lag
