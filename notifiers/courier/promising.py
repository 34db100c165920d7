"""Promises: made with what was sent, kept with news, and taken over by a person when there is none to give."""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from contracts.customer import Customer
from contracts.ids import notice_id
from contracts.notice import LEASE, Notice, NoticePhase, Urgency
from contracts.promise import Promise, PromiseState
from contracts.tell import RuleTelling
from contracts.telling import ProblemNow, Stage
from notifiers.composing import Occasion
from notifiers.courier.asking import Asking
from notifiers.gates.often import before_the_end, comes_before_the_end
from notifiers.gates.question import Question
from notifiers.limits import Limits
from notifiers.ports import Ledger, Transaction
from notifiers.promises import deadline, keep_at, person_at

MOST_OVERDUE = 64
OPEN_TOO_LONG, NO_NEWS, FOURTH_NOTICE, GAVE_UP, CANNOT_SAY = "open_too_long", "no_news", "fourth_notice", "gave_up", "cannot_say"


class Promised(Struct, frozen=True):
    """deadline: by when the customer hears again. length: the rule's `next_update`. Microseconds."""

    customer: Customer
    deadline: int
    length: int

    def keep_at(self, *, by_a_person: bool) -> int:
        """Return from when on it is kept: by us not in the customer's quiet hours, which a person does not heed."""
        return person_at(self.deadline, self.length) if by_a_person else keep_at(self.deadline, self.length, self.customer)


class Reached(Struct, frozen=True):
    """A notice that its customer has heard, or may have. promise: what the message promised."""

    question: Question
    told: Notice
    occasion: Occasion
    promise: Promised | None


def promised(question: Question, now: int) -> Promised | None:
    """Return what a message sent now promises; ends, and problems that a person has taken over, promise nothing."""
    length, customer = question.rule.tell.next_update, question.customer
    speaks = comes_before_the_end(question.notice.phase) and question.problem.handed_over_at is None
    if length is None or customer is None or not speaks:
        return None
    return Promised(customer, deadline(now, length, customer), length)


