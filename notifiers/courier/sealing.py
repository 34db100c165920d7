"""What passed its gates is put into the words of a channel: of the first that can carry it and has not given up yet."""

from collections.abc import Callable, Mapping

from contracts.notice import NoticePhase
from notifiers.channels import Channel
from notifiers.claims import worth_telling
from notifiers.composing import CannotSay, Composer, Occasion
from notifiers.courier.letters import Bundle, Letter, Sealed
from notifiers.courier.posting import Carrier
from notifiers.courier.promising import promised
from notifiers.courier.tries import tries_by
from notifiers.gates.question import Question
from notifiers.gates.truth import sees_enough
from notifiers.ports import Ledger


class Sealing:
    """channels: the rule's word to a channel; stand_in: for the words that have none."""

    def __init__(self, ledger: Ledger, composer: Composer, *, channels: Mapping[str, Channel], stand_in: Channel) -> None:
        self._ledger, self._composer = ledger, composer
        self._carriers = {word: Carrier(channel) for word, channel in channels.items()}
        self._stand_in = Carrier(stand_in)

    def carrier(self, word: str) -> Carrier:
        return self._carriers.get(word, self._stand_in)

    def seal(self, bundle: Bundle, now: int, *, give_up: Callable[[Bundle], None]) -> list[Sealed]:
        """Put a bundle into words; what cannot be said on a channel goes on by itself, and is given up after the last one."""
        word = self._next_word(bundle)
        if word is None:
            give_up(bundle)
            return []
        letters: list[Letter] = []
        sealed: list[Sealed] = []
        for question in bundle.questions:
            try:
                letters.append(self._letter(question, word, now))
            except CannotSay as fault:
                alone = bundle.passing_over(word, question, why=str(fault), now=now)
                sealed += self.seal(alone, now, give_up=give_up)
        if letters:
            said = bundle if len(letters) == len(bundle.questions) else bundle.only([letter.question for letter in letters])
            sealed.insert(0, Sealed(said, self.carrier(word), letters))
        return sealed

    def _next_word(self, bundle: Bundle) -> str | None:
        first = bundle.questions[0].notice
        while bundle.words:
            word = bundle.words.pop(0)
            tries = tries_by(self._ledger, first, word)
            if not tries or not tries[-1].was_given_up:
                return word
        return None

    def _letter(self, question: Question, word: str, now: int) -> Letter:
        """Raises CannotSay."""
        promise = promised(question, now)
        occasion = Occasion(
            channel=word,
            now=now,
            hear_again=promise.deadline if promise else None,
            something_new=question.notice.phase is NoticePhase.NEWS and self._knows_more(question),
            can_see=sees_enough(question, now),
        )
        draft = self._composer.draft(question, occasion)
        tries = len(tries_by(self._ledger, question.notice, word)) + 1
        return Letter(question=question, draft=draft, occasion=occasion, tries=tries, promise=promise)

    def _knows_more(self, question: Question) -> bool:
        claims = self._ledger.last_claims(question.problem.problem)
        return worth_telling(claims, question.problem.facts, question.rule) is not None
