"""The memories of cases: read from the store when needed, the last used ones kept, the changed ones until they are committed."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from contracts.ids import kind_of
from rules.layouts import Layout
from rules.memory import Memory
from rules.packing import pack, unpack
from rules.plan import CasePlan
from storage.errors import StoreDamaged
from storage.store import CaseRow, Store
from streams.cache import MEBIBYTE, Cache
from streams.unwritten import Packed

ROOM = 256 * MEBIBYTE


class Memories:
    """room: bytes for memories that stay between commits. changed: those that stay anyway, since they are to be written."""

    def __init__(self, plans: Mapping[str, CasePlan], store: Store, *, room: int = ROOM) -> None:
        self._plans, self._store = plans, store
        self.cache = Cache(plans, room=room)
        self.near = self.cache.near
        self.changed: dict[str, Memory] = {}
        self._read_layouts()

    def read_from(self, store: Store) -> None:
        """Ask another store from now on, which holds the same."""
        self._store = store

    def _read_layouts(self) -> None:
        """Of a kind without a layout the store holds no memory; all that there will be are then here, until one has to leave."""
        self._layouts: dict[int, tuple[str, Layout]] = {}
        self._learn_layouts()
        self._all_here = self._plans.keys() - {kind for kind, _ in self._layouts.values()}

    def get(self, case: str) -> Memory:
        memory = self.near.get(case)
        if memory is None:
            memory = self.cache.take_out(case) or self._load(case)
        elif memory.gone:
            memory = self._keep(case, None)
        return memory

    def _load(self, case: str) -> Memory:
        return self._keep(case, None if kind_of(case) in self._all_here else self._store.load_cases((case,)).get(case))

    def _keep(self, case: str, row: CaseRow | None) -> Memory:
        plan = self._plans[kind_of(case)]
        memory = plan.new_memory(case) if row is None else self._unpacked(plan, row)
        self.cache.keep(memory, packed=0 if row is None else len(row.memory))
        return memory

    def _unpacked(self, plan: CasePlan, row: CaseRow) -> Memory:
        """Raises StoreDamaged: that a memory cannot be read is no fault of the event that asks for it."""
        try:
            return unpack(plan, row.case, row.memory, self._layout(row.layout))
        except (LookupError, TypeError, ValueError) as wrong:
            remedy = "restore the data folder, or go back to the tellfirst that wrote it"
            raise StoreDamaged(f"what is remembered of {row.case} cannot be read: {wrong} — {remedy}") from wrong

    def fetch(self, cases: Iterable[str]) -> None:
        """Read the memories of many cases at once, so that `get` need not ask for each."""
        if len(self._all_here) == len(self._plans):
            return
        here, pressed = self.near, self.cache.pressed
        missing = [
            case
            for case in dict.fromkeys(cases)
            if case not in here and case not in pressed and kind_of(case) not in self._all_here
        ]
        rows = self._store.load_cases(sorted(missing))
        for case in missing:
            self._keep(case, rows.get(case))

    def packed(self, only: Collection[str] | None = None) -> list[Packed]:
        """Return every changed memory that stays, as it is stored. only: of no other cases."""
        changed = self.changed.values() if only is None else [self.changed[case] for case in only if case in self.changed]
        return [
            Packed(memory.case, pack(self._plans[kind_of(memory.case)], memory), memory.ripe_at, memory.customer)
            for memory in changed
            if not memory.gone
        ]

    def gone(self) -> list[str]:
        """Return the changed cases that may be deleted."""
        return [memory.case for memory in self.changed.values() if memory.gone]

    def _layout(self, number: int) -> Layout:
        """Return a layout by its number; one that somebody else has added since is read now."""
        if number not in self._layouts:
            self._learn_layouts()
        return self._layouts[number][1]

    def _learn_layouts(self) -> None:
        """Where one is the present one it is kept as that, so that it is known without comparing."""
        present = {kind: plan.layout for kind, plan in self._plans.items()}
        for number, (kind, layout) in self._store.layouts().items():
            self._layouts[number] = kind, present[kind] if layout == present.get(kind) else layout

    def committed(self, packed: Iterable[Packed], gone: Iterable[str]) -> tuple[int, int]:
        """Nothing is changed any more; return how many entries memories lost to their limit since, and how many came too late.

        packed, gone: what was written of those that had changed.
        """
        hits, too_late = _taken(self.changed.values())
        for each in packed:
            self.cache.keep(self.changed[each.case], packed=len(each.memory))
        for case in gone:
            self.cache.forget(case)
        self.changed.clear()
        self._all_here -= self.cache.make_room()
        return hits, too_late

    def of_older_rules(self, cases: Sequence[str]) -> list[Memory]:
        """Return the memories of those cases that were packed under an older layout, brought under the present one."""
        rows = self._store.load_cases([case for case in cases if kind_of(case) in self._plans])
        older = {case: row for case, row in rows.items() if self._layout(row.layout) is not self._plans[kind_of(case)].layout}
        return [self._keep(case, row) for case, row in older.items()]

    def have_older_rules(self) -> bool:
        """Whether the store knows memories of a kind under another layout than the present one."""
        return any(kind in self._plans and layout is not self._plans[kind].layout for kind, layout in self._layouts.values())

    def drop(self) -> None:
        """Forget everything that is not in the store."""
        self.cache.clear()
        self.changed.clear()
        self._read_layouts()


def _taken(memories: Iterable[Memory]) -> tuple[int, int]:
    """Return how many window entries were dropped for lack of room, and refused for being too old, since it was asked last."""
    hits = too_late = 0
    for memory in memories:
        if memory.limit_hits or memory.too_late:
            hits, too_late = hits + memory.limit_hits, too_late + memory.too_late
            memory.limit_hits = memory.too_late = 0
    return hits, too_late
