"""Is a wording whole: every section there, no `is` without the right to say it, and every language fit to be spoken?"""

from collections.abc import Iterator

from contracts.tell import REQUIRED, Certainty
from notifiers.composing.languages import base
from notifiers.composing.phrases import PHRASES
from notifiers.lint.finding import Finding, Page


def missing_section(page: Page) -> Iterator[Finding]:
    for says in dict.fromkeys(voice.says for voice in page.rule.voices):
        if not page.wording.what.get(says, "").strip():
            yield page.finding(f"what.{says}", f"there is no wording for `{says}`", f"write `{says}:` below `what`")
    for section, remedy in REQUIRED.items():
        if not getattr(page.wording, section).strip():
            yield page.finding(section, f"the section `{section}` is missing", remedy)
    if _surely(page) and not _has_sorry(page):
        fact = "the section `sorry` is missing, and the rule says that something `is` wrong"
        yield page.finding("sorry", fact, "say sorry")


def is_without_proof(page: Page) -> Iterator[Finding]:
    """Only a passed promise and an observed event may be said to be (S24)."""
    for voice in page.rule.voices:
        if voice.certainty is Certainty.IS and not voice.may_say_is:
            fact = f"`{voice.detector}` says `{voice.says}`, but neither a promise passed nor an event was seen"
            yield page.finding(f"what.{voice.says}", fact, f"say `may be{voice.says.removeprefix('is')}`")


def unused_sorry(page: Page) -> Iterator[Finding]:
    if _has_sorry(page) and not _surely(page):
        yield page.finding("sorry", "`sorry` is never said: the rule only says `may`", "leave it out")


def choice_without_text(page: Page) -> Iterator[Finding]:
    language = page.wording.language
    for name in page.wording.choices:
        if name in page.choices and page.text_of_choice(name) is None:
            fact = f"the choice `{name}` has no text in {language}"
            yield page.finding("choices", fact, f"add `{base(language)}:` to it in choices.yaml")


def untranslated_system(page: Page) -> Iterator[Finding]:
    language = page.wording.language
    if base(language) not in PHRASES:
        fact = f"the system's own sentences are not there in {language}"
        yield page.finding("what", fact, f"they are said in English; there are {' and '.join(sorted(PHRASES))}")


def _surely(page: Page) -> bool:
    return any(voice.certainty is Certainty.IS for voice in page.rule.voices)


def _has_sorry(page: Page) -> bool:
    return bool(page.wording.sorry and page.wording.sorry.strip())
