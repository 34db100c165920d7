"""Claimed notices: the gates' verdicts are written down where they hold or withhold, and what passes is returned to be sent."""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from contracts.notice import Answer, Notice, NoticePhase, Reason
from contracts.tell import RuleTelling
from contracts.verdict import Hold, Look, Pass, Said, Verdict, Withhold
from notifiers.channels import Desk
from notifiers.courier.desk_words import NOTED, DeskWords
from notifiers.courier.happenings import HandedOver, Happening, Held, Withheld
from notifiers.courier.promising import FOURTH_NOTICE, Promising
from notifiers.courier.receipts import Receipts
from notifiers.gates import Gate, judge
from notifiers.gates.often import is_one_too_many
from notifiers.gates.question import Question
from notifiers.ports import Ledger, Transaction

DESK = "desk"
TIMED = (Reason.QUIET_HOURS, Reason.CAPS, Reason.GROUPING)


class Passed(Struct, frozen=True):
    """A question that every gate let pass. look: what they said."""

    question: Question
    look: Look


class Deciding:
    def __init__(self, ledger: Ledger, receipts: Receipts, promising: Promising, *, desk: Desk, words: DeskWords) -> None:
        self._ledger, self._receipts, self._promising = ledger, receipts, promising
        self._desk, self._words = desk, words

    async def decide(self, questions: Sequence[Question], now: int, happened: list[Happening]) -> list[Passed]:
        """Ask the gates of each and write down what is held or withheld; return what passed."""
        held: list[tuple[Question, Hold, Look]] = []
        withheld: list[tuple[Question, Reason, Look]] = []
        passed: list[Passed] = []
        for question in questions:
            verdict, asked = judge(question, now)
            if question.notice.channel is not None:
                heard = self._receipts.heard_by(question, may_repeat=_may_still_pass(verdict))
                if heard is not None:
                    happened += self._receipts.assume_told(question, heard, now)
                    continue
            look = Look(question.notice.notice, now, _said(asked, verdict))
            match verdict:
                case Hold():
                    held.append((question, verdict, look))
                case Withhold(reason=reason):
                    withheld.append((question, reason, look))
                case Pass():
                    passed.append(Passed(question, look))
        self._hold(held, now, happened)
        for question, reason, look in withheld:
            await self._withhold(question, reason, look, happened)
        return passed

    def _hold(self, held: Sequence[tuple[Question, Hold, Look]], now: int, happened: list[Happening]) -> None:
        """Hold them, and say so where the reason or the time is new; who is woken early and waits on for the same is no news."""
        if not held:
            return
        news: list[Look] = []
        with self._ledger.transaction() as tx:
            for question, hold, look in held:
                notice = question.notice
                waits = replace(notice, answer=Answer.HELD, reason=hold.reason, ask_at=hold.until)
                if tx.answer(waits) and (hold.reason is not notice.reason or hold.reason in TIMED):
                    news.append(look)
                    if notice.phase is not NoticePhase.NEWS:
                        happened.append(Held(waits, now, hold.reason, hold.until))
            tx.log_gates(news)

    async def _withhold(self, question: Question, reason: Reason, look: Look, happened: list[Happening]) -> None:
        """Withhold it; the desk gets to know what a person should, before it is written down, so that a crash loses nothing."""
        if reason in NOTED:
            await self._desk.take(self._words.note(question, reason, look.at))
        withheld = replace(question.notice, answer=Answer.WITHHELD, reason=reason, ask_at=None)
        with self._ledger.transaction() as tx:
            if tx.answer(withheld):
                tx.log_gates([look])
                to_a_person = self._goes_to_a_person(tx, question, reason, look.at)
                happened.append(Withheld(withheld, look.at, reason, to_a_person=to_a_person))

    def _goes_to_a_person(self, tx: Transaction, question: Question, reason: Reason, now: int) -> bool:
        """Whether it would have been one notice too many, and a person takes over now."""
        too_many = reason is Reason.CAPS and is_one_too_many(question)
        return too_many and self._promising.hand_over(tx, question.problem, FOURTH_NOTICE, now)

    async def give_to_desk(self, notice: Notice, rule: RuleTelling, now: int, happened: list[Happening]) -> None:
        """Deliver a hand-over: at least once, under its notice's id."""
        await self._desk.take(self._words.hand_over(notice, rule, now))
        given = replace(notice, answer=Answer.TOLD, ask_at=None, channel=DESK, sent_at=now)
        with self._ledger.transaction() as tx:
            if tx.answer(given):
                happened.append(HandedOver(given, now, rule.tell.desk))

    def put_back(self, notices: Sequence[Notice], ask_at: int) -> None:
        """Have notices asked again at a time, with nothing else changed."""
        with self._ledger.transaction() as tx:
            for notice in notices:
                tx.answer(replace(notice, ask_at=ask_at))

    def cancel(self, notices: Sequence[Notice]) -> None:
        """End notices whose rule or problem is no more."""
        if notices:
            with self._ledger.transaction() as tx:
                for notice in notices:
                    tx.answer(replace(notice, answer=Answer.CANCELLED, reason=None, ask_at=None))


def _may_still_pass(verdict: Verdict) -> bool:
    """Whether it may be said, now or at a known time."""
    return isinstance(verdict, Pass) or (isinstance(verdict, Hold) and verdict.until is not None)


@lru_cache(maxsize=1024)
def _said(asked: tuple[Gate, ...], verdict: Verdict) -> tuple[Said, ...]:
    """Return what each gate said: all but the last let it pass."""
    *before, last = [gate.__name__ for gate in asked]
    passes: list[Said] = [(gate, "pass", None, None) for gate in before]
    match verdict:
        case Pass():
            return (*passes, (last, "pass", None, None))
        case Hold(until=until, reason=reason):
            return (*passes, (last, "hold", reason.value, until))
        case Withhold(reason=reason):
            return (*passes, (last, "withhold", reason.value, None))
