"""A notice that may be told becomes a message in the customer's language: its story, the system's small print, text and page."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from contracts.ids import message_id
from contracts.message import Claim, Message
from contracts.problem import LABEL
from contracts.tell import Choice
from contracts.telling import ProblemNow
from notifiers.composing.languages import chosen, customs
from notifiers.composing.layout import Story, as_page, as_text
from notifiers.composing.occasion import Occasion
from notifiers.composing.phrases import PHRASES, Phrases
from notifiers.composing.sender import Sender, signature, way_to_a_person, way_to_preferences
from notifiers.composing.spelling import CannotSay, Spelling
from notifiers.composing.story import Narrator
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
    claims: tuple[Claim, ...]
    composed_at: int


def label_of(problem: ProblemNow) -> str:
    """Return what messages call the problem's case: by the field that the catalogue names, else by its id."""
    label = problem.facts.get(LABEL)
    return str(label.value) if label is not None else problem.case.partition("/")[2]


def phrases_in(language: str, default: str = "en") -> Phrases:
    """Return the system's sentences nearest to a language."""
    return PHRASES[chosen(language, PHRASES.keys(), default=default)]


class Composer:
    """language: the project's, for customers whose own is not there. label_of: what messages call the case of a problem."""

    def __init__(
        self,
        *,
        choices: Mapping[str, Choice],
        sender: Sender,
        language: str = "en",
        label_of: Callable[[ProblemNow], str] = label_of,
    ) -> None:
        self._choices, self._sender, self._language, self._label_of = choices, sender, language, label_of
        self._wordings = Wordings(language=language)

    def draft(self, question: Question, occasion: Occasion) -> Draft:
        """Put one notice for a known customer into words. Raises CannotSay."""
        customer, problem = question.customer, question.problem
        if customer is None:
            raise CannotSay("nobody is known to speak to")
        spoken = self._wordings.of(question.rule, customer.language)
        language, label = spoken.wording.language, self._label_of(problem)
        phrases = phrases_in(language)
        spelling = Spelling(customs(customer.language, language), customer.zone, occasion.now)
        narrator = Narrator(question, occasion, spoken=spoken, phrases=phrases, spelling=spelling, label=label)
        story = narrator.story(self._choices, language=self._language)
        message = message_id(question.notice.notice, occasion.channel)
        return Draft(
            message=message,
            notice=question.notice.notice,
            customer=customer.customer,
            channel=occasion.channel,
            language=language,
            story=story,
            small_print=self._small_print(
                phrases, message=message, about=None if narrator.is_private else label, as_of=spelling.moment(occasion.now)
            ),
            says_sorry=narrator.says_sorry,
            claims=narrator.stated.claims(),
            composed_at=occasion.now,
        )

    def _small_print(self, phrases: Phrases, *, message: str, about: str | None, as_of: str) -> dict[str, str]:
        """about: what the message calls its case, None where that is private."""
        why_you = {} if about is None else {"why_you": phrases.why_you.format(label=about)}
        return {
            "as_of": phrases.as_of.format(moment=as_of),
            **why_you,
            "person": way_to_a_person(self._sender, phrases),
            "preferences": way_to_preferences(self._sender, phrases),
            "sender": signature(self._sender, phrases, message=message),
        }


def lay_out(drafts: Sequence[Draft]) -> Message:
    """Return the message of the first notice, which tells the stories of all of them; their claims stay with their own."""
    first, several = drafts[0], len(drafts) > 1
    stories = [draft.story for draft in drafts]
    title = phrases_in(first.language).several.format(count=len(drafts)) if several else stories[0].headline
    small_print = list(first.small_print.values())
    return Message(
        message=first.message,
        notice=first.notice,
        channel=first.channel,
        customer=first.customer,
        language=first.language,
        title=" ".join(title.split()),
        sections=_sections(drafts),
        text=as_text(title, stories, small_print),
        html=as_page(title, stories, small_print, language=first.language),
        says_sorry=first.says_sorry,
        claims=first.claims,
        composed_at=first.composed_at,
    )


def _sections(drafts: Sequence[Draft]) -> dict[str, str]:
    """Return the sections of all; from the second notice on their names carry its number."""
    stories = {
        name if number == 1 else f"{name} {number}": text
        for number, draft in enumerate(drafts, start=1)
        for name, text in draft.story.sections.items()
    }
    return stories | drafts[0].small_print
