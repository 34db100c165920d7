"""Claimed notices in, the questions for the gates out: all that the ledger knows about them at this moment."""

from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec.structs import replace

from contracts.notice import Answer, Notice, NoticePhase
from contracts.tell import RuleTelling
from contracts.telling import Complaint, ProblemNow, RuleState, Silence, Stage, Standing, Told
from notifiers.corrections import Outdated, outdated
from notifiers.gates.often import looks_back
from notifiers.gates.question import Question
from notifiers.limits import Limits
from notifiers.ports import Ledger
from notifiers.profiles import Defaults, customer_of

Sight = Callable[[str], tuple[int | None, int]]
AWAITS_TELLING = (Answer.WAITING, Answer.HELD, Answer.TOLD)


def sees_all(case: str) -> tuple[int | None, int]:
    """The sight of a replay or a test: there is no backlog."""
    return None, 0


class Asking:
    """sight: case to (W of its source, the source's own lag), as Question wants them."""

    def __init__(
        self,
        ledger: Ledger,
        rules: Mapping[str, RuleTelling],
        *,
        defaults: Defaults,
        limits: Limits,
        sight: Sight,
        says_when_late: bool,
    ) -> None:
        self._ledger, self._rules, self._defaults = ledger, rules, defaults
        self._limits, self._sight, self._says_when_late = limits, sight, says_when_late
        self._states: Mapping[str, RuleState] = {}
        self._silences: tuple[Silence, ...] = ()

    def begin_round(self, now: int) -> None:
        """Read what is the same for all notices of a round."""
        self._states = self._ledger.rule_states()
        self._silences = tuple(self._ledger.silences(now))

    def state(self, rule: str) -> RuleState:
        """Return what was decided about a rule; one of which nothing is known is in shadow."""
        return self._states.get(rule) or RuleState(rule=rule, stage=Stage.SHADOW, live_since=None)

    def questions(self, notices: Sequence[Notice], now: int, *, due: Collection[str]) -> Sequence[Question]:
        """Return what the gates are asked of each, in order, from a few questions to the ledger for all of them.

        A notice of a rule or a problem that is no more is left out. due: problems whose promise is to be kept.
        """
        standings = self._ledger.standings([notice.notice for notice in notices])
        known = [notice for notice in notices if notice.notice in standings and notice.rule in self._rules]
        told_of = self._told_before(known)
        told_to = self._told_lately(known, standings, now)
        return [
            self._question(
                notice,
                standings[notice.notice],
                now,
                told_of_problem=_others(told_of.get(notice.problem), notice),
                told_lately=_others(told_to.get(standings[notice.notice].whose or ""), notice) if looks_back(notice) else (),
                keeps_promise=notice.problem in due,
            )
            for notice in known
        ]

    def _told_before(self, notices: Sequence[Notice]) -> Mapping[str, Sequence[Told]]:
        """Return what was sent of each problem; nothing can have been where its first notice waits to be tried."""
        problems = {each.problem for each in notices if each.phase is not NoticePhase.OPENED or each.number or each.channel}
        return self._ledger.told_of_each(list(problems)) if problems else {}

    def _told_lately(
        self, notices: Sequence[Notice], standings: Mapping[str, Standing], now: int
    ) -> Mapping[str, Sequence[Told]]:
        """Return what was sent to each customer in the last 7 days; nothing where no gate looks back."""
        those = {whose for notice in notices if looks_back(notice) and (whose := standings[notice.notice].whose) is not None}
        return self._ledger.told_to_each(list(those), since=now - self._limits.window) if those else {}

    def _question(
        self,
        notice: Notice,
        standing: Standing,
        now: int,
        *,
        told_of_problem: tuple[Told, ...],
        told_lately: tuple[Told, ...],
        keeps_promise: bool,
    ) -> Question:
        rule, problem = self._rules[notice.rule], _as_it_is(standing.problem)
        wrong = self._outdated(notice, problem, rule) if notice.corrects_a_fact else None
        seen_up_to, lag = self._sight(notice.case)
        return Question(
            notice=notice,
            rule=rule,
            state=self.state(notice.rule),
            problem=problem,
            customer=customer_of(standing.row, self._defaults) if standing.row is not None else None,
            told_of_problem=told_of_problem,
            told_lately=told_lately,
            silenced=any(_covers(silence, notice, standing.whose) for silence in self._silences),
            complained=any(_is_unresolved(complaint, now) for complaint in standing.complaints),
            cause_open=bool(rule.tell.unless_open) and self._cause_speaks(notice.case, rule.tell.unless_open),
            corrects=wrong.heard if wrong is not None else None,
            seen_up_to=seen_up_to,
            lag=lag,
            limits=self._limits,
            keeps_promise=keeps_promise,
            says_when_late=self._says_when_late,
        )

    def _outdated(self, notice: Notice, problem: ProblemNow, rule: RuleTelling) -> Outdated | None:
        """Return what the customer was told and is no longer so; None when it is so again, or another message said it."""
        heard = [each for each in self._ledger.heard_on(problem.case) if each.notice != notice.notice]
        wrong = outdated(problem, heard, problem.facts, rule)
        return wrong.get(notice.customer or "")

    def _cause_speaks(self, case: str, causes: tuple[str, ...]) -> bool:
        """Whether a problem of a cause is open and spoken of, on this case or on one that an event named with it."""
        cases = (case, *self._ledger.linked_cases(case))
        return any(
            self.state(problem.rule).stage is Stage.LIVE and self._is_spoken_of(problem.problem)
            for problem in self._ledger.open_problems(cases, causes)
        )

    def _is_spoken_of(self, problem: str) -> bool:
        notices = self._ledger.notices_of(problem)
        return any(notice.phase.begins and notice.answer in AWAITS_TELLING for notice in notices)


def _as_it_is(problem: ProblemNow) -> ProblemNow:
    """Return the problem with its newest facts: what is said of its end is not what was so by then."""
    return problem if problem.later is None else replace(problem, facts=problem.later)


def _others(told: Sequence[Told] | None, notice: Notice) -> tuple[Told, ...]:
    """Return what was told beside this notice, of which an earlier try may have arrived."""
    return tuple([each for each in told if each.notice != notice.notice]) if told else ()


def _is_unresolved(complaint: Complaint, now: int) -> bool:
    raised, resolved = complaint.raised_at, complaint.resolved_at
    return raised is not None and raised <= now and (resolved is None or resolved < raised)


def _covers(silence: Silence, notice: Notice, whose: str | None) -> bool:
    parts = ((silence.rule, notice.rule), (silence.case, notice.case), (silence.customer, whose))
    return all(asked is None or asked == found for asked, found in parts)
