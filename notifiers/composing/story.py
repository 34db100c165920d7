"""What one notice says, section by section: the rule's words where it has some, the system's where it speaks for itself."""

from collections.abc import Iterator

from msgspec import Struct

from contracts.notice import NoticePhase
from contracts.tell import Certainty
from contracts.telling import Heard
from notifiers.composing.layout import Story
from notifiers.composing.shown import Stated, names
from notifiers.composing.sms import fits, must_fit
from notifiers.composing.spelling import CannotSay, Spelling
from notifiers.composing.wordings import Spoken
from notifiers.gates.question import Question
from notifiers.templates import scope_of

PUSH, SMS = "push", "sms"
STATING = ("what", "effect", "why", "doing", "cleared", "solved")
SMALL_CHANNELS = frozenset({PUSH, SMS})


class Occasion(Struct, frozen=True, kw_only=True):
    """Why, when and on which channel a notice is put into words.

    now: microseconds. hear_again: the deadline that the message promises, None for no promise.
    something_new: of news, whether a told fact has changed; can_see: of news, whether we see the newest state.
    """

    channel: str
    now: int
    hear_again: int | None = None
    something_new: bool = False
    can_see: bool = True


def may_be_sorry(question: Question) -> bool:
    """Whether this notice is the one that says sorry: the first of its problem under an `is` (S24)."""
    says = question.notice.says
    surely = any(voice.says == says and voice.certainty is Certainty.IS for voice in question.rule.voices)
    return surely and question.notice.phase.begins and not any(told.sorry for told in question.told_of_problem)


