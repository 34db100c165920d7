"""What a section sees: facts that know how they are spelled, and that remember when they were stated."""

from types import SimpleNamespace
from typing import Any

from contracts.message import Claim
from contracts.problem import Fact
from contracts.values import FieldType, from_plain, to_plain
from notifiers.composing.spelling import CannotSay, Spelling
from notifiers.composing.wordings import Spoken
from notifiers.gates.question import Question

LONGEST_TEXT = 500
UNKNOWN = Fact(None, None)


class Stated:
    """What one message has stated so far: of each fact one claim, of its newest value where both were said."""

    def __init__(self) -> None:
        self._claims: dict[str, Claim] = {}
        self._newest: set[str] = set()

    def note(self, name: str, fact: Fact, *, newest: bool) -> None:
        if newest or name not in self._newest:
            self._claims[name] = Claim(name, to_plain(fact.value), fact.event)
        if newest:
            self._newest.add(name)

    def claims(self) -> tuple[Claim, ...]:
        return tuple(self._claims.values())

    def so_far(self) -> "Stated":
        """Return a copy, to go back to when what is said next does not fit."""
        copy = Stated()
        copy.take(self)
        return copy

    def take(self, other: "Stated") -> None:
        self._claims, self._newest = dict(other._claims), set(other._newest)


class Shown:
    """One value in a section: true when it is known; stated when it is written, compared with, or asked for and unknown.

    stated: None for what is no fact, such as the customer's name. now: the newest value, beside the one a detector fired for.
    """

    __slots__ = ("_fact", "_is_newest", "_kind", "_name", "_spelling", "_stated", "now")

    def __init__(
        self,
        name: str,
        kind: FieldType,
        fact: Fact,
        spelling: Spelling,
        stated: Stated | None = None,
        *,
        now: "Shown | None" = None,
    ) -> None:
        self._name, self._kind, self._spelling, self._stated = name, kind, spelling, stated
        self._fact = fact if fact.value is None else Fact(from_plain(kind, fact.value), fact.event)
        self._is_newest = now is None
        self.now = now if now is not None else self

    def __bool__(self) -> bool:
        if self._fact.value is None:
            self._note()
        return self._fact.value is not None

    def __str__(self) -> str:
        return one_line(str(self._known()))

    def __eq__(self, other: object) -> bool:
        if self._fact.value is not None:
            self._note()
        return bool(self._fact.value == (other._fact.value if isinstance(other, Shown) else other))

    def __hash__(self) -> int:
        return hash(self._name)

    def spelled(self, filter_name: str) -> str:
        """Return the value as a filter spells it. Raises CannotSay."""
        return str(getattr(self._spelling, filter_name)(self._known()))

    def _known(self) -> Any:
        self._note()
        if self._fact.value is None:
            raise CannotSay(f"`{self._name}` is not known")
        return self._fact.value

    def _note(self) -> None:
        if self._stated is not None:
            self._stated.note(self._name, self._fact, newest=self._is_newest)


def names(question: Question, spoken: Spoken, *, label: str, spelling: Spelling, stated: Stated) -> dict[str, Any]:
    """Return the names that the sections of a wording speak of."""
    problem, kinds, seen = question.problem, question.rule.facts, dict[str, Any]()
    for name in spoken.names:
        if (kind := kinds.get(name)) is not None:
            newest = Shown(name, kind, problem.facts.get(name, UNKNOWN), spelling, stated)
            fired = problem.fired.get(name)
            seen[name] = Shown(name, kind, fired, spelling, stated, now=newest) if fired else newest
        elif name == "case":
            seen[name] = SimpleNamespace(label=one_line(label))
        elif name == "customer":
            whom = Fact(question.customer.name if question.customer else None, None)
            seen[name] = SimpleNamespace(name=Shown("customer.name", FieldType.TEXT, whom, spelling))
        elif name == "tries":
            seen[name] = Shown(name, FieldType.INTEGER, Fact(problem.tries, None), spelling)
    return seen


def one_line(text: str) -> str:
    """Return the text without line breaks and invisible signs, so that it can stand in any line and turns none around."""
    if len(text) > LONGEST_TEXT:
        raise CannotSay(f"a value of {len(text):,} characters is too long for a message")
    return text if text.isprintable() else "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
