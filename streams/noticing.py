"""What findings do to notices: which ones they make, which ones they cancel, inside the transaction that records them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from contracts.ids import notice_id
from contracts.notice import Answer, Notice, NoticePhase, Reason
from contracts.problem import FactsChanged, Finding, Phase, ProblemPhase
from contracts.promise import PromiseState
from contracts.tell import RuleTelling
from contracts.telling import ProblemNow, Told
from contracts.times import DAY
from notifiers.claims import worth_telling
from notifiers.corrections import TOLD_TOO_OFTEN, outdated, put_right_by
from storage.store import Transaction
from streams.known import Known

MISSED_AFTER = DAY


class Found(Struct, frozen=True):
    """A finding, and when it was found. awaited: found by a due time, not by an event."""

    finding: Finding
    found_at: int
    awaited: bool = False


class Noticed(Struct, frozen=True):
    """What a finding came to. notices: made by it. missed: waiting ones that it ended too late to have been told."""

    found: Found
    notices: tuple[Notice, ...] = ()
    missed: tuple[Notice, ...] = ()


class Noticing:
    """Decides on findings of which no two are about one case; what it decides is written by `end` and by `write`.

    now: the clock, when the new notices are asked. cancelled: how many waiting ones were, by rule.
    """

    def __init__(self, tx: Transaction, tellings: Mapping[str, RuleTelling], findings: Sequence[Finding], *, now: int) -> None:
        self._tx, self._tellings, self._now = tx, tellings, now
        self._known = Known(tx, findings)
        self._missed: dict[str, list[Notice]] = {}
        self._to_cancel: list[Notice] = []
        self._to_add: list[Notice] = []
        self._to_hand_over: list[str] = []
        self._changes: list[FactsChanged] = []
        self.cancelled: Counter[str] = Counter()

    def end(self, findings: Sequence[Finding]) -> None:
        """Settle what waits of the problems that end; what an end made too late to be told, more than a day, is missed (S21)."""
        ends = [each for each in findings if isinstance(each, ProblemPhase) and each.phase.ends]
        waiting = self._tx.waiting_of_each([phase.problem for phase in ends])
        for phase in ends:
            own = [notice for notice in waiting.get(phase.problem, ()) if _ends_with(notice, phase)]
            self._missed[phase.problem] = [notice for notice in own if _is_missed(notice, phase)]
            self._to_cancel += [notice for notice in own if not _is_missed(notice, phase)]
        self._tx.settle([notice for missed in self._missed.values() for notice in missed], Answer.WITHHELD, reason=Reason.MISSED)
        self._cancel_all()
        self._tx.end_promises([phase.problem for phase in ends], PromiseState.ENDED, now=self._now)

    def write(self) -> None:
        self._tx.update_facts(self._changes)
        self._cancel_all()
        self._tx.hand_over(self._to_hand_over, at=self._now)
        self._tx.add_notices(self._to_add)

    def _cancel_all(self) -> None:
        self._tx.settle(self._to_cancel, Answer.CANCELLED)
        self.cancelled.update(notice.rule for notice in self._to_cancel)
        self._to_cancel = []

    def take(self, found: Found) -> Iterator[Noticed]:
        """Yield what it came to, and then what it came to for those who were told of an earlier problem."""
        match found.finding:
            case FactsChanged() as change:
                newest = self._known.problems[change.problem]
                yield Noticed(found, tuple(self._facts_changed(newest, change, found.found_at)) if newest else ())
                if newest:
                    yield from self._correct_earlier(newest, change, found.found_at)
            case ProblemPhase() as phase:
                yield self._phase(found, phase)
                yield from self._correct_earlier(phase, _facts_of(phase), found.found_at)

    def _phase(self, found: Found, phase: ProblemPhase) -> Noticed:
        match phase.phase:
            case Phase.OPENED:
                return Noticed(found, (self._add(phase, NoticePhase.OPENED, found.found_at, at=phase.at),))
            case Phase.UPDATED:
                return Noticed(found, tuple(self._updated(phase, found.found_at)))
            case Phase.CLEARED | Phase.SOLVED | Phase.MOOT | Phase.CORRECTED:
                return Noticed(found, tuple(self._tell_end(phase, found.found_at)), tuple(self._missed[phase.problem]))

    def _updated(self, phase: ProblemPhase, found_at: int) -> Iterator[Notice]:
        """A graver detector is told; a problem that came back is told where its clear was, or nothing yet was (S15)."""
        told = {each.notice for each in self._told_to_customers(phase)}
        self._cancel(phase.problem, lambda notice: notice.phase.begins or notice.phase.ends)
        clears = self._count(phase.problem, NoticePhase.CLEARED)
        clear_told = clears > 0 and notice_id(phase.problem, NoticePhase.CLEARED, clears - 1) in told
        if phase.graver or clear_told or not told:
            yield self._add(phase, NoticePhase.UPDATED, found_at, at=phase.at, graver=phase.graver)

    def _tell_end(self, phase: ProblemPhase, found_at: int) -> Iterator[Notice]:
        """A correction goes to all who were told, whatever the rule says of ends; moot is silent."""
        tells_end = self._tellings[phase.rule].tell.tells_end
        if phase.phase is Phase.MOOT or not (tells_end or phase.phase is Phase.CORRECTED):
            return
        for customer in dict.fromkeys(each.customer for each in self._told_to_customers(phase)):
            yield self._add(phase, NoticePhase(phase.phase), found_at, at=phase.at, customer=customer)

    def _told_to_customers(self, phase: ProblemPhase) -> Iterator[Told]:
        return (each for each in self._known.told[phase.problem] if each.phase is not NoticePhase.HANDED_OVER)

    def _facts_changed(self, problem: ProblemNow, change: FactsChanged, found_at: int) -> Iterator[Notice]:
        """A told fact that changed enough is an update; one that changed back before it was told is none (S15)."""
        if problem.ended:
            yield from self._correct_told(problem, change, found_at)
            return
        claims, telling = self._known.claims[change.problem], self._tellings[change.rule]
        fact = worth_telling(claims, change.facts, telling, changed=change.changed)
        if fact is not None:
            graver = any(self._cancel(change.problem, lambda notice: notice.phase.begins))
            yield self._add(problem, NoticePhase.UPDATED, found_at, at=change.at, fact=fact, graver=graver)
        elif worth_telling(claims, change.facts, telling) is None:
            self._cancel(change.problem, lambda notice: notice.fact is not None)

    def _correct_earlier(self, newest: ProblemPhase | ProblemNow, change: FactsChanged, found_at: int) -> Iterator[Noticed]:
        """Correct what was told of problems of this watch before the newest, where the newest does not speak for itself."""
        if not newest.number:
            return
        spoken_to = {each.customer for each in self._known.told[newest.problem]}
        those = spoken_to if newest.phase.ends else {*spoken_to, change.customer}
        for earlier in self._known.heard_of(newest.case):
            if earlier.problem != newest.problem and earlier.rule == newest.rule:
                own = replace(change, problem=earlier.problem)
                self._changes.append(own)
                notices = tuple(self._correct_told(earlier, own, found_at, but=those))
                if notices:
                    yield Noticed(Found(own, found_at), notices)

    def _correct_told(
        self, problem: ProblemNow, change: FactsChanged, found_at: int, *, but: Collection[str | None] = ()
    ) -> Iterator[Notice]:
        """After the end, whoever was told what is no longer so hears it, from us or from a person; moot concerns nobody."""
        if problem.phase is Phase.MOOT:
            return
        told = outdated(problem, self._known.heard[problem.case], change.facts, self._tellings[change.rule])
        wrong = {customer: each for customer, each in told.items() if customer not in but}
        waiting = {notice.customer: notice for notice in self._known.waiting[problem.problem] if notice.corrects_a_fact}
        self._to_cancel += [notice for customer, notice in waiting.items() if customer not in wrong]
        before = self._known.notices[problem.problem]
        for customer, each in wrong.items():
            phase = put_right_by(before, customer) if customer not in waiting else None
            about = problem
            if phase is NoticePhase.HANDED_OVER:
                self._to_hand_over.append(problem.problem)
                about = replace(problem, says=TOLD_TOO_OFTEN)
            if phase is not None:
                yield self._add(about, phase, found_at, at=change.at, customer=customer, fact=each.fact)

    def _cancel(self, problem: str, which: Callable[[Notice], bool]) -> list[bool]:
        """Cancel the waiting notices that match; return of each whether it was by a graver detector."""
        matching = [notice for notice in self._known.waiting[problem] if which(notice)]
        self._to_cancel += matching
        return [notice.graver for notice in matching]

    def _count(self, problem: str, phase: NoticePhase) -> int:
        """Return how many notices of this phase the problem has (S18)."""
        return sum(notice.phase is phase for notice in self._known.notices[problem])

    def _add(
        self,
        about: ProblemPhase | ProblemNow,
        phase: NoticePhase,
        found_at: int,
        *,
        at: int,
        customer: str | None = None,
        fact: str | None = None,
        graver: bool = False,
    ) -> Notice:
        number = self._count(about.problem, phase)
        notice = Notice(
            notice=notice_id(about.problem, phase, number),
            problem=about.problem,
            rule=about.rule,
            case=about.case,
            customer=customer or about.customer,
            phase=phase,
            number=number,
            detector=about.detector,
            fact=fact,
            says=about.says,
            at=at,
            found_at=found_at,
            urgency=self._tellings[about.rule].tell.urgency,
            graver=graver,
            ask_at=self._now,
        )
        self._to_add.append(notice)
        self._known.notices[about.problem] = [*self._known.notices[about.problem], notice]
        return notice


def _ends_with(notice: Notice, phase: ProblemPhase) -> bool:
    """Whether an end settles a notice; a problem that is cleared may come back, and then the desk is the one who speaks."""
    return notice.phase is not NoticePhase.HANDED_OVER or phase.phase is not Phase.CLEARED


def _is_missed(notice: Notice, phase: ProblemPhase) -> bool:
    return notice.phase.begins and notice.found_at - notice.at > MISSED_AFTER and phase.phase is not Phase.CORRECTED


def _facts_of(phase: ProblemPhase) -> FactsChanged:
    """Return a phase as what it says of the facts."""
    return FactsChanged(
        problem=phase.problem,
        rule=phase.rule,
        case=phase.case,
        customer=phase.customer,
        at=phase.at,
        changed=(),
        facts=phase.facts,
    )
