"""A foreign record in, what each entry of a mapping makes of it out, still untyped."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from contracts.event import DeadReason
from rules.expression.mapping import MappingError, compile_mapping
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

    def make(self, raw: Any) -> Made | None:
        """Return None where `when` is not true. Raises Refused."""
        if self.when is not None and self._read("when", self.when, raw) is not True:
            return None
        data = {field: self._read(field, each, raw) for field, each in self.data}
        own_id, time, subject = (
            None if each is None else self._read(name, each, raw)
            for name, each in (("id", self.id), ("time", self.time), ("subject", self.subject))
        )
        if own_id is None and self.id is not None:
            raise Refused(DeadReason.MAPPING, f"{self}, id: missing")
        return Made(self, own_id, time, subject, data)

    def _read(self, name: str, expression: Expression, raw: Any) -> Any:
        try:
            return expression.read(raw)
        except MappingError as wrong:
            raise Refused(DeadReason.MAPPING, f"{self}, {name}: {wrong}") from None


@dataclass(frozen=True)
class Choice:
    """Which entries come into question, by the text at a place of the record. others: for every other text, or none."""

    place: Expression | None
    entries: dict[str, tuple[Entry, ...]]
    others: tuple[Entry, ...]

    def key(self, raw: Any) -> str | None:
        """Return the record's text at the place, if it decides anything."""
        text = self.place.read(raw) if self.place else None
        return text if isinstance(text, str) and text in self.entries else None

    def of(self, key: str | None) -> tuple[Entry, ...]:
        return self.others if key is None else self.entries[key]


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
        entries = self.choice.of(self.choice.key(raw))
        made = [each for entry in entries if (each := entry.make(raw)) is not None]
        if not made and not self.ignores:
            raise Refused(DeadReason.MAPPING, f"no `when` of the mapping `{self.name}` is true")
        return made

    def who(self, raw: Any) -> Any:
        """Return the id of the record's customer, None where there is none. Raises Refused."""
        try:
            return self.customer_id.read(raw) if self.customer_id else None
        except MappingError as wrong:
            raise Refused(DeadReason.MAPPING, f"customer, customer_id: {wrong}") from None


def by_mapping(entry: Entry, refused: Refused) -> Refused:
    """Return the refusal of what an entry made; what is wrong with its data is the mapping's fault."""
    reason = DeadReason.MAPPING if refused.reason is DeadReason.SCHEMA else refused.reason
    return refused if refused.reason is DeadReason.MAPPING else Refused(reason, f"{entry}, {refused.detail}")
