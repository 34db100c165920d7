"""What became of a message: the try ends, its notices are told and promised, tried again later, or given to a person."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from contracts.message import NO_ANSWER_CAME, Outcome
from contracts.notice import Answer, NoticePhase
from contracts.receipt import Receipt, ReceiptKind
from contracts.verdict import Look
from notifiers.channels import Reply
from notifiers.composing import Occasion
from notifiers.courier.happenings import Happening, News, Told, Tried
from notifiers.courier.letters import Letter, Sealed, news_text
from notifiers.courier.posting import Carrier
from notifiers.courier.promising import Promising, Reached, promised
from notifiers.courier.tries import MOST_TRIES, Try, next_try_at, tries_of
from notifiers.gates.question import Question
from notifiers.ports import Ledger, Transaction


class Receipts:
    """carrier: a channel by its word."""

    def __init__(self, ledger: Ledger, promising: Promising, *, carrier: Callable[[str], Carrier]) -> None:
        self._ledger, self._promising, self._carrier = ledger, promising, carrier

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
                        if not self._try_again(tx, bundle.letters, reply, now, happened):
                            refused.append(bundle)
            happened += self._accepted(tx, accepted, now)
            if told := [letter.draft.message for each in bundles if each.carrier.care is not None for letter in each.letters]:
                tx.tell_again(told, now=now)  # a receipt may be faster than the answer
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
        tried = [Tried(letter.told(), now, Outcome.ACCEPTED) for letter, _ in letters]
        return [*tried, *self._heard(tx, heard, now)]

    def _unanswered(self, tx: Transaction, bundle: Sealed, reply: Reply, now: int) -> list[Happening]:
        """It counts as told; where twice is no harm, and for the first time, it is sent once more all the same."""
        heard: list[Reached] = []
        tried: list[Happening] = []
        for letter in bundle.letters:
            is_over = bundle.carrier.at_most_once or self._is_over(letter)
            again = None if is_over else next_try_at(letter.draft.message, letter.tries, ended=now)
            told = letter.told(again=again)
            tx.save_attempt(letter.attempt(Outcome.AMBIGUOUS, ended_at=now, detail=reply.detail))
            if again is None:
                tx.take_receipt(_unknown(letter.draft.message, now), now=now)
            tried.append(Tried(told, now, Outcome.AMBIGUOUS))
            if tx.answer(told):
                heard.append(Reached(letter.question, told, letter.occasion, letter.promise))
        return [*tried, *self._heard(tx, heard, now)]

    def _is_over(self, letter: Letter) -> bool:
        """Whether an earlier try, by whatever channel, had no answer either, or a receipt says that it has arrived."""
        tries = [each for _, each in tries_of(self._ledger, letter.tried())]
        return sum(each.is_unanswered for each in tries) > 1 or any(each.has_arrived for each in tries)

    def _try_again(self, tx: Transaction, letters: Sequence[Letter], reply: Reply, now: int, happened: list[Happening]) -> bool:
        """Whether this channel is tried again later, which its reply may rule out, or the number of tries."""
        tries = max(letter.tries for letter in letters)
        again = None
        if reply.outcome is Outcome.RETRY:
            again = next_try_at(letters[0].draft.message, tries, ended=now, retry_after=reply.retry_after)
        outcome = Outcome.REFUSED if again is None else Outcome.RETRY
        for letter in letters:
            happened.append(Tried(letter.waiting(0), now, outcome))
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

    def heard_by(self, question: Question, *, may_repeat: bool) -> Try | None:
        """Return the try that counts as told: it was accepted, or no answer came and it must not, or need not, be repeated.

        may_repeat: whether it may be said again, now or at a known time.
        """
        tries = tries_of(self._ledger, question)
        accepted = [each for each in tries if each[1].has_arrived]
        unanswered = [each for each in tries if each[1].is_unanswered]
        if accepted or not unanswered:
            return accepted[-1] if accepted else None
        word, newest = unanswered[-1]
        is_over = len(unanswered) > 1 or newest.tries >= MOST_TRIES or self._carrier(word).at_most_once
        return unanswered[-1] if is_over or not may_repeat else None

    def assume_told(self, question: Question, heard: Try, now: int) -> list[Happening]:
        """Take a try without an answer for told: it may have arrived, and twice is worse than once, or it is no longer true."""
        (word, attempt), notice, customer = heard, question.notice, question.customer
        occasion = Occasion(channel=word, now=attempt.began_at)
        told = replace(
            notice,
            answer=Answer.TOLD,
            reason=None,
            ask_at=None,
            channel=word,
            customer=customer.customer if customer else notice.customer,
            sent_at=attempt.began_at if notice.sent_at is None else notice.sent_at,
        )
        with self._ledger.transaction() as tx:
            if attempt.outcome is Outcome.SENDING:
                tx.save_attempt(replace(attempt, outcome=Outcome.AMBIGUOUS, ended_at=now, detail=NO_ANSWER_CAME))
            if attempt.is_unanswered:
                tx.take_receipt(_unknown(attempt.message, now), now=now)
            if not tx.answer(told):
                return []
            return self._heard(tx, [Reached(question, told, occasion, promised(question, attempt.began_at))], now)

    def give_up(self, question: Question, why: str, now: int, *, detail: str = "") -> list[Happening]:
        """Nobody can be told this: a person takes over. But where a try may have arrived, it counts as told."""
        notice = question.notice
        heard = self.heard_by(question, may_repeat=False)
        if heard is not None:
            return self.assume_told(question, heard, now)
        with self._ledger.transaction() as tx:
            if tx.answer(replace(notice, answer=Answer.CANCELLED, reason=None, ask_at=None)):
                tx.log_gates([Look(notice.notice, now, ((why, "cancelled", detail or None, None),))])
                self._promising.hand_over(tx, question.problem, why, now)
        return []


def _unknown(message: str, now: int) -> Receipt:
    """Return what is said of a message that is not sent once more, and of which nobody knows whether it arrived."""
    return Receipt(message=message, receipt=ReceiptKind.UNKNOWN, at=now)
