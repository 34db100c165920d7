"""What became of a message: the try ends, its notices are told and promised, tried again later, or given to a person."""

from collections.abc import Sequence

from msgspec.structs import replace

from contracts.ids import message_id
from contracts.message import Attempt, Outcome
from contracts.notice import Answer, Notice, NoticePhase
from contracts.verdict import Look
from notifiers.channels import Reply
from notifiers.composing import Occasion
from notifiers.courier.happenings import Happening, News, Told
from notifiers.courier.letters import Letter, Sealed, news_text, route
from notifiers.courier.promising import Promising, Reached, promised
from notifiers.courier.retries import next_try_at
from notifiers.gates.question import Question
from notifiers.ports import Ledger, Transaction

UNANSWERED = (Outcome.SENDING, Outcome.AMBIGUOUS)
MAY_HAVE_ARRIVED = (Outcome.ACCEPTED, *UNANSWERED)


class Receipts:
    def __init__(self, ledger: Ledger, promising: Promising) -> None:
        self._ledger, self._promising = ledger, promising

    def write(self, bundles: Sequence[Sealed], replies: Sequence[Reply], now: int, happened: list[Happening]) -> list[Sealed]:
        """Write down what became of bundles; return those that their channel will not take any more."""
        accepted: list[tuple[Letter, str]] = []
        refused: list[Sealed] = []
        with self._ledger.transaction() as tx:
            for bundle, reply in zip(bundles, replies, strict=True):
                match reply.outcome:
                    case Outcome.ACCEPTED:
                        accepted += [(letter, reply.detail) for letter in bundle.letters]
                    case Outcome.AMBIGUOUS | Outcome.SENDING:
                        happened += self._unanswered(tx, bundle, reply, now)
                    case Outcome.RETRY | Outcome.REFUSED:
                        if not self._try_again(tx, bundle.letters, reply, now):
                            refused.append(bundle)
            happened += self._accepted(tx, accepted, now)
        return refused

    def _accepted(self, tx: Transaction, letters: Sequence[tuple[Letter, str]], now: int) -> list[Happening]:
        """They are told, and promised, if their claims are still ours; if not, another courier finds the receipts."""
        ours = {
            send.notice.notice: send.notice for send in tx.accept([letter.accepted(now, detail) for letter, detail in letters])
        }
        heard = [
            Reached(letter.question, told, letter.occasion, letter.promise)
            for letter, _ in letters
            if (told := ours.get(letter.draft.notice)) is not None
        ]
        return self._heard(tx, heard, now)

    def _unanswered(self, tx: Transaction, bundle: Sealed, reply: Reply, now: int) -> list[Happening]:
        """It counts as told; where twice is no harm, and for the first time, it is sent once more all the same."""
        heard: list[Reached] = []
        for letter in bundle.letters:
            tx.save_attempt(letter.attempt(Outcome.AMBIGUOUS, ended_at=now, detail=reply.detail))
            message, again = letter.draft.message, None
            if not bundle.carrier.at_most_once and sum(each.outcome in UNANSWERED for each in tx.attempts(message)) == 1:
                again = next_try_at(message, letter.tries, ended=now)
            told = letter.told(again=again)
            if tx.answer(told):
                heard.append(Reached(letter.question, told, letter.occasion, letter.promise))
        return self._heard(tx, heard, now)

    def _try_again(self, tx: Transaction, letters: Sequence[Letter], reply: Reply, now: int) -> bool:
        """Whether this channel is tried again later, which its reply may rule out, or the number of tries."""
        tries = max(letter.tries for letter in letters)
        again = next_try_at(letters[0].draft.message, tries, ended=now) if reply.outcome is Outcome.RETRY else None
        outcome = Outcome.REFUSED if again is None else Outcome.RETRY
        for letter in letters:
            tx.save_attempt(letter.attempt(outcome, ended_at=now, detail=reply.detail))
            if again is not None:
                tx.answer(letter.waiting(again))
        return again is not None

    def _heard(self, tx: Transaction, heard: Sequence[Reached], now: int) -> list[Happening]:
        """Promise and say so, the first time that it may have been heard: what was sent again was told and promised then."""
        first = [each for each in heard if each.question.notice.sent_at is None]
        self._promising.make(tx, first)
        return [
            News(each.told, now, news_text(each.occasion)) if each.told.phase is NoticePhase.NEWS else Told(each.told, now)
            for each in first
        ]

    def assume_told(self, question: Question, attempt: Attempt, now: int) -> list[Happening]:
        """Take a try without an answer for told: it may have arrived, and twice is worse than once, or it is no longer true."""
        notice, customer = question.notice, question.customer
        occasion = Occasion(channel=notice.channel or "", now=attempt.began_at)
        told = replace(
            notice,
            answer=Answer.TOLD,
            reason=None,
            ask_at=None,
            customer=customer.customer if customer else notice.customer,
            sent_at=attempt.began_at if notice.sent_at is None else notice.sent_at,
        )
        with self._ledger.transaction() as tx:
            if attempt.outcome is Outcome.SENDING:
                tx.save_attempt(replace(attempt, outcome=Outcome.AMBIGUOUS, ended_at=now, detail="no answer came"))
            if not tx.answer(told):
                return []
            return self._heard(tx, [Reached(question, told, occasion, promised(question, attempt.began_at))], now)

    def give_up(self, question: Question, why: str, now: int, *, detail: str = "") -> list[Happening]:
        """Nobody can be told this: a person takes over. But where a try may have arrived, it counts as told."""
        notice = question.notice
        for word in route(question) if notice.channel is not None else ():
            if heard := [each for each in self._tries(notice, word) if each.outcome in MAY_HAVE_ARRIVED]:
                return self.assume_told(replace(question, notice=replace(notice, channel=word)), heard[-1], now)
        with self._ledger.transaction() as tx:
            if tx.answer(replace(notice, answer=Answer.CANCELLED, reason=None, ask_at=None)):
                tx.log_gates([Look(notice.notice, now, ((why, "cancelled", detail or None, None),))])
                self._promising.hand_over(tx, question.problem, why, now)
        return []

    def _tries(self, notice: Notice, word: str) -> Sequence[Attempt]:
        return self._ledger.attempts(message_id(notice.notice, word))
