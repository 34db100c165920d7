"""A claimed notice in, the question for the gates out: all that the ledger knows about it at this moment."""

from collections.abc import Callable, Mapping

from contracts.customer import Customer
from contracts.notice import Answer, Notice
from contracts.tell import RuleTelling
from contracts.telling import RuleState, Stage, Told
from notifiers.gates.often import looks_back
from notifiers.gates.question import Question
from notifiers.limits import Limits
from notifiers.ports import Ledger, Silence
from notifiers.profiles import Defaults, customer_of

Sight = Callable[[str], tuple[int | None, int]]
AWAITS_TELLING = (Answer.WAITING, Answer.HELD, Answer.TOLD)


def sees_all(case: str) -> tuple[int | None, int]:
    """The sight of a replay or a test: there is no backlog."""
    return None, 0


class Asking:
    """sight: case to (W of its source, the source's own lag), as Telling wants them."""

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

    def question(self, notice: Notice, now: int, *, keeps_promise: bool) -> Question | None:
        """Return what the gates are asked; None for a rule or a problem that is no more."""
        rule, problem = self._rules.get(notice.rule), self._ledger.problem(notice.problem)
        if rule is None or problem is None:
            return None
        whose = self._whose(notice, problem.customer)
        seen_up_to, lag = self._sight(notice.case)
        return Question(
            notice=notice,
            rule=rule,
            state=self.state(notice.rule),
            problem=problem,
            customer=self._customer(whose),
            told_of_problem=tuple(told for told in self._ledger.told_of(notice.problem) if told.notice != notice.notice),
            told_lately=self._told_lately(notice, whose, now),
            silenced=any(_covers(silence, notice, whose) for silence in self._silences),
            complained=self._complained(notice.case, whose, now),
            cause_open=bool(rule.tell.unless_open) and self._cause_speaks(notice.case, rule.tell.unless_open),
            seen_up_to=seen_up_to,
            lag=lag,
            limits=self._limits,
            keeps_promise=keeps_promise,
            says_when_late=self._says_when_late,
        )

    def _whose(self, notice: Notice, of_problem: str | None) -> str | None:
        """A beginning goes to the newest customer of its case; all that follows to whom the beginning was told."""
        if not notice.phase.begins and notice.customer is not None:
            return notice.customer
        case = self._ledger.load_cases((notice.case,)).get(notice.case)
        return (case.customer if case else None) or notice.customer or of_problem

    def _customer(self, whose: str | None) -> Customer | None:
        row = self._ledger.customer(whose) if whose is not None else None
        return customer_of(row, self._defaults) if row is not None else None

    def _told_lately(self, notice: Notice, whose: str | None, now: int) -> tuple[Told, ...]:
        """Return what was sent to the customer in the last 7 days; nothing where no gate looks back."""
        if whose is None or not looks_back(notice):
            return ()
        return tuple(
            told for told in self._ledger.told_to(whose, since=now - self._limits.window) if told.notice != notice.notice
        )

    def _complained(self, case: str, whose: str | None, now: int) -> bool:
        about = (case,) if whose is None else (case, f"customer/{whose}")
        return any(
            complaint.raised_at is not None
            and complaint.raised_at <= now
            and (complaint.resolved_at is None or complaint.resolved_at < complaint.raised_at)
            for complaint in self._ledger.complaints(about)
        )

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


def _covers(silence: Silence, notice: Notice, whose: str | None) -> bool:
    parts = ((silence.rule, notice.rule), (silence.case, notice.case), (silence.customer, whose))
    return all(asked is None or asked == found for asked, found in parts)
