"""The memories of cases: read from the store when needed, the last used ones kept, the changed ones until they are committed."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence

from rules.layouts import Layout
from rules.memory import Memory
from rules.packing import pack, unpack
from rules.plan import CasePlan
from storage.errors import StoreDamaged
from storage.store import CaseRow, Store
from streams.unwritten import Packed

KEPT = 50_000


def kind_of(case: str) -> str:
    """Return the kind of KIND/ID."""
    return case.partition("/")[0]


class Memories:
    """kept: how many memories stay between commits. changed: those that do anyway, since they are to be written."""

    def __init__(self, plans: Mapping[str, CasePlan], store: Store, *, kept: int = KEPT) -> None:
        self._plans, self._store, self._kept = plans, store, kept
        self.near: OrderedDict[str, Memory] = OrderedDict()
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

    def __len__(self) -> int:
        return len(self.near)

    def get(self, case: str) -> Memory:
        memory = self.near.get(case)
        if memory is None:
            memory = self.near[case] = self._load(case)
        elif memory.gone:
            memory = self.near[case] = self._plans[kind_of(case)].new_memory(case)
        return memory

    def _load(self, case: str) -> Memory:
        return self._made_of(case, None if kind_of(case) in self._all_here else self._store.load_cases((case,)).get(case))

    def _made_of(self, case: str, row: CaseRow | None) -> Memory:
        plan = self._plans[kind_of(case)]
        return plan.new_memory(case) if row is None else self._unpacked(plan, row)

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
        here = self.near
        missing = [case for case in dict.fromkeys(cases) if case not in here and kind_of(case) not in self._all_here]
        rows = self._store.load_cases(sorted(missing))
        for case in missing:
            here[case] = self._made_of(case, rows.get(case))

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

    def committed(self) -> tuple[int, int]:
        """Nothing is changed any more; return how many entries memories lost to their limit since, and how many came too late."""
        hits, too_late = _taken(self.changed.values())
        for case, memory in self.changed.items():
            if memory.gone:
                self.near.pop(case, None)
            else:
                self.near.move_to_end(case)
        self.changed.clear()
        while len(self.near) > self._kept:
            case, _ = self.near.popitem(last=False)
            self._all_here.discard(kind_of(case))
        return hits, too_late

    def of_older_rules(self, cases: Sequence[str]) -> list[Memory]:
        """Return the memories of those cases that were packed under an older layout, brought under the present one."""
        rows = self._store.load_cases([case for case in cases if kind_of(case) in self._plans])
        return [self.get(case) for case, row in rows.items() if self._layout(row.layout) is not self._plans[kind_of(case)].layout]

    def have_older_rules(self) -> bool:
        """Whether the store knows memories of a kind under another layout than the present one."""
        return any(kind in self._plans and layout is not self._plans[kind].layout for kind, layout in self._layouts.values())

    def drop(self) -> None:
        """Forget everything that is not in the store."""
        self.near.clear()
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
