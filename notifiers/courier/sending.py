"""What passed its gates, one bundle for each customer: put into words, written down, sent, and its receipt written down."""

from collections.abc import Iterator, Mapping, Sequence

from contracts.ids import message_id
from contracts.message import Attempt, Message, Outcome
from contracts.notice import Notice, NoticePhase
from contracts.times import MINUTE
from notifiers.channels import Channel
from notifiers.claims import worth_telling
from notifiers.composing import CannotSay, Composer, Occasion
from notifiers.courier.happenings import Happening
from notifiers.courier.letters import Bundle, Letter, Sealed, messages_of
from notifiers.courier.posting import Carrier
from notifiers.courier.promising import CANNOT_SAY, GAVE_UP, promised
from notifiers.courier.receipts import Receipts
from notifiers.gates.question import Question
from notifiers.gates.truth import sees_enough
from notifiers.ports import Ledger

LEASE = 5 * MINUTE


class Sending:
    """channels: the rule's word to a channel; stand_in: for the words that have none."""

    def __init__(
        self, ledger: Ledger, composer: Composer, receipts: Receipts, *, channels: Mapping[str, Channel], stand_in: Channel
    ) -> None:
        self._ledger, self._composer, self._receipts = ledger, composer, receipts
        self._carriers = {word: Carrier(channel) for word, channel in channels.items()}
        self._stand_in = Carrier(stand_in)

    def carrier(self, word: str) -> Carrier:
        return self._carriers.get(word, self._stand_in)

    def tries(self, notice: Notice, word: str | None) -> Sequence[Attempt]:
        """Return the tries of a notice by a channel, oldest first."""
        if notice.channel is None or word is None:
            return ()
        return self._ledger.attempts(message_id(notice.notice, word))

    async def send(self, bundles: Sequence[Bundle], now: int) -> list[Happening]:
        """Send each bundle by the first channel that takes it. They are of different customers, and may go side by side."""
        happened: list[Happening] = []
        while bundles:
            sealed = [each for bundle in bundles if (each := self._seal(bundle, now, happened)) is not None]
            bundles = []
            for some in _handfuls(sealed):
                bundles += await self._hand_over(some, now, happened)
        return happened

    def _seal(self, bundle: Bundle, now: int, happened: list[Happening]) -> Sealed | None:
        """Put it into the words of the next channel that has not refused it; what no channel takes is given up."""
        first = bundle.questions[0].notice
        while bundle.words:
            word = bundle.words.pop(0)
            tries = self.tries(first, word)
            if not tries or tries[-1].outcome is not Outcome.REFUSED:
                letters = list(self._letters(bundle.questions, word, now, happened))
                return Sealed(bundle, self.carrier(word), letters) if letters else None
        for question in bundle.questions:
            happened += self._receipts.give_up(question, GAVE_UP, now)
        return None

    def _letters(self, questions: Sequence[Question], word: str, now: int, happened: list[Happening]) -> Iterator[Letter]:
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
                happened += self._receipts.give_up(question, CANNOT_SAY, now, detail=str(fault))
                continue
            tries = len(self.tries(question.notice, word)) + 1
            yield Letter(question=question, draft=draft, occasion=occasion, tries=tries, promise=promise)

    def _knows_more(self, question: Question) -> bool:
        claims = self._ledger.last_claims(question.problem.problem)
        return worth_telling(claims, question.problem.facts, question.rule) is not None

    async def _hand_over(self, some: Sequence[Sealed], now: int, happened: list[Happening]) -> list[Bundle]:
        """Give bundles to their channel, as many as it may have at once; return those that the next channel has to try."""
        begun = self._begin(some, now)
        if not begun:
            return []
        ours, messages = zip(*begun, strict=True)
        replies = await some[0].carrier.post(messages)
        return [each.refused() for each in self._receipts.write(ours, replies, now, happened)]

    def _begin(self, some: Sequence[Sealed], now: int) -> list[tuple[Sealed, Message]]:
        """Write down what is about to be sent; return what is still ours to send, each with its message."""
        begun: list[tuple[Sealed, Message]] = []
        kept: list[Message] = []
        with self._ledger.transaction() as tx:
            sends = tx.begin([letter.begun(now + LEASE) for each in some for letter in each.letters])
            ours = {send.notice.notice for send in sends}
            for each in some:
                if letters := [letter for letter in each.letters if letter.draft.notice in ours]:
                    messages = messages_of(letters)
                    begun.append((Sealed(each.bundle, each.carrier, letters), messages[0]))
                    kept += messages
            tx.save_messages(kept)
            tx.log_gates([look for each in some for look in each.bundle.looks if look.notice in ours])
        return begun


def _handfuls(sealed: Sequence[Sealed]) -> Iterator[Sequence[Sealed]]:
    """Yield, channel by channel, as many as each may have in its hands at once."""
    by_carrier: dict[int, list[Sealed]] = {}
    for each in sealed:
        by_carrier.setdefault(id(each.carrier), []).append(each)
    for those in by_carrier.values():
        size = those[0].carrier.at_once
        for start in range(0, len(those), size):
            yield those[start : start + size]
