"""What a case remembers, asked the slow way: every question looks through all its events again."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.oracle.catalogue import Catalogue, Event
from tests.oracle.expressions import Node, nodes
from tests.oracle.values import Day

Time = int | Fraction
ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "sum": sum,
    "min": min,
    "max": max,
    "mean": lambda values: sum(values) / len(values),
}


@dataclass
class Memory:
    """The events of one case in arrival order, and the names that a rule gives to their fields."""

    facts: dict[str, str]
    catalogue: Catalogue
    events: list[Event] = field(default_factory=list)

    def of(self, event_type: str, where: Node | None = None) -> list[Event]:
        return [event for event in self.events if event.type == event_type and self.counts(event, where)]

    def counts(self, event: Event, where: Node | None) -> bool:
        """Does the event count? A type without the fields that `where` names is not asked."""
        asked = [part[1] for part in nodes(where) if part[0] == "it"]
        if not all(self.catalogue.has_field(event.type, name) for name in asked):
            return True
        return where is None or View(self, it=event).value(where) is True

    def newest(self, event_type: str) -> int | None:
        """Return the greatest time of this type, or None before the first."""
        return max((event.time for event in self.of(event_type)), default=None)

    def cited(self, fact: str) -> Event | None:
        """Return the event that a fact is taken from: the newest that carries the field."""
        event_type, name = self.facts[fact].rsplit(".", 1)
        return max((event for event in self.of(event_type) if name in event.data), key=lambda event: event.age, default=None)

    def fact(self, fact: str) -> Any:
        event = self.cited(fact)
        return None if event is None else event.data[self.facts[fact].rsplit(".", 1)[1]]

    def entries(self, window: Node) -> list[Event]:
        """Return every event that the window could ever hold."""
        _, _, event_type, name, where, _ = window
        return [event for event in self.of(event_type, where) if name is None or event.data.get(name) is not None]


@dataclass(frozen=True)
class View:
    """Memory as it looks at `now`, which is half a microsecond later where a moment counts as just past; None is unknown."""

    memory: Memory
    now: Time | None = None
    it: Event | None = None

    def value(self, node: Node) -> Any:
        """Return what the expression is worth here; None where that is unknown."""
        match node:
            case ("value", value):
                return value
            case ("fact", name):
                return self.memory.fact(name)
            case ("it", name):
                return self.it.data.get(name) if self.it else None
            case ("now",):
                return self.now
            case ("has", name):
                return self.memory.fact(name) is not None
            case ("since", event_type):
                return self._reckon("-", self.now, self.memory.newest(event_type))
            case ("window", *_):
                return self._window(node)
            case ("compare" | "reckon", sign, left, right):
                return self._reckon(sign, self.value(left), self.value(right))
            case _:
                return self._logic(node)

    def _logic(self, node: Node) -> bool | None:
        match node:
            case ("not", inner):
                value = self.value(inner)
                return None if value is None else not value
            case ("and", left, right):
                return _both(self.value(left), self.value(right))
            case ("or", left, right):
                return _either(self.value(left), self.value(right))
            case ("choice", condition, first, second):
                return self._logic(("or", ("and", condition, first), ("and", ("not", condition), second)))
            case _:
                raise ValueError(f"{node[0]} is no word of the language")

    def _reckon(self, sign: str, left: Any, right: Any) -> Any:
        if left is None or right is None:
            return None
        if isinstance(left, Day) and isinstance(right, Day):
            left, right = left.day, right.day
        else:
            left, right = _instant(left), _instant(right)
        return ORDER[sign](left, right) if sign in ORDER else _arithmetic(sign, left, right)

    def _window(self, window: Node) -> Any:
        _, word, _, name, _, span = window
        begins = self.memory.newest(span) if isinstance(span, str) else None
        if isinstance(span, str) and begins is None:
            return None
        held = [event for event in self.memory.entries(window) if self._inside(event, span, begins)]
        if word == "count":
            return len(held)
        values = [event.data[name] for event in held]
        return AGGREGATES[word](values) if values or word == "sum" else None

    def _inside(self, event: Event, span: int | str, begins: int | None) -> bool:
        if begins is not None:
            return event.time >= begins
        assert self.now is not None and isinstance(span, int)
        return self.now - span < event.time <= self.now


def _instant(value: Any) -> Any:
    return value.ends() if isinstance(value, Day) else value


def _arithmetic(sign: str, left: Any, right: Any) -> Any:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/" if isinstance(left, int) and isinstance(right, int):
            return abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        case "/":
            return left / right
        case _:
            return abs(left) % abs(right) * (-1 if left < 0 else 1)


def _both(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _either(left: bool | None, right: bool | None) -> bool | None:
    if left is True or right is True:
        return True
    return None if left is None or right is None else False
