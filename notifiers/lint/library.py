"""All checks of the lint: what misleads or presses a customer is a fault, what is only hard to read or to send a warning.

What each one finds, why, and who says so, is on its page: docs/lint/NAME.md.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from contracts.notice import NoticeClass
from notifiers.lint import whole
from notifiers.lint.facts import AMOUNT, DATE, LENGTH, TIME, bare, bare_cause
from notifiers.lint.finding import Finding, Page, Section
from notifiers.lint.placeholders import placeholder, template
from notifiers.lint.plain import hidden_actor, html, long_sentence
from notifiers.lint.sms import long_sms
from notifiers.lint.tone import early_apology, false_certainty, shouting
from notifiers.lint.wordlists import LANGUAGES, finds

Seen = TypeVar("Seen")


class Check(Struct, Generic[Seen], frozen=True):
    """languages: of its word lists; empty where it does not depend on words. warns: what it finds does not stop a rule."""

    name: str
    look: Callable[[Seen], Iterable[Finding]]
    languages: tuple[str, ...] = ()
    warns: bool = False

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Yield what it finds, signed with its name."""
        for finding in self.look(seen):
            yield replace(finding, check=self.name, warning=self.warns)


_advertises = finds("promotion", "advertises in a message that is no advertisement", "leave it out")


def promotion(section: Section) -> Iterator[Finding]:
    """Marketing goes to those who agreed to it (class marketing), and to nobody else."""
    if section.rule.tell.notice_class is not NoticeClass.MARKETING:
        yield from _advertises(section)


def listed(name: str, fact: str, remedy: str, *, even_denied: bool = True, warns: bool = False) -> Check[Section]:
    """Return the check that finds the phrases of a list, and nothing else."""
    return Check(name, finds(name, fact, remedy, even_denied=even_denied), LANGUAGES, warns)


APOLOGISE = "say `we are sorry that …` and what went wrong, or nothing"
HELP = "say what happened and what helps now, without saying whose fault it was"
SAY_UNTIL_WHEN = "say until when what is possible, as a fact, and what happens then"

OF_PAGES: tuple[Check[Page], ...] = (
    Check("missing-section", whole.missing_section),
    Check("is-without-proof", whole.is_without_proof),
    Check("unused-sorry", whole.unused_sorry, warns=True),
    Check("choice-without-text", whole.choice_without_text),
    Check("untranslated-system", whole.untranslated_system, warns=True),
    Check("long-sms", long_sms, warns=True),
)

OF_SECTIONS: tuple[Check[Section], ...] = (
    Check("template", template),
    Check("placeholder", placeholder),
    Check("bare-date", bare("date", DATE, "write a fact: {{ promised | day }}")),
    Check("bare-time", bare("time", TIME, "write a fact: {{ slot | clock }}")),
    Check("bare-length", bare("length", LENGTH, "write a fact: {{ wait | duration }}")),
    Check("bare-amount", bare("amount", AMOUNT, "write a fact: {{ amount | money }} or {{ share | percent }}")),
    Check("bare-cause", bare_cause),
    Check("html", html),
    Check("early-apology", early_apology),
    listed("non-apology", "is no apology: it doubts or hides the harm", APOLOGISE),
    listed("blame", "blames the customer", HELP, even_denied=False),
    listed("pressure", "hurries or threatens the customer", SAY_UNTIL_WHEN, even_denied=False),
    Check("promotion", promotion, LANGUAGES),
    Check("false-certainty", false_certainty, LANGUAGES),
    Check("shouting", shouting, LANGUAGES),
    listed("jargon", "is a word of ours, not of a customer", "say it as you would on the telephone", warns=True),
    Check("hidden-actor", hidden_actor, LANGUAGES, warns=True),
    Check("long-sentence", long_sentence, warns=True),
)

CHECKS = (*OF_PAGES, *OF_SECTIONS)
OF_CHOICES = tuple(check for check in OF_SECTIONS if check.languages)
