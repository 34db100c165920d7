"""All checks of the lint: what misleads or presses a customer is a fault, what is only hard to read or to send a warning.

What each one finds, and who says so, is on its page: docs/lint/NAME.md.
"""

from collections.abc import Iterator

from contracts.notice import NoticeClass
from notifiers.lint import whole
from notifiers.lint.check import Check
from notifiers.lint.facts import AMOUNT, DATE, LENGTH, TIME, bare, bare_cause
from notifiers.lint.finding import Finding, Page, Section
from notifiers.lint.placeholders import placeholder, template
from notifiers.lint.plain import hidden_actor, html, long_sentence
from notifiers.lint.sms import long_sms
from notifiers.lint.tone import early_apology, false_certainty, shouting
from notifiers.lint.wordlists import LANGUAGES, finds

_advertises = finds("promotion", "advertises in a message that is no advertisement", "leave it out")


def promotion(section: Section) -> Iterator[Finding]:
    """Marketing goes to those who agreed to it (class marketing), and to nobody else."""
    if section.rule.tell.notice_class is not NoticeClass.MARKETING:
        yield from _advertises(section)


OF_PAGES: tuple[Check[Page], ...] = (
    Check(
        name="missing-section",
        look=whole.missing_section,
        why="A customer who is told of a problem is told what it means, why, what we do, what to do, and how it ended.",
    ),
    Check(
        name="is-without-proof",
        look=whole.is_without_proof,
        why="Only a promise whose time has passed and an event that was seen may be said to be; all else only may be.",
    ),
    Check(
        name="unused-sorry",
        look=whole.unused_sorry,
        why="An apology in a rule that only says `may` is never sent, so its author expects what does not happen.",
        warns=True,
    ),
    Check(
        name="choice-without-text",
        look=whole.choice_without_text,
        why="A choice is offered in the language of the message, or the customer cannot know what they choose.",
    ),
    Check(
        name="untranslated-system",
        look=whole.untranslated_system,
        why="A message whose small print is in another language than its story leaves half of it unread.",
        warns=True,
    ),
    Check(
        name="long-sms",
        look=long_sms,
        why="What is longer than two segments may be cut, arrive in pieces or out of order, and costs more with each piece.",
        warns=True,
    ),
)

OF_SECTIONS: tuple[Check[Section], ...] = (
    Check(
        name="template",
        look=template,
        why="A message that could loop, call or compute could say what nobody has read.",
    ),
    Check(
        name="placeholder",
        look=placeholder,
        why="What is written is a fact that the rule knows, that is there on every way to it, and that is spelled by its type.",
    ),
    Check(
        name="bare-date",
        look=bare("date", DATE, "write a fact: {{ promised | day }}"),
        why="A day that no event vouches for cannot be corrected when it changes.",
    ),
    Check(
        name="bare-time",
        look=bare("time", TIME, "write a fact: {{ slot | clock }}"),
        why="A time of day that no event vouches for is wrong in every zone but one.",
    ),
    Check(
        name="bare-length",
        look=bare("length", LENGTH, "write a fact: {{ wait | duration }}"),
        why="A length of time in a message is a promise, and only promises that we keep count of are kept.",
    ),
    Check(
        name="bare-amount",
        look=bare("amount", AMOUNT, "write a fact: {{ amount | money }} or {{ share | percent }}"),
        why="An amount that no event vouches for is nobody's bill.",
    ),
    Check(
        name="bare-cause",
        look=bare_cause,
        why="A cause that no event vouches for is a guess, and the first thing a customer finds out to be untrue.",
    ),
    Check(
        name="html",
        look=html,
        why="Sections are words for every channel; markup in them is broken in SMS and unsafe in mail.",
    ),
    Check(
        name="early-apology",
        look=early_apology,
        why="An apology for what may never happen worries the customer, and wears out the one that is meant.",
    ),
    Check(
        name="non-apology",
        look=finds(
            "non-apology",
            "is no apology: it doubts or hides the harm",
            "say `we are sorry that …` and what went wrong, or nothing",
        ),
        why="An apology that is conditional, or names no fault, reads as a refusal to apologise.",
        languages=LANGUAGES,
    ),
    Check(
        name="blame",
        look=finds(
            "blame",
            "blames the customer",
            "say what happened and what helps now, without saying whose fault it was",
            even_denied=False,
        ),
        why="A customer who is blamed, often wrongly, stops reading where the help begins.",
        languages=LANGUAGES,
    ),
    Check(
        name="pressure",
        look=finds(
            "pressure",
            "hurries or threatens the customer",
            "say until when what is possible, as a fact, and what happens then",
            even_denied=False,
        ),
        why="Urgency that comes from words and not from a fact takes away the calm that a decision needs.",
        languages=LANGUAGES,
    ),
    Check(
        name="promotion",
        look=promotion,
        why="A service message that advertises is an advertisement, which needs consent, and makes a bad moment worse.",
        languages=LANGUAGES,
    ),
    Check(
        name="false-certainty",
        look=false_certainty,
        why="A forecast that is told as a fact is a broken promise as soon as it fails.",
        languages=LANGUAGES,
    ),
    Check(
        name="shouting",
        look=shouting,
        why="Capitals and exclamation marks raise the voice at somebody who has done nothing.",
        languages=LANGUAGES,
    ),
    Check(
        name="jargon",
        look=finds("jargon", "is a word of ours, not of a customer", "say it as you would on the telephone"),
        why="A word that only the business knows tells the customer nothing, and that they are not spoken to.",
        languages=LANGUAGES,
        warns=True,
    ),
    Check(
        name="hidden-actor",
        look=hidden_actor,
        why="Where something was done by nobody, nobody can be asked.",
        languages=LANGUAGES,
        warns=True,
    ),
    Check(
        name="long-sentence",
        look=long_sentence,
        why="A long sentence has to be read twice, and bad news is read once.",
        warns=True,
    ),
)

CHECKS = (*OF_PAGES, *OF_SECTIONS)
OF_CHOICES = tuple(check for check in OF_SECTIONS if check.languages)
