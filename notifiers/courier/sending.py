"""What passed its gates, one notice or a digest: put into words, written down, sent, and its receipt written down."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from contracts.ids import message_id
from contracts.message import Attempt, Message, Outcome
from contracts.notice import Answer, Notice, NoticePhase
from contracts.times import MINUTE
from contracts.verdict import GateAnswer
from notifiers.channels import Channel, Reply
from notifiers.claims import worth_telling
from notifiers.composing import CannotSay, Composer, Draft, Occasion, lay_out
from notifiers.courier.happenings import CANNOT_SEE, KNOWN_NOW, NOTHING_NEW, Happening, News, Told
from notifiers.courier.promising import CANNOT_SAY, GAVE_UP, Promising, promised
from notifiers.courier.retries import next_try_at
from notifiers.gates.question import Question
from notifiers.gates.truth import sees_enough
from notifiers.ports import Ledger, Transaction

LEASE = 5 * MINUTE
REACHED = (Outcome.ACCEPTED, Outcome.AMBIGUOUS)


class Letter:
    """One question on its way by one channel."""

    def __init__(self, question: Question, draft: Draft, occasion: Occasion, *, tries: int) -> None:
        self.question, self.draft, self.occasion, self.tries = question, draft, occasion, tries

    def attempt(self, outcome: Outcome, *, ended_at: int | None = None, detail: str = "") -> Attempt:
        began_at = self.occasion.now
        return Attempt(
            message=self.draft.message, tries=self.tries, outcome=outcome, began_at=began_at, ended_at=ended_at, detail=detail
        )


class Sending:
    """channels: the rule's word to a channel; stand_in: for the words that have none."""

    def __init__(
        self, ledger: Ledger, composer: Composer, promising: Promising, *, channels: Mapping[str, Channel], stand_in: Channel
    ) -> None:
        self._ledger, self._composer, self._promising = ledger, composer, promising
        self._channels, self._stand_in = channels, stand_in

    def channel(self, word: str) -> Channel:
        return self._channels.get(word, self._stand_in)

    def last_try(self, notice: Notice) -> Attempt | None:
        """Return the newest try of a notice by the channel it was last tried on."""
        if notice.channel is None:
            return None
        with self._ledger.transaction() as tx:
            attempts = tx.attempts(message_id(notice.notice, notice.channel))
        return attempts[-1] if attempts else None

    async def send(self, questions: Sequence[Question], now: int, *, gates: Sequence[GateAnswer]) -> list[Happening]:
        """Send one message for all questions, by the first channel that takes it; questions are of one customer."""
        for word in _route(questions[0]):
            tries = self._next_try(questions[0].notice, word)
            if tries is None:
                continue
            try:
                letters = [self._letter(question, word, now, tries=tries) for question in questions]
            except CannotSay as fault:
                return self._give_up(questions, CANNOT_SAY, now, detail=str(fault))
            letters = self._begin(letters, gates, now)
            if not letters:
                return []
            reply = await self.channel(word).send(_message(letters))
            ended = self._receipts(letters, reply, now)
            if ended is not None:
                return ended
            questions = [_tried(letter) for letter in letters]
            gates = ()
        return self._give_up(questions, GAVE_UP, now)

    def _next_try(self, notice: Notice, word: str) -> int | None:
        """Return the number of the next try by this channel; None where it has given up."""
        if notice.channel is None:
            return 1
        with self._ledger.transaction() as tx:
            attempts = tx.attempts(message_id(notice.notice, word))
        if attempts and attempts[-1].outcome is Outcome.REFUSED:
            return None
        return len(attempts) + 1

    def _letter(self, question: Question, word: str, now: int, *, tries: int) -> Letter:
        promise = promised(question, now)
        occasion = Occasion(
            channel=word,
            now=now,
            hear_again=promise.deadline if promise else None,
            something_new=question.notice.phase is NoticePhase.NEWS and self._knows_more(question),
            can_see=sees_enough(question, now),
        )
        return Letter(question, self._composer.draft(question, occasion), occasion, tries=tries)

    def _knows_more(self, question: Question) -> bool:
        with self._ledger.transaction() as tx:
            claims = tx.last_claims(question.problem.problem)
        return worth_telling(claims, question.problem.facts, question.rule) is not None

    def _begin(self, letters: Sequence[Letter], gates: Sequence[GateAnswer], now: int) -> list[Letter]:
        """Write down what is about to be sent; return what is still ours to send."""
        with self._ledger.transaction() as tx:
            ours = [letter for letter in letters if tx.answer(_answered(letter, Answer.WAITING, ask_at=now + LEASE))]
            for letter in ours:
                tx.save_message(_message(ours if letter is ours[0] else [letter]))
                tx.save_attempt(letter.attempt(Outcome.SENDING))
            tx.log_gates(gates)
        return ours

    def _receipts(self, letters: Sequence[Letter], reply: Reply, now: int) -> list[Happening] | None:
        """Write down what became of it; None where the next channel has to try."""
        again = next_try_at(letters[0].draft.message, letters[0].tries, ended=now) if reply.outcome is Outcome.RETRY else None
        outcome = Outcome.REFUSED if reply.outcome is Outcome.RETRY and again is None else reply.outcome
        with self._ledger.transaction() as tx:
            for letter in letters:
                tx.save_attempt(letter.attempt(outcome, ended_at=now, detail=reply.detail))
            if outcome in REACHED:
                return [each for letter in letters for each in self._told(tx, letter.question, letter.occasion, now)]
            for letter in letters if again is not None else ():
                tx.answer(_answered(letter, Answer.WAITING, ask_at=again))
        return [] if again is not None else None

    def _told(self, tx: Transaction, question: Question, occasion: Occasion, now: int) -> Iterator[Happening]:
        """Answer and promise, if the claim is still ours; if not, another courier finds the receipt."""
        told = replace(
            question.notice,
            answer=Answer.TOLD,
            reason=None,
            ask_at=None,
            channel=occasion.channel,
            customer=question.customer.customer if question.customer else question.notice.customer,
            sent_at=occasion.now,
        )
        if tx.answer(told):
            self._promising.make(tx, question, occasion.now)
            yield News(told, now, _news_text(occasion)) if told.phase is NoticePhase.NEWS else Told(told, now)

    def assume_told(self, question: Question, attempt: Attempt, now: int) -> list[Happening]:
        """Take a try without an answer for told: it may have arrived, and twice is worse than once, or it is no longer true."""
        occasion = Occasion(channel=question.notice.channel or "", now=attempt.began_at)
        with self._ledger.transaction() as tx:
            if attempt.outcome is Outcome.SENDING:
                tx.save_attempt(replace(attempt, outcome=Outcome.AMBIGUOUS, ended_at=now, detail="no answer came"))
            return list(self._told(tx, question, occasion, now))

    def _give_up(self, questions: Sequence[Question], why: str, now: int, *, detail: str = "") -> list[Happening]:
        """Nobody can be told this: a person takes over."""
        with self._ledger.transaction() as tx:
            for question in questions:
                if tx.answer(replace(question.notice, answer=Answer.CANCELLED, reason=None, ask_at=None)):
                    tx.log_gates(
                        [GateAnswer(notice=question.notice.notice, at=now, gate=why, answer="cancelled", reason=detail or None)]
                    )
                    self._promising.hand_over(tx, question.problem, why, now)
        return []


