"""A rule's sections, compiled once per language: names in, text out."""

from jinja2 import TemplateError
from jinja2.runtime import Context

from contracts.tell import RuleTelling, Wording
from notifiers.composing.languages import chosen
from notifiers.composing.spelling import CannotSay
from notifiers.templates import TemplateRefused, compiled, render

SECTIONS = ("effect", "why", "sorry", "doing", "you_need_to", "cleared", "solved", "corrected")
LONGEST = 16 * 1024


class Section:
    """One section of a wording. Raises TemplateRefused."""

    __slots__ = ("_said",)

    def __init__(self, text: str) -> None:
        self._said = compiled(text)

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
    """A wording, compiled. what: says to section. Raises TemplateRefused."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self.what = {says: Section(text) for says, text in wording.what.items()}
        texts = {name: getattr(wording, name) for name in SECTIONS}
        self.sections = {name: Section(text) for name, text in texts.items() if text}

    def say(self, section: str, scope: Context) -> str | None:
        """Return what the section says; None where the rule has no such section, or where it says nothing here."""
        found = self.sections.get(section)
        return found.say(scope) or None if found else None


class Wordings:
    """The wordings of all rules, each compiled when it is first spoken, and again when the rule has changed."""

    def __init__(self, *, language: str) -> None:
        self._language = language
        self._spoken: dict[tuple[str, str], Spoken] = {}

    def of(self, rule: RuleTelling, language: str) -> Spoken:
        """Return the wording nearest to the customer's language. Raises CannotSay for one that is no template."""
        wording = rule.wordings[chosen(language, rule.wordings.keys(), default=self._language)]
        key = (rule.rule, wording.language)
        spoken = self._spoken.get(key)
        if spoken is None or spoken.wording is not wording:
            try:
                spoken = self._spoken[key] = Spoken(wording)
            except TemplateRefused as refused:
                raise CannotSay(refused.fact) from refused
        return spoken
