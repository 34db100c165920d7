"""The memories of cases: read from the store when needed, the last used ones kept, the changed ones until they are committed."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence

from rules.memory import Memory
from rules.packing import pack, unpack
from rules.plan import CasePlan
from storage.errors import StoreDamaged
from storage.store import CaseRow, Store, Transaction

KEPT = 50_000


def kind_of(case: str) -> str:
    """Return the kind of KIND/ID."""
    return case.partition("/")[0]


class Memories:
    """kept: how many memories stay between commits. changed: those that do anyway, since they are to be written."""

    def __init__(self, plans: Mapping[str, CasePlan], store: Store, *, part: int = 0, kept: int = KEPT) -> None:
        self._plans, self._store, self._part, self._kept = plans, store, part, kept
        self._memories: OrderedDict[str, Memory] = OrderedDict()
        self.changed: dict[str, Memory] = {}
        self._numbers: dict[str, int] = {}
        self._read_layouts()

    def _read_layouts(self) -> None:
        """Of a kind without a layout the store holds no memory; all that there will be are then here, until one has to leave."""
        self._layouts: dict[int, tuple[str, Sequence[Sequence[str]]]] = dict(self._store.layouts())
        self._all_here = self._plans.keys() - {kind for kind, _ in self._layouts.values()}

    def __len__(self) -> int:
        return len(self._memories)

    def get(self, case: str) -> Memory:
        memory = self._memories.get(case)
        if memory is None:
            memory = self._memories[case] = self._load(case)
        elif memory.gone:
            memory = self._memories[case] = self._plans[kind_of(case)].new_memory(case)
        return memory

    def _load(self, case: str) -> Memory:
        plan = self._plans[kind_of(case)]
        row = None if plan.kind in self._all_here else self._store.load_cases((case,)).get(case)
        return plan.new_memory(case) if row is None else self._unpacked(plan, row)

    def _unpacked(self, plan: CasePlan, row: CaseRow) -> Memory:
        """Raises StoreDamaged: that a memory cannot be read is no fault of the event that asks for it."""
        try:
            return unpack(plan, row.case, row.memory, self._layout(row.layout))
        except (LookupError, TypeError, ValueError) as wrong:
            remedy = "restore the data folder, or go back to the tellfirst that wrote it"
            raise StoreDamaged(f"what is remembered of {row.case} cannot be read: {wrong} — {remedy}") from wrong

    def save(self, tx: Transaction, only: Collection[str] | None = None) -> None:
        """Write every changed memory once; those that may go are deleted. only: write no other cases."""
        changed = self.changed.values() if only is None else [self.changed[case] for case in only if case in self.changed]
        tx.save_cases([self._row(tx, memory) for memory in changed if not memory.gone])
        if gone := [memory.case for memory in changed if memory.gone]:
            tx.forget_cases(gone)

    def _layout(self, number: int) -> Sequence[Sequence[str]]:
        """Return a layout by its number; one that somebody else has added since is read now."""
        if number not in self._layouts:
            self._layouts |= self._store.layouts()
        return self._layouts[number][1]

    def _row(self, tx: Transaction, memory: Memory) -> CaseRow:
        plan = self._plans[kind_of(memory.case)]
        number = self._number(tx, plan)
        return CaseRow(memory.case, self._part, number, pack(plan, memory), memory.ripe_at, memory.customer)

    def _number(self, tx: Transaction, plan: CasePlan) -> int:
        """Return the number of a layout; all kinds are numbered at once, so that it does not matter which came first."""
        if not self._numbers:
            for kind, each in sorted(self._plans.items()):
                number = self._numbers[kind] = tx.layout_number(kind, each.layout)
                self._layouts[number] = (kind, each.layout)
        return self._numbers[plan.kind]

    def committed(self) -> tuple[int, int]:
        """Nothing is changed any more; return how many entries memories lost to their limit since, and how many came too late."""
        hits, too_late = sum(_take_hits(self.changed.values())), sum(_take_refusals(self.changed.values()))
        for case, memory in self.changed.items():
            if memory.gone:
                self._memories.pop(case, None)
            else:
                self._memories.move_to_end(case)
        self.changed.clear()
        while len(self._memories) > self._kept:
            case, _ = self._memories.popitem(last=False)
            self._all_here.discard(kind_of(case))
        return hits, too_late

    def of_older_rules(self, cases: Sequence[str]) -> list[Memory]:
        """Return the memories of those cases that were packed under an older layout, brought under the present one."""
        rows = self._store.load_cases([case for case in cases if kind_of(case) in self._plans])
        return [self.get(case) for case, row in rows.items() if not self._is_present(row)]

    def _is_present(self, row: CaseRow) -> bool:
        plan = self._plans[kind_of(row.case)]
        return [list(part) for part in self._layout(row.layout)] == [list(part) for part in plan.layout]

    def have_older_rules(self) -> bool:
        """Whether the store knows memories of a kind under another layout than the present one."""
        plans = self._plans
        return any(
            [list(part) for part in layout] != [list(part) for part in plans[kind].layout]
            for kind, layout in self._layouts.values()
            if kind in plans
        )

    def drop(self) -> None:
        """Forget everything that is not in the store."""
        self._memories.clear()
        self.changed.clear()
        self._numbers.clear()
        self._read_layouts()


def _take_hits(memories: Iterable[Memory]) -> Iterable[int]:
    for memory in memories:
        yield memory.limit_hits
        memory.limit_hits = 0


def _take_refusals(memories: Iterable[Memory]) -> Iterable[int]:
    for memory in memories:
        for window in memory.w:
            yield window.take_refusals()
