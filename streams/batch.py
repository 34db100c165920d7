"""The batch step: records in, findings gathered by the pure core, and one transaction that writes all of it or nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from contracts.event import DeadLetter, Event, Fate
from contracts.notice import Reason
from contracts.problem import FactsChanged, Finding, ProblemPhase
from rules.compiler import RuleSet
from rules.memory import Memory
from rules.step import Applying, applying, forget, wake
from storage.store import SourcePosition, Store, Transaction
from streams.breaker import Breaker
from streams.counts import Counts
from streams.due import Dues, in_order
from streams.memories import Memories, kind_of
from streams.noticing import Found, Noticed, Noticing
from streams.people import People, kinds_to_link

CHUNK = 1_000
APPLIED, UNREAD = Fate.APPLIED, Fate.UNREAD


class Reader(NamedTuple):
    """What applies events of a type to cases of one kind. beginning: of their names; looks: whether a rule does."""

    beginning: str
    apply: Applying
    looks: bool


class Move(NamedTuple):
    """A source's new position. expected: the `next` that the store must still have."""

    position: SourcePosition
    expected: int


@dataclass(frozen=True)
class Committed:
    """noticed: findings that came to a line of a problem or of a notice, in order."""

    counts: Counts
    noticed: Sequence[Noticed]


