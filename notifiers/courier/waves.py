"""Claimed notices are told in waves, of each customer one at a time, so that each is asked after what was told before it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from contracts.notice import Notice, NoticePhase, Urgency, in_order
from contracts.tell import RuleTelling
from contracts.times import SECOND
from notifiers.courier.asking import Asking
from notifiers.courier.deciding import Deciding, Passed
from notifiers.courier.happenings import Happening
from notifiers.courier.letters import Bundle, route
from notifiers.courier.sending import Sending
from notifiers.gates.question import Question

T = TypeVar("T")
Digests: TypeAlias = dict[str, list[Passed]]


class Waves:
    """in_hand: customers to whom something is being told; rounds may overlap, and each customer hears one thing at a time."""

    def __init__(self, rules: Mapping[str, RuleTelling], asking: Asking, deciding: Deciding, sending: Sending) -> None:
        self._rules, self._asking, self._deciding, self._sending = rules, asking, deciding, sending
        self.in_hand: set[str] = set()

    async def tell(self, notices: Iterable[Notice], now: int, due: Collection[str]) -> list[Happening]:
        """Tell claimed notices in the order (at, case, rule), the digests at the end; due: problems of which news is due.

        Return what happened, customer by customer, in the order of their first notices.
        """
        waiting = ordered = in_order(notices)
        happened: list[Happening] = []
        digests: Digests = {}
        ours: set[str] = set()
        try:
            while waiting:
                wave, later = one_each(waiting, lambda notice: notice.customer)
                postponed = await self._wave(wave, now, due, digests, happened, ours=ours)
                waiting = in_order([*postponed, *later]) if postponed else later
            if digests:
                happened += await self._sending.send([_bundle(passed) for passed in digests.values()], now)
        finally:
            self.in_hand -= ours
        return _by_customer(happened, ordered)

    async def _wave(
        self,
        notices: Sequence[Notice],
        now: int,
        due: Collection[str],
        digests: Digests,
        happened: list[Happening],
        *,
        ours: set[str],
    ) -> list[Notice]:
        """Return those that wait for the next wave: their case is by now of a customer who is told something else in this one.

        ours: customers in our hands, until all of them have heard; who is in the hands of another round is left to it.
        """
        for_desk, for_customers = self._parted(notices)
        later: Sequence[Question] = ()
        if for_customers:
            questions = self._asking.questions(for_customers, now, due=due)
            self._cancel_unknown(for_customers, questions)
            asked, later = one_each(self._left_to_us(questions, now, ours), _told)
            passed = await self._deciding.decide(asked, now, happened)
            bundles = [_bundle([each]) for each in passed if not _waits_for_digest(each, digests)]
            happened += await self._sending.send(bundles, now)
        for notice in for_desk:
            await self._deciding.give_to_desk(notice, self._rules[notice.rule], now, happened)
        return [question.notice for question in later]

    def _parted(self, notices: Sequence[Notice]) -> tuple[Sequence[Notice], Sequence[Notice]]:
        """Return what goes to the desk, and what goes to customers."""
        for_desk: list[Notice] = []
        for_customers: list[Notice] = []
        for notice in notices:
            is_for_desk = notice.phase is NoticePhase.HANDED_OVER and notice.rule in self._rules
            (for_desk if is_for_desk else for_customers).append(notice)
        return for_desk, for_customers

    def _left_to_us(self, questions: Sequence[Question], now: int, ours: set[str]) -> Sequence[Question]:
        """Take customers into our hands; what is of somebody who is in those of another round is asked again in a moment."""
        theirs = self.in_hand - ours
        if taken := [question for question in questions if _told(question) in theirs]:
            self._deciding.put_back([question.notice for question in taken], now + SECOND)
            questions = [question for question in questions if _told(question) not in theirs]
        ours.update([customer for question in questions if (customer := _told(question)) is not None])
        self.in_hand |= ours
        return questions

    def _cancel_unknown(self, notices: Sequence[Notice], questions: Sequence[Question]) -> None:
        if len(questions) < len(notices):
            known = {question.notice.notice for question in questions}
            self._deciding.cancel([notice for notice in notices if notice.notice not in known])


def one_each(things: Sequence[T], whose: Callable[[T], str | None]) -> tuple[Sequence[T], Sequence[T]]:
    """Return the first thing of each customer, with everything that is of nobody, and the rest."""
    first: list[T] = []
    later: list[T] = []
    seen: set[str] = set()
    for thing in things:
        customer = whose(thing)
        if customer is None:
            first.append(thing)
        elif customer in seen:
            later.append(thing)
        else:
            first.append(thing)
            seen.add(customer)
    return first, later


def _told(question: Question) -> str | None:
    return question.customer.customer if question.customer is not None else None


def _bundle(passed: Sequence[Passed]) -> Bundle:
    questions = [each.question for each in passed]
    return Bundle(questions, list(route(questions[0])), [each.look for each in passed])


def _waits_for_digest(passed: Passed, digests: Digests) -> bool:
    """Add what belongs into a digest to its customer's."""
    question = passed.question
    if question.notice.urgency is not Urgency.DIGEST or question.keeps_promise or question.customer is None:
        return False
    digests.setdefault(question.customer.customer, []).append(passed)
    return True


def _by_customer(happened: list[Happening], notices: Sequence[Notice]) -> list[Happening]:
    if len(happened) < 2:
        return happened
    first: dict[str, int] = {}
    place = {each.notice: first.setdefault(each.customer or each.notice, number) for number, each in enumerate(notices)}
    return sorted(happened, key=lambda happening: place[happening.notice.notice])
