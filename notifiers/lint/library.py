"""All checks of the lint: what misleads or presses a customer is a fault, what is only hard to read or to send a warning."""

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
        source="Web Content Accessibility Guidelines 2.2, success criterion 3.1.2 Language of Parts",
        warns=True,
    ),
    Check(
        name="long-sms",
        look=long_sms,
        why="What is longer than two segments may be cut, arrive in pieces or out of order, and costs more with each piece.",
        source="3GPP TS 23.038, Alphabets and language-specific information; 3GPP TS 23.040, Technical realization of the SMS",
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
        source="Directive 2005/29/EC on unfair commercial practices, article 6, Misleading actions",
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
        source="B. Halperin, B. Ho, J. List, I. Muir, Toward an Understanding of the Economics of Apologies, "
        "The Economic Journal, 2022",
    ),
    Check(
        name="non-apology",
        look=finds(
            "non-apology",
            "is no apology: it doubts or hides the harm",
            "say `we are sorry that …` and what went wrong, or nothing",
        ),
        why="An apology that is conditional, or names no fault, reads as a refusal to apologise.",
        source="Scottish Public Services Ombudsman, SPSO Guidance on Apology; R. Lewicki, B. Polin, R. Lount, "
        "An Exploration of the Structure of Effective Apologies, Negotiation and Conflict Management Research, 2016",
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
        source="GOV.UK Design System, Error message; Microsoft, Windows design basics, Error Messages",
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
        source="Directive 2005/29/EC on unfair commercial practices, articles 8 and 9 and annex I, number 7; "
        "Competition and Markets Authority, Online Choice Architecture: How digital design can harm competition and "
        "consumers, 2022",
        languages=LANGUAGES,
    ),
    Check(
        name="promotion",
        look=promotion,
        why="A service message that advertises is an advertisement, which needs consent, and makes a bad moment worse.",
        source="Directive 2002/58/EC on privacy and electronic communications, article 13; Bundesgerichtshof, judgments of "
        "15 December 2015, VI ZR 134/15, and 10 July 2018, VI ZR 225/17; Information Commissioner's Office, "
        "Direct marketing guidance",
        languages=LANGUAGES,
    ),
    Check(
        name="false-certainty",
        look=false_certainty,
        why="A forecast that is told as a fact is a broken promise as soon as it fails.",
        source="Directive 2005/29/EC on unfair commercial practices, article 6; A. van der Bles et al., The effects of "
        "communicating uncertainty on public trust in facts and numbers, PNAS, 2020",
        languages=LANGUAGES,
    ),
    Check(
        name="shouting",
        look=shouting,
        why="Capitals and exclamation marks raise the voice at somebody who has done nothing.",
        source="Government Digital Service, GOV.UK Style guide: Capitalisation, Exclamation marks",
        languages=LANGUAGES,
    ),
    Check(
        name="jargon",
        look=finds("jargon", "is a word of ours, not of a customer", "say it as you would on the telephone"),
        why="A word that only the business knows tells the customer nothing, and that they are not spoken to.",
        source="ISO 24495-1:2023, Plain language, Part 1: Governing principles and guidelines; Bundesverwaltungsamt, "
        "BBB-Arbeitshandbuch Bürgernahe Verwaltungssprache",
        languages=LANGUAGES,
        warns=True,
    ),
    Check(
        name="hidden-actor",
        look=hidden_actor,
        why="Where something was done by nobody, nobody can be asked.",
        source="Federal Plain Language Guidelines, Use active voice",
        languages=LANGUAGES,
        warns=True,
    ),
    Check(
        name="long-sentence",
        look=long_sentence,
        why="A long sentence has to be read twice, and bad news is read once.",
        source="Government Digital Service, Content design: planning, writing and managing content; "
        "Federal Plain Language Guidelines, Write short sentences",
        warns=True,
    ),
)

CHECKS = (*OF_PAGES, *OF_SECTIONS)
OF_CHOICES = tuple(check for check in OF_SECTIONS if check.languages)
