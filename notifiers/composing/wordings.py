"""A rule's sections, compiled once per language, with all beside them that is the same in each of its messages."""

from collections.abc import Iterator, Mapping

from jinja2 import TemplateError
from jinja2.runtime import Context

from contracts.tell import LINKS, NOTHING, Choice, RuleTelling, Wording
from notifiers.composing.languages import chosen
from notifiers.composing.layout import Offer
from notifiers.composing.phrases import Phrases, phrases_in
from notifiers.composing.spelling import CannotSay
from notifiers.templates import TemplateRefused, compiled, render

SECTIONS = ("effect", "why", "sorry", "doing", "you_need_to", "cleared", "solved", "corrected")
LONGEST = 16 * 1024


class Section:
    """One section of a wording. names: what it speaks of. Raises TemplateRefused."""

    __slots__ = ("_said", "names")

    def __init__(self, text: str) -> None:
        self._said, self.names = compiled(text)

    def say(self, scope: Context) -> str:
        """Return the text. Raises CannotSay where a value is unknown, of another kind, or makes the text too long."""
        if isinstance(self._said, str):
            return self._said
        try:
            text = render(self._said, scope).strip()
        except TemplateError as fault:
            raise CannotSay(str(fault)) from fault
        if len(text.encode()) > LONGEST:
            raise CannotSay(f"the text is longer than {LONGEST:,} bytes")
        return text


class Spoken:
    """A wording, compiled. what: says to section; names: of what its sections speak; offers, choices: what can be chosen.

    Raises TemplateRefused.
    """

    def __init__(self, wording: Wording, offers: tuple[Offer, ...]) -> None:
        self.wording, self.language = wording, wording.language
        self.phrases: Phrases = phrases_in(wording.language)
        self.asks_nothing = wording.you_need_to.strip() == NOTHING
        self.what = {says: Section(text) for says, text in wording.what.items()}
        texts = {name: getattr(wording, name) for name in SECTIONS}
        self.sections = {name: Section(text) for name, text in texts.items() if text}
        self.names = frozenset[str]().union(*(each.names for each in (*self.what.values(), *self.sections.values())))
        self.offers, self.choices = offers, "\n".join([self.phrases.choices, *map(_line, offers)]) if offers else ""

    def say(self, section: str, scope: Context) -> str:
        """Return what the section says; nothing where the rule has no such section, or where it says nothing here."""
        found = self.sections.get(section)
        return found.say(scope) if found else ""


def _line(offer: Offer) -> str:
    return f"- {offer.text}: {offer.link}" if offer.link else f"- {offer.text}"


class Wordings:
    """The wordings of all rules, each compiled when it is first spoken, and again when the rule has changed.

    language: the project's, for customers whose own is not there.
    """

    def __init__(self, choices: Mapping[str, Choice], *, language: str) -> None:
        self._choices, self._language = choices, language
        self._spoken: dict[tuple[str, str], Spoken] = {}

    def of(self, rule: RuleTelling, language: str) -> Spoken:
        """Return the wording nearest to the customer's language. Raises CannotSay for one that is no template."""
        wording = rule.wordings[chosen(language, rule.wordings.keys(), default=self._language)]
        key = (rule.rule, wording.language)
        spoken = self._spoken.get(key)
        if spoken is None or spoken.wording is not wording:
            try:
                spoken = self._spoken[key] = Spoken(wording, tuple(self._offers(wording)))
            except TemplateRefused as refused:
                raise CannotSay(refused.fact) from refused
        return spoken

    def _offers(self, wording: Wording) -> Iterator[Offer]:
        for name in wording.choices:
            if (choice := self._choices.get(name)) is not None and choice.texts:
                text = choice.texts[chosen(wording.language, choice.texts.keys(), default=self._language)]
                safe = choice.link is not None and choice.link.startswith(LINKS)
                yield Offer(text, choice.link if safe else None)
