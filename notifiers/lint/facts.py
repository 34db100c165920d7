"""Does a section state in bare words what should be a fact with a source: a date, a time, a length, an amount, a cause?"""

import re
from collections.abc import Callable, Iterator

from notifiers.lint.finding import CODE, Finding, Section

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember"
)
_DAYS = (
    "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|today|tomorrow|yesterday|tonight"
    "|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|heute|morgen|gestern"
)
_SOON = (
    r"(?:next\s+(?:week(?:end)?|month|year)|this\s+(?:week(?:end)?|morning|afternoon|evening))"
    r"|(?:(?:nächste|kommende)[rmsn]?\s+(?:Woche|Monat|Jahr|Wochenende)|diese[rs]?\s+(?:Woche|Wochenende))"
)
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|twelve|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|vierzehn"
_UNITS = (
    "seconds?|minutes?|hours?|(?:working |business )?days?|weeks?|months?"
    "|Sekunden?|Minuten?|Stunden?|(?:Werk|Arbeits)?[Tt]age?n?|Wochen?|Monate?n?"
)
_MONEY = "€|EUR|USD|GBP|CHF|[Ee]uros?|dollars?|pounds?|Dollar|Pfund|%|percent|Prozent"
_ADJECTIVES = "operational|technical|logistical|organi[sz]ational|internal|unforeseen"
_ADJEKTIVE = r"betriebs\w+|betrieblichen|technischen|logistischen|organisatorischen|internen|unvorhersehbaren"
_CAUSES = (
    "because|due to|owing to|caused by|as a result of|weil|wegen|aufgrund|infolge|verursacht durch"
    rf"|for (?:{_ADJECTIVES}) reasons|aus (?:{_ADJEKTIVE}) Gründen"
)

DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d|\b\d{{1,2}}\.\d{{1,2}}\.(?:\d{{4}}|\d\d)?|\b(?!24/7\b)\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:{_MONTHS})\b|\b(?:{_MONTHS})\s+\d{{1,2}}\b|\b(?:{_DAYS})\b|\b(?:{_SOON})\b"
)
TIME = re.compile(r"\b\d{1,2}:\d\d\b|\b\d{1,2}\s?(?:am|pm|a\.m\.|p\.m\.|o'clock|Uhr)\b")
LENGTH = re.compile(rf"\b\d+\s?(?:{_UNITS})\b|\b(?:{_NUMBERS})\s(?:{_UNITS})\b", re.IGNORECASE)
AMOUNT = re.compile(rf"[€$£]\s?\d|\b\d+(?:[.,]\d+)?\s?(?:{_MONEY})")
CAUSE = re.compile(rf"\b(?:{_CAUSES})\b(?=[^.!?\x00]*(?:[.!?\x01]|$))", re.IGNORECASE)
_COMPARED = re.compile(r"\{%-?\s*(?:el)?if\b[^%]*==[^%]*%\}")


def bare(kind: str, pattern: re.Pattern[str], remedy: str) -> Callable[[Section], Iterator[Finding]]:
    """Return a look for what stands in words where a placeholder belongs."""

    def look(section: Section) -> Iterator[Finding]:
        for found in pattern.finditer(section.words):
            yield section.finding(f"`{found.group()}` is a bare {kind}, which no event vouches for", remedy, offset=found.start())

    return look


def bare_cause(section: Section) -> Iterator[Finding]:
    """A cause is a fact that is written, or one that was compared with: {% if outcome == "refused" %}because …{% endif %}."""
    for found in CAUSE.finditer(section.words):
        before = [code.group() for code in CODE.finditer(section.text, 0, found.start()) if code.group().startswith("{%")]
        if not (before and _COMPARED.fullmatch(before[-1])):
            remedy = "let a fact say the cause, or say that it is not known yet"
            yield section.finding(f"`{found.group()}` names a cause that no event vouches for", remedy, offset=found.start())
