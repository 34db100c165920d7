"""What a finding does to notices: which one it makes, which ones it cancels, inside the transaction that records it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from contracts.ids import notice_id
from contracts.notice import Answer, Notice, NoticePhase, Reason
from contracts.problem import FactsChanged, Finding, Phase, ProblemPhase
from contracts.promise import PromiseState
from contracts.tell import RuleTelling
from contracts.telling import ProblemNow
from contracts.times import DAY
from notifiers.claims import worth_telling
from notifiers.corrections import TOLD_TOO_OFTEN, outdated, put_right_by
from storage.store import Transaction

MISSED_AFTER = DAY
FIRST = 0


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
    """Writes findings and the notices that they make into one transaction.

    now: the clock, when the new notices are asked. cancelled: how many waiting ones were, by rule.
    """

    def __init__(self, tx: Transaction, tellings: Mapping[str, RuleTelling], *, now: int) -> None:
        self._tx, self._tellings, self._now = tx, tellings, now
        self.cancelled: Counter[str] = Counter()

    def take(self, found: Found) -> Iterator[Noticed]:
        """Yield what it came to, and then what it came to for those who were told of an earlier problem."""
        match found.finding:
            case FactsChanged() as change:
                self._tx.update_facts(change)
                newest = self._tx.problem(change.problem)
                yield Noticed(found, tuple(self._facts_changed(newest, change, found.found_at)) if newest else ())
                if newest:
                    yield from self._correct_earlier(newest, change, found.found_at)
            case ProblemPhase() as phase:
                telling = self._tellings[phase.rule]
                hand_over_at = phase.at + telling.tell.open_for if phase.phase is Phase.OPENED and telling.tell.open_for else None
                is_new = self._tx.record_phase(phase, found_at=found.found_at, hand_over_at=hand_over_at)
                yield self._phase(found, phase, telling) if is_new else Noticed(found)
                if is_new:
                    yield from self._correct_earlier(phase, _facts_of(phase), found.found_at)

    def _phase(self, found: Found, phase: ProblemPhase, telling: RuleTelling) -> Noticed:
        match phase.phase:
            case Phase.OPENED:
                return Noticed(found, (self._add(phase, NoticePhase.OPENED, found.found_at, at=phase.at, number=FIRST),))
            case Phase.UPDATED:
                return Noticed(found, tuple(self._updated(phase, found.found_at)))
            case Phase.CLEARED | Phase.SOLVED | Phase.MOOT | Phase.CORRECTED:
                missed = tuple(self._end(phase, found.found_at))
                return Noticed(found, tuple(self._tell_end(phase, telling, found.found_at)), missed)

    def _updated(self, phase: ProblemPhase, found_at: int) -> Iterator[Notice]:
        """A graver detector is told; a problem that came back is told where its clear was, or nothing yet was (S15)."""
        told = {each.notice for each in self._tx.told_of(phase.problem) if each.phase is not NoticePhase.HANDED_OVER}
        self._cancel(phase.problem, lambda notice: notice.phase.begins or notice.phase.ends)
        clears = self._tx.notice_count(phase.problem, NoticePhase.CLEARED)
        clear_told = clears > 0 and notice_id(phase.problem, NoticePhase.CLEARED, clears - 1) in told
        if phase.graver or clear_told or not told:
            yield self._add(phase, NoticePhase.UPDATED, found_at, at=phase.at, graver=phase.graver)

    def _end(self, phase: ProblemPhase, found_at: int) -> Iterator[Notice]:
        """Cancel what waits; yield what an end made too late to be told: found more than a day after it was true (S21)."""
        for notice in self._tx.waiting_of(phase.problem):
            if notice.phase is NoticePhase.HANDED_OVER and phase.phase is Phase.CLEARED:
                continue  # the problem may come back, and then the desk is the one who speaks
            late = notice.phase.begins and notice.found_at - notice.at > MISSED_AFTER and phase.phase is not Phase.CORRECTED
            if late:
                self._tx.settle(notice, Answer.WITHHELD, reason=Reason.MISSED)
                yield notice
            else:
                self._settle_cancelled(notice)
        self._tx.end_promises(phase.problem, PromiseState.ENDED, now=self._now)

    def _tell_end(self, phase: ProblemPhase, telling: RuleTelling, found_at: int) -> Iterator[Notice]:
        """A correction goes to all who were told, whatever the rule says of ends; moot is silent."""
        if phase.phase is Phase.MOOT or not (telling.tell.tells_end or phase.phase is Phase.CORRECTED):
            return
        told = [each.customer for each in self._tx.told_of(phase.problem) if each.phase is not NoticePhase.HANDED_OVER]
        for customer in dict.fromkeys(told):
            yield self._add(phase, NoticePhase(phase.phase), found_at, at=phase.at, customer=customer)

    def _facts_changed(self, problem: ProblemNow, change: FactsChanged, found_at: int) -> Iterator[Notice]:
        """A told fact that changed enough is an update; one that changed back before it was told is none (S15)."""
        if problem.ended:
            yield from self._correct_told(problem, change, found_at)
            return
        claims, telling = self._tx.last_claims(change.problem), self._tellings[change.rule]
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
        spoken_to = {each.customer for each in self._tx.told_of(newest.problem)}
        is_open = not newest.phase.ends
        told = dict.fromkeys(each.problem for each in self._tx.heard_on(newest.case))
        for earlier in (problem for name in told if name != newest.problem and (problem := self._tx.problem(name)) is not None):
            if earlier.rule == newest.rule:
                own = replace(change, problem=earlier.problem)
                self._tx.update_facts(own)
                those = {*spoken_to, change.customer} if is_open else spoken_to
                notices = tuple(self._correct_told(earlier, own, found_at, but=those))
                if notices:
                    yield Noticed(Found(own, found_at), notices)

    def _correct_told(
        self, problem: ProblemNow, change: FactsChanged, found_at: int, *, but: Collection[str | None] = ()
    ) -> Iterator[Notice]:
        """After the end, whoever was told what is no longer so hears it, from us or from a person; moot concerns nobody."""
        if problem.phase is Phase.MOOT:
            return
        told = outdated(problem, self._tx.heard_on(problem.case), change.facts, self._tellings[change.rule])
        wrong = {customer: each for customer, each in told.items() if customer not in but}
        waiting = {notice.customer: notice for notice in self._tx.waiting_of(problem.problem) if notice.corrects_a_fact}
        for customer in waiting.keys() - wrong.keys():
            self._settle_cancelled(waiting[customer])
        before = self._tx.notices_of(problem.problem)
        for customer, each in wrong.items():
            phase = put_right_by(before, customer) if customer not in waiting else None
            about = problem
            if phase is NoticePhase.HANDED_OVER:
                self._tx.hand_over([problem.problem], at=self._now)
                about = replace(problem, says=TOLD_TOO_OFTEN)
            if phase is not None:
                yield self._add(about, phase, found_at, at=change.at, customer=customer, fact=each.fact)

    def _cancel(self, problem: str, which: Callable[[Notice], bool]) -> list[bool]:
        """Cancel the waiting notices that match; return of each whether it was by a graver detector."""
        matching = [notice for notice in self._tx.waiting_of(problem) if which(notice)]
        for notice in matching:
            self._settle_cancelled(notice)
        return [notice.graver for notice in matching]

    def _settle_cancelled(self, notice: Notice) -> None:
        self._tx.settle(notice, Answer.CANCELLED)
        self.cancelled[notice.rule] += 1

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
        number: int | None = None,
    ) -> Notice:
        """number: of notices of this phase of the problem before it, None to ask the store (S18)."""
        if number is None:
            number = self._tx.notice_count(about.problem, phase)
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
        self._tx.add_notice(notice)
        return notice


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
