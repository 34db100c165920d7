"""Does a section state in bare words what should be a fact with a source, or say what does not belong there?"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from contracts.tell import Certainty, RuleTelling
from notifiers.lint.finding import Finding, Section

MOST_WORDS = 30
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember"
)
_DAYS = (
    "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|today|tomorrow|yesterday|tonight"
    "|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|heute|morgen|gestern"
)
_UNITS = "seconds?|minutes?|hours?|days?|weeks?|months?|Sekunden?|Minuten?|Stunden?|Tage?n?|Wochen?|Monate?n?"
_MONEY = "€|EUR|USD|GBP|CHF|[Ee]uros?|dollars?|pounds?|Dollar|Pfund|%|percent|Prozent"
_CAUSES = "because|due to|owing to|caused by|as a result of|weil|wegen|aufgrund|infolge|verursacht durch"
_APOLOGIES = r"sorry|apolog\w*|we regret|Entschuldigung|entschuldigen|tut uns leid|bedauern"

_PLACEHOLDER, _STATEMENT = "\x00", "\x01"
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_COMPARED = re.compile(r"\{%-?\s*(?:el)?if\b[^%]*==[^%]*%\}")
_SENTENCE = re.compile(r"[^.!?]+")


class Bare(NamedTuple):
    kind: str
    pattern: re.Pattern[str]
    remedy: str


BARE = (
    Bare(
        "date",
        re.compile(
            rf"\d{{4}}-\d\d-\d\d|\b\d{{1,2}}\.\d{{1,2}}\.(?:\d{{4}}|\d\d)?|\b\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b"
            rf"|\b\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:{_MONTHS})\b|\b(?:{_MONTHS})\s+\d{{1,2}}\b|\b(?:{_DAYS})\b"
        ),
        "write a fact: {{ promised | day }}",
    ),
    Bare(
        "time",
        re.compile(r"\b\d{1,2}:\d\d\b|\b\d{1,2}\s?(?:am|pm|a\.m\.|p\.m\.|o'clock|Uhr)\b"),
        "write a fact: {{ slot | clock }}",
    ),
    Bare("length", re.compile(rf"\b\d+\s?(?:{_UNITS})\b"), "write a fact: {{ wait | duration }}"),
    Bare(
        "amount",
        re.compile(rf"[€$£]\s?\d|\b\d+(?:[.,]\d+)?\s?(?:{_MONEY})"),
        "write a fact: {{ amount | money }} or {{ share | percent }}",
    ),
)
_CAUSE = re.compile(rf"\b(?:{_CAUSES})\b(?=[^.!?\x00]*(?:[.!?\x01]|$))", re.IGNORECASE)
_APOLOGY = re.compile(rf"\b(?:{_APOLOGIES})\b", re.IGNORECASE)
_HTML = re.compile(r"</?[A-Za-z][^>]*>|<!--|&(?:[A-Za-z]+|#\d+);")


def check_words(section: Section, rule: RuleTelling) -> Iterator[Finding]:
    words = masked(section.text)
    yield from _bare(section, words)
    yield from _causes(section, words)
    if (html := _HTML.search(words)) is not None:
        yield section.finding(f"`{html.group()}` is HTML", "write plain text; the layout makes the page", offset=html.start())
    if section.name != "sorry" and all(voice.certainty is Certainty.MAY for voice in rule.voices):
        yield from _apologies(section, words)
    yield from _long_sentences(section, words)


def masked(text: str) -> str:
    """Return the text as long as it was, with one sign in place of every character of code."""
    return _CODE.sub(lambda code: (_PLACEHOLDER if code.group().startswith("{{") else _STATEMENT) * len(code.group()), text)


def _bare(section: Section, words: str) -> Iterator[Finding]:
    for kind, pattern, remedy in BARE:
        for found in pattern.finditer(words):
            yield section.finding(f"`{found.group()}` is a bare {kind}, which no event vouches for", remedy, offset=found.start())


def _causes(section: Section, words: str) -> Iterator[Finding]:
    """A cause is a fact that is written, or one that was compared with: {% if outcome == "refused" %}because …{% endif %}."""
    for found in _CAUSE.finditer(words):
        before = [code.group() for code in _CODE.finditer(section.text, 0, found.start()) if code.group().startswith("{%")]
        if not (before and _COMPARED.fullmatch(before[-1])):
            remedy = "let a fact say the cause, or say that it is not known yet"
            yield section.finding(f"`{found.group()}` names a cause that no event vouches for", remedy, offset=found.start())


def _apologies(section: Section, words: str) -> Iterator[Finding]:
    for found in _APOLOGY.finditer(words):
        fact = f"`{found.group()}` apologises for what only may be"
        yield section.finding(fact, "leave it out; `sorry` is said when something is wrong", offset=found.start())


def _long_sentences(section: Section, words: str) -> Iterator[Finding]:
    """Warn of long sentences; a placeholder counts as a word, the branches of an `if` are not added up."""
    spoken = re.sub(f"{_STATEMENT}+", lambda code: "." * len(code.group()), words)
    for sentence in _SENTENCE.finditer(re.sub(f"{_PLACEHOLDER}+", lambda code: "x" * len(code.group()), spoken)):
        count = len(sentence.group().split())
        if count > MOST_WORDS:
            start = sentence.start() + len(sentence.group()) - len(sentence.group().lstrip())
            yield section.finding(
                f"a sentence of {count} words", f"say it in fewer than {MOST_WORDS}", offset=start, warning=True
            )
