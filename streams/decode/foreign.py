"""A foreign record in, what each entry of a mapping makes of it out, still untyped."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from msgspec import Struct

from contracts.event import DeadReason
from rules.expression.mapping import MappingError, compile_mapping, compile_parts
from streams.decode.refused import Refused


class Expression(Struct, frozen=True):
    """A text of a mapping, and the function of a record that it became."""

    text: str
    read: Callable[[Any], Any]


class Made(Struct, frozen=True, gc=False):
    """What an entry made of a record. id: None where the entry names none; time: None where the record has none.

    data: by field; None where the record has nothing for it.
    """

    entry: "Entry"
    id: Any
    time: Any
    subject: Any
    data: dict[str, Any]


def expression_of(text: str) -> Expression:
    """Raises ExpressionError."""
    return Expression(text, compile_mapping(text))


@dataclass(frozen=True)
class Question:
    """What a `when` asks that only compares the text at one place, such as raw.type, with this one."""

    place: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event that a record may make. when: None for always; time: None for the moment of its arrival.

    asks: what `when` comes to, where it is as simple as that.
    """

    number: int
    type: str
    when: Expression | None = None
    asks: Question | None = None
    id: Expression | None = None
    time: Expression | None = None
    subject: Expression | None = None
    data: tuple[tuple[str, Expression], ...]

    def __str__(self) -> str:
        return f"event {self.number} ({self.type})" if self.number else "customer"

    @cached_property
    def parts(self) -> Callable[[Any], tuple[Any, ...]]:
        """The function of a record that returns data, id, time and subject at once."""
        others = (each.text if each else None for each in (self.id, self.time, self.subject))
        return compile_parts({field: each.text for field, each in self.data}, *others)

    def make(self, raw: Any) -> Made | None:
        """Return None where `when` is not true. Raises Refused."""
        try:
            if self.when is not None and self.when.read(raw) is not True:
                return None
            data, own_id, time, subject = self.parts(raw)
        except MappingError as wrong:
            raise Refused(DeadReason.MAPPING, f"{self}, {self._blamed(raw)}: {wrong}") from None
        if own_id is None and self.id is not None:
            raise Refused(DeadReason.MAPPING, f"{self}, id: missing")
        return Made(self, own_id, time, subject, data)

    def _blamed(self, raw: Any) -> str:
        """Return which part of the entry fails on the record."""
        parts = (("when", self.when), *self.data, ("id", self.id), ("time", self.time), ("subject", self.subject))
        return next((name for name, each in parts if each is not None and _fails(each, raw)), "data")


@dataclass(frozen=True)
class Choice:
    """Which entries come into question, by the text at a place of the record. others: for every other text, or none."""

    place: Expression | None
    entries: dict[str, tuple[Entry, ...]]
    others: tuple[Entry, ...]

    def of(self, raw: Any) -> tuple[Entry, ...]:
        text = self.place.read(raw) if self.place else None
        return self.entries.get(text, self.others) if isinstance(text, str) else self.others


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """source: of the events it makes, None for the name of the source that is read.

    ignores: whether a record for which no `when` is true is ignored; else it is a dead letter.
    customer: makes the profile of the record's customer, whose id is customer_id.
    """

    name: str
    source: str | None
    ignores: bool
    choice: Choice
    customer: Entry | None
    customer_id: Expression | None

    def apply(self, raw: Any) -> list[Made]:
        """Return what the record makes, in the order of the entries; nothing when it is to be ignored. Raises Refused."""
        made = []
        for entry in self.choice.of(raw):
            if (each := entry.make(raw)) is not None:
                made.append(each)
        if not made and not self.ignores:
            raise Refused(DeadReason.MAPPING, f"no `when` of the mapping `{self.name}` is true")
        return made

    def who(self, raw: Any) -> Any:
        """Return the id of the record's customer, None where there is none. Raises Refused."""
        try:
            return self.customer_id.read(raw) if self.customer_id else None
        except MappingError as wrong:
            raise Refused(DeadReason.MAPPING, f"customer, customer_id: {wrong}") from None


def _fails(expression: Expression, raw: Any) -> bool:
    try:
        expression.read(raw)
    except MappingError:
        return True
    return False
