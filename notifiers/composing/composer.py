"""A notice that may be told becomes a message in the customer's language: its story, the system's small print, text and page."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from contracts.customer import Customer
from contracts.ids import message_id
from contracts.message import About, Posted, Recipient
from contracts.problem import LABEL
from contracts.tell import Choice
from contracts.telling import ProblemNow
from notifiers.composing.customs import customs
from notifiers.composing.layout import Story, as_lines, as_page, as_short_text, as_text
from notifiers.composing.links import Links
from notifiers.composing.phrases import phrases_in
from notifiers.composing.sender import Sender, signature, small_print
from notifiers.composing.spelling import CannotSay, Spelling
from notifiers.composing.story import PUSH, SMALL_CHANNELS, SMS, Narrator, Occasion
from notifiers.composing.wordings import Wordings
from notifiers.gates.question import Question


class Draft(Struct, frozen=True, kw_only=True):
    """One notice in words, before it is laid out, alone or with others of its customer."""

    message: str
    notice: str
    customer: str
    channel: str
    language: str
    story: Story
    small_print: dict[str, str]
    says_sorry: bool
    composed_at: int
    to: Recipient
    about: About
    stop_link: str | None


def _label_of(problem: ProblemNow) -> str:
    """Return what messages call the problem's case: by the field that the catalogue names, else by its id."""
    label = problem.facts.get(LABEL)
    return str(label.value) if label is not None else problem.case.partition("/")[2]


class Composer:
    """language: the project's, for customers whose own is not there. links: None where there are no pages of ours to link to."""

    def __init__(
        self,
        *,
        choices: Mapping[str, Choice],
        sender: Sender,
        language: str = "en",
        links: Links | None = None,
    ) -> None:
        self._sender, self._links = sender, links
        self._wordings = Wordings(choices, language=language)

    def draft(self, question: Question, occasion: Occasion) -> Draft:
        """Put one notice for a known customer into words. Raises CannotSay."""
        customer, notice, channel, now = question.customer, question.notice, occasion.channel, occasion.now
        if customer is None:
            raise CannotSay("nobody is known to speak to")
        spoken = self._wordings.of(question.rule, customer.language)
        label, message = _label_of(question.problem), message_id(notice.notice, channel)
        spelling = Spelling(customs(customer.language, spoken.language), customer.zone, now)
        narrator = Narrator(question, occasion, spoken=spoken, spelling=spelling, label=label)
        if channel in SMALL_CHANNELS:
            beside = signature(self._sender, spoken.phrases, message=message) if channel == SMS else {}
            story = narrator.short_story("".join(beside.values()))
        else:
            beside = small_print(self._sender, spoken.phrases, message=message, about=label, as_of=spelling.now())
            story = narrator.story()
        return Draft(
            message=message,
            notice=notice.notice,
            customer=customer.customer,
            channel=channel,
            language=spoken.language,
            story=story,
            small_print=beside,
            says_sorry=narrator.says_sorry,
            composed_at=now,
            to=Recipient(customer.name, customer.email, customer.phone),
            about=_about(question, narrator, occasion.hear_again),
            stop_link=self._stop_link(question, customer, channel=channel, now=now),
        )

    def _stop_link(self, question: Question, customer: Customer, *, channel: str, now: int) -> str | None:
        if self._links is None or channel in SMALL_CHANNELS:
            return None
        return self._links.stop(customer.customer, question.rule.rule, now=now)


def _about(question: Question, narrator: Narrator, hear_again: int | None) -> About:
    notice = question.notice
    return About(
        notice=notice.notice,
        problem=notice.problem,
        rule=notice.rule,
        case=notice.case,
        phase=notice.phase,
        hear_again=hear_again,
        claims=narrator.stated.claims(),
        kinds=question.rule.facts,
    )


def lay_out(drafts: Sequence[Draft]) -> Posted:
    """Return the message of the first notice, which tells the stories of all of them; their claims stay with their own."""
    first = drafts[0]
    stories, beside = [draft.story for draft in drafts], first.small_print
    title = _title(drafts)
    return Posted(
        message=first.message,
        notice=first.notice,
        channel=first.channel,
        customer=first.customer,
        language=first.language,
        title=title,
        sections=_sections(drafts),
        text=_text(first.channel, title, stories, list(beside.values())),
        html="" if first.channel in SMALL_CHANNELS else as_page(title, stories, beside, language=first.language),
        says_sorry=first.says_sorry,
        claims=first.about.claims,
        composed_at=first.composed_at,
        to=first.to,
        about=tuple([draft.about for draft in drafts]),
        stop_link=first.stop_link,
    )


def _title(drafts: Sequence[Draft]) -> str:
    first, several = drafts[0], len(drafts) > 1
    title = phrases_in(first.language).several.format(count=len(drafts)) if several else first.story.headline
    return title if "\n" not in title else " ".join([line.strip() for line in title.splitlines()])


def _text(channel: str, title: str, stories: Sequence[Story], small_print: Sequence[str]) -> str:
    if channel == SMS:
        return as_short_text(stories, small_print)
    return as_lines(title, stories) if channel == PUSH else as_text(title, stories, small_print)


def _sections(drafts: Sequence[Draft]) -> dict[str, str]:
    """Return the sections of all; from the second notice on their names carry its number."""
    sections = dict(drafts[0].story.sections)
    for number, draft in enumerate(drafts[1:], start=2):
        sections |= {f"{name} {number}": text for name, text in draft.story.sections.items()}
    return sections | drafts[0].small_print