def _message(letters: Sequence[Letter]) -> Message:
    return lay_out([letter.draft for letter in letters])


def _answered(letter: Letter, answer: Answer, *, ask_at: int | None) -> Notice:
    """Return the notice as it is while it is on its way: with the channel and the customer that were chosen."""
    customer = letter.draft.customer
    return replace(
        letter.question.notice, answer=answer, reason=None, ask_at=ask_at, channel=letter.draft.channel, customer=customer
    )


def _tried(letter: Letter) -> Question:
    """Return the question after a channel gave up, so that the next one knows that there were tries."""
    return replace(letter.question, notice=replace(letter.question.notice, channel=letter.draft.channel))


def _route(question: Question) -> tuple[str, ...]:
    """Return the channels to try: of an end the one on which it was told, else the customer's order, restricted to the rule's."""
    told = [each for each in question.told_of_problem if question.customer and each.customer == question.customer.customer]
    if question.notice.phase.ends and told:
        return (told[-1].channel,)
    allowed = question.rule.tell.channels
    wished = question.customer.channels if question.customer else ()
    return tuple(word for word in wished if word in allowed) or allowed


def _news_text(occasion: Occasion) -> str:
    if not occasion.can_see:
        return CANNOT_SEE
    return KNOWN_NOW if occasion.something_new else NOTHING_NEW
