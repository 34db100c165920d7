"""The second half of the batch step: what was found is written, with the notices it makes, in one transaction or not at all."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from contracts.ids import kind_of
from contracts.notice import Reason
from contracts.outgoing import Outgoing
from contracts.problem import FactsChanged, ProblemPhase
from rules.compiler import RuleSet
from storage.store import CaseRow, MinutesRow, Seen, SourcePosition, Store, Transaction
from streams.breaker import Breaker
from streams.counts import Counts
from streams.findings import write_findings
from streams.noticing import Noticed
from streams.unwritten import Closed, Packed, Unwritten


class Move(NamedTuple):
    """A source's new position. expected: the `next` that the store must still have."""

    position: SourcePosition
    expected: int


@dataclass(frozen=True)
class Committed:
    """noticed: findings that came to a line of a problem or of a notice, in order."""

    counts: Counts
    noticed: Sequence[Noticed]


class Writing:
    """part: of the cases that are ours; epoch: by which their slot was claimed, None where nobody else may have the store."""

    def __init__(
        self, rules: RuleSet, store: Store, *, part: int = 0, epoch: int | None = None, breaker: Breaker | None = None
    ) -> None:
        self._rules, self._store, self._part, self._epoch = rules, store, part, epoch
        self._breaker = breaker
        self._layouts: dict[str, int] = {}

    def commit(
        self,
        unwritten: Unwritten,
        closed: Closed,
        moves: Iterable[Move],
        *,
        now: int,
        seen: Seen | None = None,
        copies: Sequence[Outgoing] = (),
        minutes: Sequence[MinutesRow] = (),
        wakes: Collection[Reason] = (),
    ) -> Committed:
        """Write everything in one transaction; when it raises, nothing was written.

        seen: how far our slot has been seen by now. copies: of events, for the cases of other slots. minutes: when what came.
        wakes: what notices no longer wait for.
        """
        with self._transaction(seen) as tx:
            tx.send_on(copies)
            tx.save_minutes(minutes)
            for move in moves:
                tx.move_position(move.position, expected=move.expected)
            self._write_records(tx, closed)
            self._write_cases(tx, closed.cases)
            if closed.gone:
                tx.forget_cases(closed.gone)
            noticed = self._write_findings(tx, unwritten, closed.counts, now)
            tx.ask_again(reasons=wakes, now=now)
        return Committed(closed.counts, noticed)

    def publish(self, unwritten: Unwritten, *, now: int) -> Committed:
        """Write what was found, so that the courier can speak of it, into a transaction that ends with the next `commit` only.

        For a store that joins transactions (streams/grouping.py): what else is new follows with that commit. Of a case, the
        courier reads nothing but its customer; while its row is to come, or names none, it takes the notice's.
        """
        with self._transaction() as tx:
            self._write_cases(tx, unwritten.cases.values())
            counts = Counts()
            return Committed(counts, self._write_findings(tx, unwritten, counts, now))

    @contextmanager
    def _transaction(self, seen: Seen | None = None) -> Iterator[Transaction]:
        try:
            with self._store.transaction() as tx:
                if self._epoch is not None:
                    tx.hold_slot(self._part, epoch=self._epoch, seen=seen)
                yield tx
        except BaseException:
            self._layouts.clear()
            raise

    def _write_records(self, tx: Transaction, closed: Closed) -> None:
        for source, fates in closed.counts.fates.items():
            tx.count_records(source, fates, part=self._part)
        for letter in closed.letters:
            tx.add_dead_letter(letter)
            closed.counts.letters[letter.source, letter.reason] += 1

    def _write_cases(self, tx: Transaction, cases: Iterable[Packed]) -> None:
        tx.save_cases(
            [
                CaseRow(each.case, self._part, self._layout(tx, kind_of(each.case)), each.memory, each.ripe_at, each.customer)
                for each in cases
            ]
        )

    def _layout(self, tx: Transaction, kind: str) -> int:
        """Return the number of a layout; all kinds are numbered at once, so that it does not matter which came first."""
        if not self._layouts:
            self._layouts = {name: tx.layout_number(name, plan.layout) for name, plan in sorted(self._rules.plans.items())}
        return self._layouts[kind]

    def _write_findings(self, tx: Transaction, unwritten: Unwritten, counts: Counts, now: int) -> Sequence[Noticed]:
        _write_people(tx, unwritten)
        noticed, counts.cancelled = write_findings(tx, self._rules.tellings, unwritten.found, now=now)
        _ask_again(tx, unwritten, now)
        self._measure(tx, unwritten, counts)
        return [each for each in noticed if each.notices or isinstance(each.found.finding, ProblemPhase)]

    def _measure(self, tx: Transaction, unwritten: Unwritten, counts: Counts) -> None:
        fired = counts.take(unwritten.found)
        if self._breaker is not None:
            counts.breakers = tuple(self._breaker.trip(tx, fired, armed=unwritten.armed))
        tx.add_fired(fired, part=self._part)


def _write_people(tx: Transaction, unwritten: Unwritten) -> None:
    """In one order, so that the workers of two slots do not wait for each other."""
    tx.save_customers(list(unwritten.customers.values()))
    tx.save_complaints(unwritten.complaints)
    tx.link_cases(unwritten.links)


def _ask_again(tx: Transaction, unwritten: Unwritten, now: int) -> None:
    """Wake the notices that wait for what was found: the end of a cause, a customer."""
    reasons = [Reason.CUSTOMER_UNKNOWN] if unwritten.somebody_new else []
    if any(isinstance(found.finding, FactsChanged) or found.finding.phase.ends for found in unwritten.found):
        reasons.append(Reason.CAUSE_SPEAKS)
    if reasons:
        tx.ask_again(reasons=reasons, now=now)
