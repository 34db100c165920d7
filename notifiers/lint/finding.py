"""What the lint looks at, one wording or one section of it, and what it finds there."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from contracts.tell import NOTHING, Certainty, Choice, RuleTelling, Voice, Wording
from notifiers.composing.languages import chain

EVERY_VOICE = ("effect", "why", "doing", "you_need_to", "cleared", "solved", "corrected")
CHOICES = "choices"
ENDS = ("cleared", "solved", "corrected")
PLACEHOLDER, STATEMENT = "\x00", "\x01"
CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


class Finding(Struct, frozen=True, kw_only=True):
    """offset: of the fault in the section's text, in characters. fact: what is wrong; remedy: what to write instead.
    check: the name of the check that found it, which is also the name of its page."""

    language: str
    section: str
    offset: int = 0
    fact: str
    remedy: str
    warning: bool = False
    check: str = ""


class Page(Struct, frozen=True, kw_only=True):
    """One rule in one language, as a whole."""

    rule: RuleTelling
    wording: Wording
    choices: Mapping[str, Choice]

    def text_of_choice(self, name: str) -> str | None:
        """Return what a choice is called in the language of the wording; None where it has no text in it, or is unknown."""
        texts = self.choices[name].texts if name in self.choices else {}
        language = self.wording.language
        return next((texts[spoken] for spoken in chain(language, language) if spoken in texts), None)

    def finding(self, section: str, fact: str, remedy: str) -> Finding:
        return Finding(language=self.wording.language, section=section, fact=fact, remedy=remedy)


class Section(Struct, frozen=True, kw_only=True):
    """One section in one language. name: `what.SAYS` for a wording. voices: the detectors under which it is said."""

    language: str
    name: str
    text: str
    voices: tuple[Voice, ...]
    rule: RuleTelling

    @property
    def words(self) -> str:
        return masked(self.text)

    @property
    def only_may(self) -> bool:
        """Whether it is said of what only may be."""
        return self.name not in ENDS and bool(self.voices) and all(voice.certainty is Certainty.MAY for voice in self.voices)

    def finding(self, fact: str, remedy: str, *, offset: int = 0) -> Finding:
        placed = 0 if self.name == CHOICES else offset
        return Finding(language=self.language, section=self.name, offset=placed, fact=fact, remedy=remedy)


@lru_cache(maxsize=256)
def masked(text: str) -> str:
    """Return the text as long as it was: one sign in place of every character of code, a plain apostrophe for a curled one."""
    return CODE.sub(_mask, text).replace("’", "'")


def _mask(code: re.Match[str]) -> str:
    return (PLACEHOLDER if code.group().startswith("{{") else STATEMENT) * len(code.group())


def sections_of(page: Page) -> Iterator[Section]:
    """Yield the sections that a wording has, in the order of a rule file; `nothing` is no text."""
    rule, wording = page.rule, page.wording
    for says, text in wording.what.items():
        yield _section(page, f"what.{says}", text, tuple(voice for voice in rule.voices if voice.says == says))
    if wording.sorry:
        yield _section(page, "sorry", wording.sorry, tuple(voice for voice in rule.voices if voice.certainty is Certainty.IS))
    for name in EVERY_VOICE:
        text = getattr(wording, name)
        if text and text.strip() != NOTHING:
            yield _section(page, name, text, rule.voices)


def choices_of(page: Page) -> Iterator[Section]:
    """Yield the texts of the choices that a wording offers; they stand in another file, so what is found has no offset."""
    for name in page.wording.choices:
        if text := page.text_of_choice(name):
            yield _section(page, CHOICES, text, page.rule.voices)


def _section(page: Page, name: str, text: str, voices: tuple[Voice, ...]) -> Section:
    return Section(language=page.wording.language, name=name, text=text, voices=voices, rule=page.rule)