class Core:
    """The cases of one store: their memories, what is due, and what the batch at hand has found.

    Whoever drives it calls `fire` whenever W moved and `take` for each event, in order, then `commit`. What is not committed is
    lost by `drop` and read again; since ids are computed, doing it again writes the same rows.
    has_found: whether something was found that may give the courier something to do. buried_bytes: of dead letters to be written.
    part: of the cases that are ours; epoch: by which their slot was claimed, None where nobody else may have the store.
    """

    def __init__(
        self, rules: RuleSet, store: Store, *, part: int = 0, epoch: int | None = None, breaker: Breaker | None = None
    ) -> None:
        self._rules, self._store, self._part, self._epoch = rules, store, part, epoch
        self._breaker = breaker
        kinds = {name: compiled.rule.watch for name, compiled in rules.rules.items()}
        self._memories = Memories(rules.plans, store, part=part)
        self._people = People(store, kinds_to_link(rules.tellings, kinds))
        self._dues = Dues(store.armed_cases(part))
        self._readers: dict[str, list[Reader]] = {}
        self._begin()

    def _begin(self) -> None:
        self._counts = Counts()
        self._letters: list[DeadLetter] = []
        self.buried_bytes = 0
        self._found: list[Found] = []
        self.has_found = False
        self._moved: set[str] = set()
        self._somebody_new = False

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

    def take(self, event: Event, *, w: int, now: int) -> Fate:
        """Apply an event to each case that it concerns and that some rule watches for its type.

        w: the watermark after the event; now: the clock.
        """
        readers = self._readers.get(event.type)
        if readers is None:
            readers = self._readers[event.type] = self._readers_of(event.type)
        fates = []
        for case in event.cases:
            for reader in readers:
                if case.startswith(reader.beginning):
                    fates.append(self._apply(reader, case, event, w, now))
        if self._people.hears(event) and (spoken := self._people.take(event)) is not None:
            fates.append(spoken)
        return fates[0] if len(fates) == 1 else summary(fates)

    def _readers_of(self, event_type: str) -> list[Reader]:
        plans = [plan for kind, plan in self._rules.plans.items() if self._rules.reads(event_type, kind)]
        return [Reader(f"{plan.kind}/", applying(plan, event_type), bool(plan.readings[event_type].rules)) for plan in plans]

    def _apply(self, reader: Reader, case: str, event: Event, w: int, now: int) -> Fate:
        memory = self._memories.get(case)
        customer, was_ripe_at = memory.customer, memory.ripe_at
        fate, findings = reader.apply(memory, event, w)
        if fate is APPLIED:
            self._memories.changed[case] = memory
            ripe_at = memory.ripe_at
            if ripe_at is not None and (was_ripe_at is None or ripe_at < was_ripe_at):
                self._dues.arm(case, ripe_at)
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

    def fire(self, w: int, now: int) -> None:
        """Fire everything with due + grace at most `w`, in the order (due, case, rule), and forget what is over."""
        if w < self._dues.quiet_until:
            return
        waiting = {}
        looked_at = [self._memories.get(case) for case in self._dues.take(w)]
        for memory in looked_at:
            if memory.ripe_at is not None and memory.ripe_at <= w:
                self._memories.changed[memory.case] = memory
                if not forget(self._rules.plans[kind_of(memory.case)], memory, w=w):
                    waiting[memory.case] = memory
        if waiting:
            self._wake(waiting, w, now)
        for memory in looked_at:
            if memory.ripe_at is not None:
                self._dues.arm(memory.case, memory.ripe_at)

    def _wake(self, waiting: Mapping[str, Memory], w: int, now: int) -> None:
        for case in in_order(waiting, lambda case: None if waiting[case].gone else waiting[case].ripe_due(w)):
            findings = wake(self._rules.plans[kind_of(case)], waiting[case], w=w)
            self._finds(findings, now, awaited=True)

    def take_up_rules(self, *, now: int) -> int:
        """At a start, bring what was remembered under older rules under the present ones; return of how many cases."""
        if not self._memories.have_older_rules():
            return 0
        cases = [line["case"] for line in self._store.export("cases")]
        return sum(self._take_up(cases[first : first + CHUNK], now) for first in range(0, len(cases), CHUNK))

    def _take_up(self, cases: Sequence[str], now: int) -> int:
        older = self._memories.of_older_rules(cases)
        for memory in older:
            self._memories.changed[memory.case] = memory
            self._dues.rearm(memory.case, memory.ripe_at)
        if older:
            self.commit([], now=now)
        return len(older)

    def next_ripe(self) -> int | None:
        """Return the exact W at which something is ripe next, None when nothing is armed."""
        while (first := self._dues.first()) is not None:
            ripe_at = self._memories.get(first[1]).ripe_at
            if ripe_at == first[0]:
                return ripe_at
            self._dues.rearm(first[1], ripe_at)
        return None

    def memory(self, case: str) -> Memory:
        return self._memories.get(case)

    def commit(self, moves: Sequence[Move], *, now: int) -> Committed:
        """Write everything since the last commit in one transaction; when it raises, nothing was written and all is dropped."""
        with self._writing() as tx:
            self._write_records(tx, moves)
            self._memories.save(tx)
            counts, self._counts = self._counts, Counts()
            noticed = self._write_findings(tx, counts, now)
        counts.limit_hits, counts.too_late = self._memories.committed()
        return Committed(counts, noticed)

    def publish(self, *, now: int) -> Committed:
        """Write what was found, so that the courier can speak of it, into a transaction that ends with the next `commit` only.

        For a store that joins transactions (streams/grouping.py): what else is new follows with that commit. Of a case, the
        courier reads nothing but its customer; while its row is to come, or names none, it takes the notice's.
        """
        with self._writing() as tx:
            self._memories.save(tx, self._moved)
            counts = Counts()
            return Committed(counts, self._write_findings(tx, counts, now))

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        try:
            with self._store.transaction() as tx:
                if self._epoch is not None:
                    tx.hold_slot(self._part, epoch=self._epoch)
                yield tx
        except BaseException:
            self.drop()
            raise
        self._people.committed()
        self._found.clear()
        self.has_found = False
        self._moved.clear()
        self._somebody_new = False

    def _write_records(self, tx: Transaction, moves: Sequence[Move]) -> None:
        for move in moves:
            tx.move_position(move.position, expected=move.expected)
        for source, fates in self._counts.fates.items():
            tx.count_records(source, {fate: number for fate, number in fates.items() if number})
        for letter in self._letters:
            tx.add_dead_letter(letter)
            self._counts.letters[letter.source, letter.reason] += 1
        self._letters.clear()
        self.buried_bytes = 0

    def _write_findings(self, tx: Transaction, counts: Counts, now: int) -> Sequence[Noticed]:
        self._people.save(tx)
        noticing = Noticing(tx, self._rules.tellings, now=now)
        noticed = [each for found in self._found for each in noticing.take(found)]
        counts.cancelled = noticing.cancelled
        self._ask_again(tx, now)
        self._measure(tx, counts)
        return [each for each in noticed if each.notices or isinstance(each.found.finding, ProblemPhase)]

    def _ask_again(self, tx: Transaction, now: int) -> None:
        """Wake the notices that wait for what this batch brought: the end of a cause, a customer."""
        reasons = [Reason.CUSTOMER_UNKNOWN] if self.knows_somebody_new else []
        if any(isinstance(found.finding, FactsChanged) or found.finding.phase.ends for found in self._found):
            reasons.append(Reason.CAUSE_SPEAKS)
        if reasons:
            tx.ask_again(reasons=reasons, now=now)

    def _measure(self, tx: Transaction, counts: Counts) -> None:
        fired = counts.take(self._found)
        if self._breaker is not None:
            counts.breakers = tuple(self._breaker.trip(tx, fired, armed=len(self._dues)))
        for (rule, minute), count in fired.items():
            if count:
                tx.add_fired(rule, part=self._part, minute=minute, count=count)

    def drop(self) -> None:
        """Forget everything since the last commit."""
        self._memories.drop()
        self._people.drop()
        self._dues = Dues(self._store.armed_cases(self._part))
        self._begin()


def summary(fates: Sequence[Fate]) -> Fate:
    """Return what became of a whole from what became of its parts: applied before repeated before unread."""
    if len(fates) == 1:
        return fates[0]
    if Fate.APPLIED in fates:
        return Fate.APPLIED
    return Fate.REPEATED if Fate.REPEATED in fates else Fate.UNREAD
