"""Does a section claim to know what it does not, apologise too early, or shout? What word lists alone cannot tell."""

import re
from collections.abc import Iterator

from contracts.tell import Certainty
from notifiers.lint.finding import STATEMENT, Finding, Section
from notifiers.lint.wordlists import denied, phrases, quoted

_APOLOGY = re.compile(r"\b(?:sorry|apolog\w*|we regret|Entschuldigung|entschuldigen|tut uns leid|bedauern)\b", re.IGNORECASE)
_SENTENCE = re.compile(rf"[^.!?{STATEMENT}]+")
_MARKS = re.compile(r"![^!]*!")
_CAPITALS = re.compile(r"(?<!\w)[A-ZÄÖÜ]{4,}(?:\s+[A-ZÄÖÜ]{3,})+(?!\w)|(?<!\w)[A-ZÄÖÜ]{3,}\s+[A-ZÄÖÜ]{4,}(?!\w)")
_LOWER = "write it in small letters, and end it with a full stop"


def early_apology(section: Section) -> Iterator[Finding]:
    """Sorry is said of what is, in its own section (S24)."""
    if section.name == "sorry" or any(voice.certainty is Certainty.IS for voice in section.rule.voices):
        return
    for found in _APOLOGY.finditer(section.words):
        fact = f"`{found.group()}` apologises for what only may be"
        yield section.finding(fact, "leave it out; `sorry` is said when something is wrong", offset=found.start())


def false_certainty(section: Section) -> Iterator[Finding]:
    """Nothing is certain but what was seen; under a `may`, nothing is said to be or to come without a word of doubt."""
    for found in phrases("false-certainty", section.language).finditer(section.words):
        if not denied(section, found.start()):
            remedy = "say what we know, and what we do not know"
            yield section.finding(f"`{quoted(section, found)}` is surer than we can be", remedy, offset=found.start())
    if section.only_may:
        yield from _said_to_be(section)


def _said_to_be(section: Section) -> Iterator[Finding]:
    doubt = phrases("doubt", section.language)
    for sentence in _SENTENCE.finditer(section.words):
        found = phrases("said-to-be", section.language).search(section.words, *sentence.span())
        if found and not (doubt.search(section.words, *sentence.span()) or denied(section, found.start())):
            fact = f"`{quoted(section, found)}` says that it is so, where it only may be"
            yield section.finding(fact, "say `may`, or state only what was seen", offset=found.start())


def shouting(section: Section) -> Iterator[Finding]:
    for pattern in (_MARKS, _CAPITALS, phrases("shouting", section.language)):
        if found := pattern.search(section.words):
            yield section.finding(f"`{quoted(section, found)[-40:]}` shouts", _LOWER, offset=found.start())
            return
