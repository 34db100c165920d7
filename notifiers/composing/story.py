"""What one notice says, section by section: the rule's words where it has some, the system's where it speaks for itself."""

from collections.abc import Iterator, Mapping

from contracts.notice import NoticePhase
from contracts.tell import Certainty, Choice
from notifiers.composing.languages import chosen
from notifiers.composing.layout import Offer, Story
from notifiers.composing.occasion import Occasion
from notifiers.composing.phrases import Phrases
from notifiers.composing.shown import Stated, names
from notifiers.composing.spelling import CannotSay, Spelling
from notifiers.composing.wordings import Spoken
from notifiers.gates.question import Question
from notifiers.templates import scope_of

NOTHING = "nothing"
SMALL_CHANNELS = frozenset({"push", "sms"})
SAFE_LINKS = ("https://", "http://", "mailto:", "tel:")


def may_be_sorry(question: Question) -> bool:
    """Whether this notice is the one that says sorry: the first of its problem under an `is` (S24)."""
    says = question.notice.says
    surely = any(voice.says == says and voice.certainty is Certainty.IS for voice in question.rule.voices)
    return surely and question.notice.phase.begins and not any(told.sorry for told in question.told_of_problem)


class Narrator:
    """Tells one notice to its customer. stated: what it has claimed so far; says_sorry: whether it did."""

    def __init__(
        self, question: Question, occasion: Occasion, *, spoken: Spoken, phrases: Phrases, spelling: Spelling, label: str
    ) -> None:
        self._question, self._occasion, self._spoken = question, occasion, spoken
        self._phrases, self._spelling, self._label = phrases, spelling, label
        self.stated, self.says_sorry = Stated(), False
        known = names(
            question.problem,
            question.rule,
            label=label,
            customer_name=question.customer.name if question.customer else None,
            spelling=spelling,
            stated=self.stated,
        )
        self._scope = scope_of(known)

    def story(self, choices: Mapping[str, Choice], *, language: str) -> Story:
        """Return what is said; the choices and the promise only where the notice is not an end. Raises CannotSay."""
        sections = {name: text for name, text in self._sections() if text}
        offers = () if self._question.notice.phase.ends or self.is_private else tuple(self._offers(choices, language))
        if offers:
            lines = (f"{offer.text}: {offer.link}" if offer.link else offer.text for offer in offers)
            sections["choices"] = "\n".join([self._phrases.choices, *(f"- {line}" for line in lines)])
        if self._occasion.hear_again is not None:
            sections["hear_again"] = self._phrases.hear_again.format(moment=self._spelling.moment(self._occasion.hear_again))
        return Story(sections=sections, offer=self._phrases.choices, offers=offers)

    @property
    def is_private(self) -> bool:
        return self._question.rule.tell.private and self._occasion.channel in SMALL_CHANNELS

    def _sections(self) -> Iterator[tuple[str, str | None]]:
        if self.is_private:
            return iter([("what", self._phrases.private), ("effect", self._phrases.private_effect)])
        match self._question.notice.phase:
            case NoticePhase.OPENED | NoticePhase.UPDATED:
                return self._beginning()
            case NoticePhase.NEWS:
                return self._news()
            case NoticePhase.CLEARED | NoticePhase.SOLVED | NoticePhase.CORRECTED as phase:
                return self._end(phase)
            case NoticePhase.HANDED_OVER:
                raise CannotSay("a hand-over speaks to the desk")

    def _beginning(self) -> Iterator[tuple[str, str | None]]:
        yield "what", self._what()
        notice = self._question.notice
        if self._question.was_late and self._question.says_when_late:
            yield "noticed_late", self._phrases.noticed_late.format(length=self._spelling.duration(notice.found_at - notice.at))
        yield "effect", self._say("effect")
        yield "why", self._say("why")
        if may_be_sorry(self._question):
            yield "sorry", self._sorry()
        yield "doing", self._say("doing")
        yield "you_need_to", self._you_need_to()

    def _news(self) -> Iterator[tuple[str, str | None]]:
        if not self._occasion.can_see:
            yield "news", self._phrases.cannot_see.format(label=self._label)
        else:
            headline = self._phrases.known_now if self._occasion.something_new else self._phrases.nothing_new
            yield "news", headline.format(label=self._label)
            yield "effect", self._say("effect")
            yield "why", self._say("why")
            yield "doing", self._say("doing")
        yield "still_on_it", self._phrases.still_on_it

    def _end(self, phase: NoticePhase) -> Iterator[tuple[str, str | None]]:
        own = self._say(phase.value)
        yield phase.value, own or self._phrases.corrected.format(label=self._label)

    def _what(self) -> str:
        section = self._spoken.what.get(self._question.notice.says)
        if section is None:
            raise CannotSay(f"there is no wording for `{self._question.notice.says}`")
        return section.say(self._scope)

    def _say(self, section: str) -> str | None:
        return self._spoken.say(section, self._scope)

    def _sorry(self) -> str | None:
        said = self._say("sorry")
        self.says_sorry = said is not None
        return said

    def _you_need_to(self) -> str | None:
        nothing = self._spoken.wording.you_need_to.strip() == NOTHING
        return self._phrases.nothing_to_do if nothing else self._say("you_need_to")

    def _offers(self, choices: Mapping[str, Choice], language: str) -> Iterator[Offer]:
        for name in self._spoken.wording.choices:
            if (choice := choices.get(name)) is not None and choice.texts:
                text = choice.texts[chosen(self._spoken.wording.language, choice.texts.keys(), default=language)]
                safe = choice.link is not None and choice.link.startswith(SAFE_LINKS)
                yield Offer(text, choice.link if safe else None)
