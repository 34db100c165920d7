"""The cases of one part of a store: when something is due of which, and what fires as W moves on."""

from collections.abc import Iterable, Mapping

from contracts.ids import kind_of
from contracts.problem import Finding
from rules.compiler import RuleSet
from rules.memory import Memory
from rules.step import forget, settle, wake
from storage.store import Store
from streams.due import Dues, in_order
from streams.memories import Memories
from streams.noticing import Found


class Waking:
    """behind: kinds of cases that have a W of their own. room: bytes for memories between commits.

    has_found: whether something was found that may give the courier something to do.
    """

    def __init__(self, rules: RuleSet, store: Store, *, part: int, behind: frozenset[str], room: int) -> None:
        self._rules, self._store, self._part, self._kinds_behind = rules, store, part, behind
        self._memories = Memories(rules.plans, store, room=room)
        self._arm()
        self._begin_to_find()

    def _arm(self) -> None:
        self._dues, self._dues_behind = Dues(), Dues()
        for case, ripe_at in self._store.armed_cases(self._part):
            self.dues_of(kind_of(case)).arm(case, ripe_at)

    def dues_of(self, kind: str) -> Dues:
        return self._dues_behind if kind in self._kinds_behind else self._dues

    def _begin_to_find(self) -> None:
        self._found: list[Found] = []
        self.has_found = False

    def _finds(self, findings: Iterable[Finding], now: int, *, awaited: bool = False) -> None:
        self._found += [Found(finding, now, awaited) for finding in findings]
        self.has_found = bool(self._found)

    def fire(self, w: int, now: int, *, behind: int | None = None) -> None:
        """Fire everything with due + grace at most `w`, in the order (due, case, rule), and forget what is over.

        behind: the same of the kinds that have a W of their own.
        """
        if w >= self._dues.quiet_until:
            self._fire(self._dues, w, now)
        if behind is not None and behind >= self._dues_behind.quiet_until:
            self._fire(self._dues_behind, behind, now)

    def _fire(self, dues: Dues, w: int, now: int) -> None:
        waiting = {}
        ripe = dues.take(w)
        self._memories.fetch(ripe)
        for case in ripe:
            memory = self._memories.get(case)
            if memory.ripe_at is not None and memory.ripe_at <= w and self._is_ripe(memory, w):
                waiting[case] = memory
            elif memory.ripe_at is not None:
                dues.arm(case, memory.ripe_at)
        if len(waiting) == 1:
            self._wake_alone(*waiting.values(), w=w, now=now)
        elif waiting:
            self._wake(waiting, w, now)
        for memory in waiting.values():
            if memory.ripe_at is not None:
                dues.arm(memory.case, memory.ripe_at)

    def _is_ripe(self, memory: Memory, w: int) -> bool:
        """Find out whether something is ripe, or forget the case when its time has come."""
        is_ripe = forget(self._rules.plans[kind_of(memory.case)], memory, w=w)
        if is_ripe or memory.stub:
            self._memories.changed[memory.case] = memory
        return is_ripe

    def _wake_alone(self, memory: Memory, *, w: int, now: int) -> None:
        """Mostly one case is ripe: there is no order to keep to but its own."""
        plan = self._rules.plans[kind_of(memory.case)]
        while memory.ripe_at is not None and memory.ripe_at <= w:
            self._finds(wake(plan, memory, w=w), now, awaited=True)

    def _wake(self, waiting: Mapping[str, Memory], w: int, now: int) -> None:
        for case in in_order(waiting, lambda case: None if waiting[case].gone else waiting[case].ripe_due(w)):
            findings = wake(self._rules.plans[kind_of(case)], waiting[case], w=w)
            self._finds(findings, now, awaited=True)

    def next_ripe(self) -> int | None:
        """Return the exact W at which something is ripe next, None when nothing is armed."""
        each = [self._next_ripe(dues) for dues in (self._dues, self._dues_behind)]
        return min([ripe_at for ripe_at in each if ripe_at is not None], default=None)

    def _next_ripe(self, dues: Dues) -> int | None:
        while (first := dues.first()) is not None:
            memory = self._memories.get(first[1])
            settle(self._rules.plans[kind_of(memory.case)], memory)
            if memory.ripe_at == first[0]:
                return memory.ripe_at
            dues.rearm(memory.case, memory.ripe_at)
        return None

    def memory(self, case: str) -> Memory:
        return self._memories.get(case)
