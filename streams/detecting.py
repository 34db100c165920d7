"""The first half of the batch step: events in, what they and the passing of time bring to light out. Writes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from contracts.event import DeadLetter, Event, Fate
from contracts.problem import Finding
from rules.compiler import RuleSet
from rules.memory import Memory
from rules.step import Applying, applying, forget, settle, wake
from storage.store import Store
from streams.counts import Counts
from streams.due import Dues, in_order
from streams.memories import Memories, kind_of
from streams.noticing import Found
from streams.people import SPEAKING, People, kinds_to_link
from streams.unwritten import Closed, Unwritten

APPLIED, UNREAD = Fate.APPLIED, Fate.UNREAD


class Reader(NamedTuple):
    """What applies events of a type to cases of one kind. beginning: of their names; looks: whether a rule does.

    dues: where what is due of these cases is noted.
    """

    beginning: str
    apply: Applying
    looks: bool
    dues: Dues


class Detecting:
    """The cases of one part of a store: their memories, what is due, and what has been found and was not handed on yet.

    Whoever drives it calls `fire` whenever W moved and `take` for each event, in order.
    behind: kinds of cases that have a W of their own.
    has_found: whether something was found that may give the courier something to do. buried_bytes: of dead letters to be written.
    """

    def __init__(self, rules: RuleSet, store: Store, *, part: int = 0, behind: frozenset[str] = frozenset()) -> None:
        self._rules, self._store, self._part, self._kinds_behind = rules, store, part, behind
        kinds = {name: compiled.rule.watch for name, compiled in rules.rules.items()}
        self._memories = Memories(rules.plans, store)
        self._people = People(store, kinds_to_link(rules.tellings, kinds))
        self._readers: dict[str, list[Reader]] = {}
        self._arm()
        self._begin()

    def _arm(self) -> None:
        self._dues, self._dues_behind = Dues(), Dues()
        self._readers.clear()
        for case, ripe_at in self._store.armed_cases(self._part):
            self.dues_of(kind_of(case)).arm(case, ripe_at)

    def dues_of(self, kind: str) -> Dues:
        return self._dues_behind if kind in self._kinds_behind else self._dues

    def _begin(self) -> None:
        self._counts = Counts()
        self._letters: list[DeadLetter] = []
        self.buried_bytes = 0
        self._begin_to_find()

    def _begin_to_find(self) -> None:
        self._found: list[Found] = []
        self.has_found = False
        self._moved: set[str] = set()
        self._somebody_new = False

    def read_from(self, store: Store) -> None:
        """Ask another store from now on, which holds the same: the way to it has changed."""
        self._store = store
        self._memories.read_from(store)
        self._people.read_from(store)

    @property
    def cases_cached(self) -> int:
        return len(self._memories)

    @property
    def knows_somebody_new(self) -> bool:
        """Whether a first profile came, or a case's first customer: those who wait for one may be asked again."""
        return self._somebody_new or self._people.somebody_new

    def count(self, source: str, fate: Fate, *, late: bool = False) -> None:
        """Count a record of a source, once. late: an event of it was behind W."""
        counts = self._counts.fates.get(source)
        if counts is None:
            counts = self._counts.fates[source] = dict.fromkeys(Fate, 0)
        counts[fate] += 1
        if late and fate is Fate.APPLIED:
            self._counts.late[source] += 1

    def note(self, source: str, *, oldest: int | None, clamped: int) -> None:
        """Note of a record's times what those who run us want to know. oldest: the age of its oldest event at its arrival."""
        if oldest is not None and oldest > self._counts.ages.get(source, -1):
            self._counts.ages[source] = oldest
        if clamped:
            self._counts.clamped[source] += clamped

    def bury(self, letter: DeadLetter) -> None:
        self._letters.append(letter)
        self.buried_bytes += len(letter.raw)

    def expect(self, events: Sequence[Event], *, ours: Callable[[str], bool] = lambda case: True) -> None:
        """Read at once what the store knows of the cases and customers of events, so that `take` need not ask for each.

        ours: whether a case is one to which events are applied here.
        """
        self._memories.fetch(case for case in self._looked_at(events) if ours(case))
        self._people.fetch(events)

    def _looked_at(self, events: Iterable[Event]) -> Iterator[str]:
        """Yield the cases to which events will be applied, as often as they are named."""
        for event in events:
            readers = self._readers_of(event.type)
            for case in event.cases:
                for reader in readers:
                    if case.startswith(reader.beginning):
                        yield case

    def take(self, event: Event, *, w: int, now: int, cases: Sequence[str] | None = None, speaks: bool = True) -> Fate:
        """Apply an event to each case that it concerns and that some rule watches for its type.

        w: the watermark after the event; now: the clock. cases: those of its cases that are ours, None: all.
        speaks: whether what it says about people is taken up here.
        """
        readers = self._readers.get(event.type) or self._readers_of(event.type)
        fate = UNREAD
        for case in event.cases if cases is None else cases:
            for reader in readers:
                if case.startswith(reader.beginning):
                    each = self._apply(reader, case, event, w, now)
                    if each is APPLIED or fate is UNREAD:
                        fate = each
        if speaks and (len(event.cases) > 1 or event.type in SPEAKING) and (spoken := self._people.take(event)) is not None:
            return summary((fate, spoken))
        return fate

    def _readers_of(self, event_type: str) -> list[Reader]:
        readers = self._readers.get(event_type)
        if readers is None:
            readers = self._readers[event_type] = self._new_readers(event_type)
        return readers

    def _new_readers(self, event_type: str) -> list[Reader]:
        plans = [plan for kind, plan in self._rules.plans.items() if self._rules.reads(event_type, kind)]
        return [
            Reader(f"{plan.kind}/", applying(plan, event_type), bool(plan.readings[event_type].rules), self.dues_of(plan.kind))
            for plan in plans
        ]

    def _apply(self, reader: Reader, case: str, event: Event, w: int, now: int) -> Fate:
        memory = self._memories.get(case)
        customer, was_ripe_at = memory.customer, memory.ripe_at
        fate, findings = reader.apply(memory, event, w)
        if fate is APPLIED:
            self._memories.changed[case] = memory
            ripe_at = memory.ripe_at
            if ripe_at is not None and (was_ripe_at is None or ripe_at < was_ripe_at):
                reader.dues.arm(case, ripe_at)
            if findings:
                self._finds(findings, now)
            if memory.customer != customer:
                self._note_customer(memory, customer)
        return fate if reader.looks else UNREAD

    def _note_customer(self, memory: Memory, was: str | None) -> None:
        """A case has its first customer, or another one; where the courier may ask for that, its row has to say so."""
        self._somebody_new |= was is None
        if was is not None or memory.problems:
            self._moved.add(memory.case)

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
        if waiting:
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

    @property
    def has_news(self) -> bool:
        """Whether there is anything that `hand_on` would return."""
        return self.has_found or bool(self._moved) or self._people.have_changed

    def hand_on(self) -> Unwritten:
        """Return what was found since it was asked last; of cases that changed their customer, how they are now."""
        unwritten = Unwritten(self._found, armed=len(self._dues) + len(self._dues_behind), somebody_new=self.knows_somebody_new)
        if self._moved:
            unwritten.cases = {case.case: case for case in self._memories.packed(self._moved)}
        self._people.hand_on(unwritten)
        self._begin_to_find()
        return unwritten

    def close(self) -> Closed:
        """Return what the batch at hand comes to beside what was found, and begin the next one."""
        closed = Closed(self._memories.packed(), self._memories.gone(), self._letters, self._counts)
        closed.counts.limit_hits, closed.counts.too_late = self._memories.committed()
        self._people.committed()
        self._counts, self._letters, self.buried_bytes = Counts(), [], 0
        return closed

    def drop(self) -> None:
        """Forget everything since the last commit."""
        self._memories.drop()
        self._people.drop()
        self._arm()
        self._begin()


def summary(fates: Sequence[Fate]) -> Fate:
    """Return what became of a whole from what became of its parts: applied before repeated before unread."""
    if len(fates) == 1:
        return fates[0]
    if Fate.APPLIED in fates:
        return Fate.APPLIED
    return Fate.REPEATED if Fate.REPEATED in fates else Fate.UNREAD