class Promising:
    """Writes promises, and the notices that keep them or hand a problem over."""

    def __init__(self, ledger: Ledger, rules: Mapping[str, RuleTelling], asking: Asking, *, limits: Limits) -> None:
        self._ledger, self._rules, self._asking, self._limits = ledger, rules, asking, limits

    def make(self, tx: Transaction, heard: Sequence[Reached]) -> None:
        """Make the promises of notices that were sent, but of no problem that has ended or been handed over meanwhile."""
        promises = [self._promise(each.question, each.promise, each.occasion.now) for each in heard if each.promise is not None]
        if promises:
            may = tx.may_promise([promise.problem for promise in promises])
            tx.make_promises([promise for promise in promises if promise.problem in may])

    def _promise(self, question: Question, promise: Promised, sent_at: int) -> Promise:
        problem, told = question.problem, [*(each.phase for each in question.told_of_problem), question.notice.phase]
        return Promise(
            notice=question.notice.notice,
            problem=problem.problem,
            rule=problem.rule,
            case=problem.case,
            customer=promise.customer.customer,
            made_at=sent_at,
            deadline=promise.deadline,
            keep_at=promise.keep_at(by_a_person=_next_is_a_person(told, self._limits)),
            news_before=told.count(NoticePhase.NEWS),
        )

    def wake_news(self, now: int) -> frozenset[str]:
        """Return the problems whose promise is due; what waits to be told of them is asked at once, for it is the news."""
        due = self._ledger.promises_to_keep(now)
        if due:
            with self._ledger.transaction() as tx:
                for promise in due:
                    for notice in tx.waiting_of(promise.problem):
                        if notice.phase.begins:
                            tx.answer(replace(notice, ask_at=min(now, promise.keep_at)))
        return frozenset(promise.problem for promise in due)

    def keep(self, now: int, *, in_hand: Collection[str]) -> None:
        """Keep every promise that is due and was not overtaken: by news, by a person, or by nobody when its problem has ended.

        in_hand: customers who are being told something, which may be the news.
        """
        for promise in self._ledger.promises_to_keep(now):
            if promise.customer in in_hand:
                continue
            with self._ledger.transaction() as tx:
                self._keep(tx, promise, now)

    def answer_overdue(self, now: int, *, in_hand: Collection[str]) -> None:
        """Keep the promises whose deadline has passed and of which nothing waits to be told, before anything else is claimed."""
        overdue = (each for each in self._ledger.promises_to_keep(now) if each.deadline <= now and each.customer not in in_hand)
        for promise in islice(overdue, MOST_OVERDUE):
            with self._ledger.transaction() as tx:
                if not any(notice.phase.begins for notice in tx.waiting_of(promise.problem)):
                    self._keep(tx, promise, now, ask_at=promise.keep_at)

    def _keep(self, tx: Transaction, promise: Promise, now: int, *, ask_at: int | None = None) -> None:
        problem, rule = tx.problem(promise.problem), self._rules.get(promise.rule)
        if problem is None or rule is None or problem.ended or problem.handed_over_at is not None:
            tx.finish_promise(promise, PromiseState.ENDED, now=now)
        elif _next_is_a_person([each.phase for each in tx.told_of(promise.problem)], self._limits):
            self.hand_over(tx, problem, NO_NEWS, now)
        elif tx.finish_promise(promise, PromiseState.KEPT, now=now):
            urgency = Urgency.SOON if rule.tell.urgency is Urgency.NOW else rule.tell.urgency
            number, to = tx.notice_count(problem.problem, NoticePhase.NEWS), promise.customer
            news = notice_of(problem, NoticePhase.NEWS, number, customer=to, at=promise.keep_at, now=now, urgency=urgency)
            tx.add_notices([replace(news, ask_at=ask_at or now)])

    def hand_over_what_is_due(self, now: int) -> list[Notice]:
        """Hand over the problems that have been open for longer than their rule allows; return the notices, claimed already."""
        due = self._ledger.hand_overs_due(now)
        if not due:
            return []
        with self._ledger.transaction() as tx:
            notices = [replace(notice, claim=1, ask_at=now + LEASE) for notice in self._hand_over(tx, due, OPEN_TOO_LONG, now)]
            tx.add_notices(notices)
        return notices

    def hand_over(self, tx: Transaction, problem: ProblemNow, why: str, now: int) -> bool:
        """Give a problem to the desk, once; return whether the desk now gets it."""
        notices = self._hand_over(tx, [problem], why, now)
        tx.add_notices(notices)
        return bool(notices)

    def _hand_over(self, tx: Transaction, problems: Sequence[ProblemNow], why: str, now: int) -> list[Notice]:
        """End the promises of problems that were not handed over before; return the notices to the desk.

        A rule that tells nobody does not speak to the desk either.
        """
        handed_over = tx.hand_over([problem.problem for problem in problems], at=now)
        return [
            notice_of(
                replace(problem, says=why),
                NoticePhase.HANDED_OVER,
                0,
                customer=problem.customer,
                at=self._open_until(problem) if why == OPEN_TOO_LONG else now,
                now=now,
                urgency=Urgency.NOW,
            )
            for problem in problems
            if problem.problem in handed_over and problem.rule in self._rules and self._speaks(tx, problem)
        ]

    def _open_until(self, problem: ProblemNow) -> int:
        return problem.at + (self._rules[problem.rule].tell.open_for or 0)

    def _speaks(self, tx: Transaction, problem: ProblemNow) -> bool:
        state = self._asking.state(problem.rule)
        if state.stage is Stage.SHADOW or state.live_since is None:
            return False
        return problem.at >= state.live_since or bool(tx.told_of(problem.problem))


def notice_of(
    problem: ProblemNow, phase: NoticePhase, number: int, *, customer: str | None, at: int, now: int, urgency: Urgency
) -> Notice:
    """Return a notice of a problem, found and to be asked now."""
    return Notice(
        notice=notice_id(problem.problem, phase, number),
        problem=problem.problem,
        rule=problem.rule,
        case=problem.case,
        customer=customer,
        phase=phase,
        number=number,
        detector=problem.detector,
        says=problem.says,
        at=at,
        found_at=now,
        urgency=urgency,
        ask_at=now,
    )


def _next_is_a_person(told: Sequence[NoticePhase], limits: Limits) -> bool:
    return told.count(NoticePhase.NEWS) >= limits.news or before_the_end(told) >= limits.before_end
