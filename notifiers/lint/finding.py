"""What the lint finds, and the sections that it looks at."""

from collections.abc import Iterator

from msgspec import Struct

from contracts.tell import Certainty, RuleTelling, Voice, Wording

NOTHING = "nothing"
EVERY_VOICE = ("effect", "why", "doing", "you_need_to", "cleared", "solved", "corrected")


class Finding(Struct, frozen=True, kw_only=True):
    """offset: of the fault in the section's text, in characters. fact: what is wrong; remedy: what to write instead."""

    language: str
    section: str
    offset: int = 0
    fact: str
    remedy: str
    warning: bool = False


class Section(Struct, frozen=True, kw_only=True):
    """One section in one language. name: `what.SAYS` for a wording. voices: the detectors under which it is said."""

    language: str
    name: str
    text: str
    voices: tuple[Voice, ...]

    def finding(self, fact: str, remedy: str, *, offset: int = 0, warning: bool = False) -> Finding:
        return Finding(language=self.language, section=self.name, offset=offset, fact=fact, remedy=remedy, warning=warning)


def sections_of(rule: RuleTelling, wording: Wording) -> Iterator[Section]:
    """Yield the sections that a wording has, in the order of a rule file; `nothing` is no text."""
    for says, text in wording.what.items():
        voices = tuple(voice for voice in rule.voices if voice.says == says)
        yield Section(language=wording.language, name=f"what.{says}", text=text, voices=voices)
    surely = tuple(voice for voice in rule.voices if voice.certainty is Certainty.IS)
    if wording.sorry:
        yield Section(language=wording.language, name="sorry", text=wording.sorry, voices=surely)
    for name in EVERY_VOICE:
        text = getattr(wording, name)
        if text and text.strip() != NOTHING:
            yield Section(language=wording.language, name=name, text=text, voices=rule.voices)
