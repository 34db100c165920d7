"""Is a wording whole: every section there, no `is` without the right to say it, and every language fit to be spoken?"""

from collections.abc import Iterator, Mapping

from contracts.tell import Certainty, Choice, RuleTelling, Wording
from notifiers.composing.languages import base, chain
from notifiers.composing.phrases import PHRASES
from notifiers.lint.finding import Finding

REQUIRED = {
    "effect": "say what it means for the customer",
    "why": "say why it happened, or that we do not know yet",
    "doing": "say what we are doing about it",
    "you_need_to": "say what the customer has to do, or write `nothing`",
    "cleared": "say that all is well again",
    "solved": "say how it ended",
}


def check_whole(rule: RuleTelling, wording: Wording, choices: Mapping[str, Choice]) -> Iterator[Finding]:
    yield from _missing(rule, wording)
    yield from _certainty(rule, wording)
    yield from _sorry(rule, wording)
    yield from _language(wording, choices)


def _missing(rule: RuleTelling, wording: Wording) -> Iterator[Finding]:
    for says in dict.fromkeys(voice.says for voice in rule.voices):
        if not wording.what.get(says, "").strip():
            yield _finding(wording, f"what.{says}", f"there is no wording for `{says}`", f"write `{says}:` below `what`")
    for section, remedy in REQUIRED.items():
        if not getattr(wording, section).strip():
            yield _finding(wording, section, f"the section `{section}` is missing", remedy)


def _certainty(rule: RuleTelling, wording: Wording) -> Iterator[Finding]:
    """Only a passed promise and an observed event may be said to be (S24)."""
    for voice in rule.voices:
        if voice.certainty is Certainty.IS and not voice.may_say_is:
            fact = f"`{voice.detector}` says `{voice.says}`, but neither a promise passed nor an event was seen"
            yield _finding(wording, f"what.{voice.says}", fact, f"say `may be{voice.says.removeprefix('is')}`")


def _sorry(rule: RuleTelling, wording: Wording) -> Iterator[Finding]:
    surely = any(voice.certainty is Certainty.IS for voice in rule.voices)
    has_sorry = bool(wording.sorry and wording.sorry.strip())
    if surely and not has_sorry:
        yield _finding(
            wording, "sorry", "the section `sorry` is missing, and the rule says that something `is` wrong", "say sorry"
        )
    if has_sorry and not surely:
        yield _finding(wording, "sorry", "`sorry` is never said: the rule only says `may`", "leave it out", warning=True)


def _language(wording: Wording, choices: Mapping[str, Choice]) -> Iterator[Finding]:
    spoken = list(chain(wording.language, wording.language))
    for name in wording.choices:
        if name in choices and not any(language in choices[name].texts for language in spoken):
            fact = f"the choice `{name}` has no text in {wording.language}"
            yield _finding(wording, "choices", fact, f"add `{base(wording.language)}:` to it in choices.yaml")
    if base(wording.language) not in PHRASES:
        fact = f"the system's own sentences are not there in {wording.language}"
        yield _finding(
            wording, "what", fact, f"they are said in English; there are {' and '.join(sorted(PHRASES))}", warning=True
        )


def _finding(wording: Wording, section: str, fact: str, remedy: str, *, warning: bool = False) -> Finding:
    return Finding(language=wording.language, section=section, fact=fact, remedy=remedy, warning=warning)
