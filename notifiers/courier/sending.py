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
from notifiers.composing import CannotSay, Composer, Occasion
from notifiers.courier.happenings import Happening, News, Told
from notifiers.courier.letters import Letter, messages_of, news_text, route
from notifiers.courier.promising import CANNOT_SAY, GAVE_UP, Promising, promised
from notifiers.courier.retries import next_try_at
from notifiers.gates.question import Question
from notifiers.gates.truth import sees_enough
from notifiers.ports import Ledger, Transaction

LEASE = 5 * MINUTE
REACHED = (Outcome.ACCEPTED, Outcome.AMBIGUOUS)
UNANSWERED = (Outcome.SENDING, Outcome.AMBIGUOUS)
MAY_HAVE_ARRIVED = (*REACHED, Outcome.SENDING)


class Sending:
    """channels: the rule's word to a channel; stand_in: for the words that have none."""

    def __init__(
        self, ledger: Ledger, composer: Composer, promising: Promising, *, channels: Mapping[str, Channel], stand_in: Channel
    ) -> None:
        self._ledger, self._composer, self._promising = ledger, composer, promising
        self._channels, self._stand_in = channels, stand_in

    def channel(self, word: str) -> Channel:
        return self._channels.get(word, self._stand_in)

    def tries(self, notice: Notice, word: str | None) -> Sequence[Attempt]:
        """Return the tries of a notice by a channel, oldest first."""
        if notice.channel is None or word is None:
            return ()
        return self._ledger.attempts(message_id(notice.notice, word))

    async def send(self, questions: Sequence[Question], now: int, *, gates: Sequence[GateAnswer]) -> list[Happening]:
        """Send one message for all questions, which are of one customer, by the first channel that takes it."""
        for word in route(questions[0]):
            tries = self.tries(questions[0].notice, word)
            if tries and tries[-1].outcome is Outcome.REFUSED:
                continue
            letters, message = self._begin(self._letters(questions, word, now), gates, now)
            if message is None:
                return []
            channel = self.channel(word)
            ended = self._receipts(letters, await channel.send(message), now, repeats=not channel.at_most_once)
            if ended is not None:
                return ended
            questions, gates = [letter.tried() for letter in letters], ()
        return [each for question in questions for each in self._give_up(question, GAVE_UP, now)]

    def _letters(self, questions: Sequence[Question], word: str, now: int) -> Iterator[Letter]:
        """Yield what can be put into words; the rest goes to a person."""
        for question in questions:
            promise = promised(question, now)
            occasion = Occasion(
                channel=word,
                now=now,
                hear_again=promise.deadline if promise else None,
                something_new=question.notice.phase is NoticePhase.NEWS and self._knows_more(question),
                can_see=sees_enough(question, now),
            )
            try:
                draft = self._composer.draft(question, occasion)
            except CannotSay as fault:
                self._give_up(question, CANNOT_SAY, now, detail=str(fault))
                continue
            tries = len(self.tries(question.notice, word)) + 1
            yield Letter(question=question, draft=draft, occasion=occasion, tries=tries)

    def _knows_more(self, question: Question) -> bool:
        claims = self._ledger.last_claims(question.problem.problem)
        return worth_telling(claims, question.problem.facts, question.rule) is not None

    def _begin(self, letters: Iterator[Letter], gates: Sequence[GateAnswer], now: int) -> tuple[Sequence[Letter], Message | None]:
        """Write down what is about to be sent; return what is still ours to send, and the message."""
        ready = list(letters)
        with self._ledger.transaction() as tx:
            ours = [letter for letter in ready if tx.answer(letter.on_its_way(now + LEASE))]
            if not ours:
                return ours, None
            messages = messages_of(ours)
            for letter, message in zip(ours, messages, strict=True):
                tx.save_message(message)
                tx.save_attempt(letter.attempt(Outcome.SENDING))
            tx.log_gates(gates)
        return ours, messages[0]

    def _receipts(self, letters: Sequence[Letter], reply: Reply, now: int, *, repeats: bool) -> list[Happening] | None:
        """Write down what became of it; None where the next channel has to try. repeats: on this channel twice is no harm."""
        tries = max(letter.tries for letter in letters)
        again = next_try_at(letters[0].draft.message, tries, ended=now) if reply.outcome is Outcome.RETRY else None
        outcome = Outcome.REFUSED if reply.outcome is Outcome.RETRY and again is None else reply.outcome
        with self._ledger.transaction() as tx:
            for letter in letters:
                tx.save_attempt(letter.attempt(outcome, ended_at=now, detail=reply.detail))
            if outcome in REACHED:
                unsure = repeats and outcome is Outcome.AMBIGUOUS
                return [each for letter in letters for each in self._heard(tx, letter, now, unsure=unsure)]
            for letter in letters if again is not None else ():
                tx.answer(letter.on_its_way(again or now))
        return [] if again is not None else None

    def _heard(self, tx: Transaction, letter: Letter, now: int, *, unsure: bool) -> Iterator[Happening]:
        """It counts as told; where no answer came, and for the first time, it is sent once more all the same."""
        message = letter.draft.message
        is_first = unsure and sum(attempt.outcome in UNANSWERED for attempt in tx.attempts(message)) == 1
        again = next_try_at(message, letter.tries, ended=now) if is_first else None
        return self._told(tx, letter.question, letter.occasion, now, again=again)

    def _told(
        self, tx: Transaction, question: Question, occasion: Occasion, now: int, *, again: int | None = None
    ) -> Iterator[Happening]:
        """Answer and promise, if the claim is still ours; if not, another courier finds the receipt.

        again: when to send once more. What was sent again was told, and promised, when it may first have arrived.
        """
        notice, customer = question.notice, question.customer
        told = replace(
            notice,
            answer=Answer.TOLD if again is None else Answer.WAITING,
            reason=None,
            ask_at=again,
            channel=occasion.channel,
            customer=customer.customer if customer else notice.customer,
            sent_at=occasion.now if notice.sent_at is None else notice.sent_at,
        )
        if tx.answer(told) and notice.sent_at is None:
            self._promising.make(tx, question, occasion.now)
            yield News(told, now, news_text(occasion)) if told.phase is NoticePhase.NEWS else Told(told, now)

    def assume_told(self, question: Question, attempt: Attempt, now: int) -> list[Happening]:
        """Take a try without an answer for told: it may have arrived, and twice is worse than once, or it is no longer true."""
        occasion = Occasion(channel=question.notice.channel or "", now=attempt.began_at)
        with self._ledger.transaction() as tx:
            if attempt.outcome is Outcome.SENDING:
                tx.save_attempt(replace(attempt, outcome=Outcome.AMBIGUOUS, ended_at=now, detail="no answer came"))
            return list(self._told(tx, question, occasion, now))

    def _give_up(self, question: Question, why: str, now: int, *, detail: str = "") -> list[Happening]:
        """Nobody can be told this: a person takes over. But where a try may have arrived, it counts as told."""
        notice = question.notice
        for word in route(question):
            if heard := [attempt for attempt in self.tries(notice, word) if attempt.outcome in MAY_HAVE_ARRIVED]:
                return self.assume_told(replace(question, notice=replace(notice, channel=word)), heard[-1], now)
        with self._ledger.transaction() as tx:
            if tx.answer(replace(notice, answer=Answer.CANCELLED, reason=None, ask_at=None)):
                tx.log_gates([GateAnswer(notice=notice.notice, at=now, gate=why, answer="cancelled", reason=detail or None)])
                self._promising.hand_over(tx, question.problem, why, now)
        return []