class Narrator:
    """Tells one notice to its customer. stated: what it has claimed so far; says_sorry: whether it did."""

    def __init__(self, question: Question, occasion: Occasion, *, spoken: Spoken, spelling: Spelling, label: str) -> None:
        self._question, self._occasion, self._spoken = question, occasion, spoken
        self._phrases, self._spelling, self._label = spoken.phrases, spelling, label
        self.stated, self.says_sorry = Stated(), False
        self._scope = scope_of(names(question, spoken, label=label, spelling=spelling, stated=self.stated))

    def story(self) -> Story:
        """Return all that is said; the choices only where the notice is not an end. Raises CannotSay."""
        sections = {name: text for name, text in self._sections() if text}
        offers = () if self._question.notice.phase.ends else self._spoken.offers
        if offers:
            sections["choices"] = self._spoken.choices
        if (deadline := self._occasion.hear_again) is not None:
            sections["hear_again"] = self._phrases.hear_again.format(moment=self._spelling.moment(deadline))
        return Story(sections=sections, offer=self._phrases.choices, offers=offers)

    def short_story(self, signature: str) -> Story:
        """Return what fits a small screen, or into an SMS above its signature. Raises CannotSay.

        In an SMS the effect is said where there is room for it; what is left out is not claimed.
        """
        if self._occasion.channel != SMS:
            return Story(sections=self._short_sections(with_effect=True))
        before = self.stated.so_far()
        sections = self._short_sections(with_effect=True)
        if not fits([*sections.values(), signature]):
            self.stated.take(before)
            sections = self._short_sections(with_effect=False)
        must_fit([*sections.values(), signature])
        return Story(sections=sections)

    @property
    def is_private(self) -> bool:
        return self._question.rule.tell.private and self._occasion.channel in SMALL_CHANNELS

    def _sections(self) -> Iterator[tuple[str, str]]:
        match self._question.notice.phase:
            case NoticePhase.OPENED | NoticePhase.UPDATED:
                return self._beginning()
            case NoticePhase.NEWS:
                return self._news()
            case NoticePhase.CLEARED | NoticePhase.SOLVED | NoticePhase.CORRECTED as phase:
                return self._end(phase)
            case NoticePhase.HANDED_OVER:
                raise CannotSay("a hand-over speaks to the desk")

    def _short_sections(self, *, with_effect: bool) -> dict[str, str]:
        phase = self._question.notice.phase
        if self.is_private:
            said = iter([("what", self._phrases.private), ("effect", self._phrases.private_effect)])
        elif phase.begins:
            said = self._beginning_in_short(with_effect=with_effect)
        elif phase is NoticePhase.NEWS:
            said = self._news_in_short()
        else:
            said = self._sections()
        sections = {name: text for name, text in said if text}
        if (deadline := self._occasion.hear_again) is not None:
            sections["hear_again"] = self._phrases.hear_again_short.format(moment=self._spelling.short_moment(deadline))
        return sections

    def _beginning(self) -> Iterator[tuple[str, str]]:
        yield "what", self._what()
        yield "noticed_late", self._noticed_late()
        yield "effect", self._say("effect")
        yield "why", self._say("why")
        yield "sorry", self._sorry()
        yield "doing", self._say("doing")
        yield "you_need_to", self._phrases.nothing_to_do if self._spoken.asks_nothing else self._say("you_need_to")

    def _beginning_in_short(self, *, with_effect: bool) -> Iterator[tuple[str, str]]:
        yield "what", self._what()
        yield "noticed_late", self._noticed_late()
        if with_effect:
            yield "effect", self._say("effect")
        yield "sorry", self._sorry()
        if not self._spoken.asks_nothing:
            yield "you_need_to", self._say("you_need_to")

    def _news(self) -> Iterator[tuple[str, str]]:
        yield "news", self._news_headline()
        if self._occasion.can_see:
            yield "effect", self._say("effect")
            yield "why", self._say("why")
            yield "doing", self._say("doing")
        yield "still_on_it", self._phrases.still_on_it

    def _news_in_short(self) -> Iterator[tuple[str, str]]:
        yield "news", self._news_headline()
        if self._occasion.can_see and self._occasion.something_new:
            yield "effect", self._say("effect")

    def _end(self, phase: NoticePhase) -> Iterator[tuple[str, str]]:
        if (heard := self._question.corrects) is not None:
            return self._correction(heard)
        return self._plain_end(phase)

    def _correction(self, heard: Heard) -> Iterator[tuple[str, str]]:
        """Say what was told and is no longer so: each section that reads otherwise by now, as it was and as it is.

        Only what is said is claimed, and the new wording has the section's name, so that a later correction can quote it.
        """
        said = self._phrases
        yield "corrected", said.no_longer_so.format(moment=self._spelling.moment(heard.sent_at), label=self._label)
        for name in (name for name in STATING if name in heard.sections):
            before, was = self.stated.so_far(), heard.sections[name]
            now = self._what() if name == "what" else self._say(name)
            if now and now != was:
                yield f"was {name}", said.wrote.format(was=was)
                yield name, now
            else:
                self.stated.take(before)

    def _plain_end(self, phase: NoticePhase) -> Iterator[tuple[str, str]]:
        own = self._say(phase.value)
        yield phase.value, own or self._phrases.corrected.format(label=self._label)

    def _what(self) -> str:
        section = self._spoken.what.get(self._question.notice.says)
        if section is None:
            raise CannotSay(f"there is no wording for `{self._question.notice.says}`")
        return section.say(self._scope)

    def _noticed_late(self) -> str:
        notice = self._question.notice
        if not (self._question.was_late and self._question.says_when_late):
            return ""
        return self._phrases.noticed_late.format(length=self._spelling.duration(notice.found_at - notice.at))

    def _news_headline(self) -> str:
        if not self._occasion.can_see:
            return self._phrases.cannot_see.format(label=self._label)
        headline = self._phrases.known_now if self._occasion.something_new else self._phrases.nothing_new
        return headline.format(label=self._label)

    def _say(self, section: str) -> str:
        return self._spoken.say(section, self._scope)

    def _sorry(self) -> str:
        said = self._say("sorry") if may_be_sorry(self._question) else ""
        self.says_sorry = bool(said)
        return said
