"""A foreign record in, what each entry of a mapping makes of it out, still untyped."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from contracts.event import DeadReason
from rules.expression.mapping import MappingError
from streams.decode.refused import Refused

Expression: TypeAlias = Callable[[Any], Any]


class Made(NamedTuple):
    """What an entry made of a record. id: None where the entry names none; time: None where the record has none."""

    entry: "Entry"
    id: Any
    time: Any
    subject: Any
    data: dict[str, Any]


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
        """Return None where `when` is not true. A field whose value is missing is left out. Raises Refused."""
        try:
            if self.when is not None and self.when(raw) is not True:
                return None
            data = {field: value for field, read in self.data if (value := read(raw)) is not None}
            own_id = self.id(raw) if self.id else None
            time = self.time(raw) if self.time else None
            subject = self.subject(raw) if self.subject else None
        except MappingError as wrong:
            raise Refused(DeadReason.MAPPING, f"{self}, {self._blamed(raw)}: {wrong}") from None
        if own_id is None and self.id is not None:
            raise Refused(DeadReason.MAPPING, f"{self}, id: missing")
        return Made(self, own_id, time, subject, data)

    def _blamed(self, raw: Any) -> str:
        """Return which part of the entry fails on the record."""
        parts = (("when", self.when), *self.data, ("id", self.id), ("time", self.time), ("subject", self.subject))
        return next((name for name, read in parts if read is not None and _fails(read, raw)), "data")


@dataclass(frozen=True)
class Choice:
    """Which entries come into question, by the text that `read` finds in the record. others: for every other text, or none."""

    read: Expression
    entries: dict[str, tuple[Entry, ...]]
    others: tuple[Entry, ...]

    def of(self, raw: Any) -> tuple[Entry, ...]:
        text = self.read(raw)
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
        made = [each for entry in self.choice.of(raw) if (each := entry.make(raw)) is not None]
        if not made and not self.ignores:
            raise Refused(DeadReason.MAPPING, f"no `when` of the mapping `{self.name}` is true")
        return made

    def who(self, raw: Any) -> Any:
        """Return the id of the record's customer, None where there is none. Raises Refused."""
        try:
            return self.customer_id(raw) if self.customer_id else None
        except MappingError as wrong:
            raise Refused(DeadReason.MAPPING, f"customer, customer_id: {wrong}") from None


def _fails(read: Expression, raw: Any) -> bool:
    try:
        read(raw)
    except MappingError:
        return True
    return False
