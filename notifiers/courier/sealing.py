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

    @property
    def has_providers(self) -> bool:
        return any(carrier.care is not None for carrier in self._carriers.values())

    def resting(self) -> Mapping[str, bool]:
        """Whether its provider is left alone for now, for each channel that has one."""
        return {word: carrier.rests for word, carrier in self._carriers.items() if carrier.care is not None}

    def carrier(self, word: str) -> Carrier:
        return self._carriers.get(word, self._stand_in)

    def seal(self, bundle: Bundle, now: int, *, give_up: Callable[[Bundle], None]) -> list[Sealed]:
        """Put a bundle into words; what cannot be said on a channel goes on by itself, and is given up after the last one."""
        word = self._next_word(bundle, now)
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

    def _next_word(self, bundle: Bundle, now: int) -> str | None:
        """Take the next channel that has not given up; one whose provider is away speaks only where there is no other."""
        left = [word for word in bundle.words if self._may_speak(word, bundle)]
        there = [word for word in left if not self.carrier(word).is_away(now)] or left
        bundle.words[:] = left
        for word in there[:1]:
            bundle.words.remove(word)
        return next(iter(there), None)

    def _may_speak(self, word: str, bundle: Bundle) -> bool:
        tries = tries_by(self._ledger, bundle.questions[0].notice, word)
        return not tries or not tries[-1].was_given_up

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
