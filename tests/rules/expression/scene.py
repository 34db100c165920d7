"""A small catalogue and a case's memory for tests of expressions: compile a text, then ask it with what is known."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from contracts.times import HOUR, parse_instant
from contracts.values import Day, FieldType
from rules.expression import Condition, Formula, Scope, WindowSpec, compile_condition, compile_formula, compile_where
from rules.memory import Origin
from rules.places import sight_field, value_field, window_field
from rules.windows import Window

FACTS = {
    "chance": FieldType.DECIMAL,
    "tries": FieldType.INTEGER,
    "limit": FieldType.INTEGER,
    "place": FieldType.TEXT,
    "fragile": FieldType.BOOL,
    "promised": FieldType.DATE,
    "expected": FieldType.DATE,
    "slot": FieldType.INSTANT,
    "transit": FieldType.DURATION,
    "price": FieldType.MONEY,
}
EVENTS = {
    "payment.failed": {
        "amount": FieldType.DECIMAL,
        "cost": FieldType.MONEY,
        "tries": FieldType.INTEGER,
        "reason": FieldType.TEXT,
        "pause": FieldType.DURATION,
        "at": FieldType.INSTANT,
    },
    "delivery.scanned": {"place": FieldType.TEXT},
    "order.placed": {"order_id": FieldType.TEXT},
}
SCOPE = Scope(FACTS, EVENTS)
NOON = parse_instant("2026-03-02T12:00:00Z")


def a_day(day: str) -> Day:
    """A day in UTC."""
    return Day(day, "UTC", parse_instant(f"{day}T00:00:00Z") + 24 * HOUR)


@dataclass
class Memory:
    """The slots of one case and what stands in them."""

    facts: list[str] = field(default_factory=list)
    windows: list[WindowSpec] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def fact(self, name: str) -> int:
        return self._slot(self.facts, name)

    def window(self, spec: WindowSpec) -> int:
        return self._slot(self.windows, spec)

    def newest(self, event_type: str) -> int:
        return self._slot(self.types, event_type)

    def _slot(self, slots: list[Any], thing: Any) -> int:
        self.asked.append(str(thing))
        if thing not in slots:
            slots.append(thing)
        return slots.index(thing)


@dataclass
class Asked:
    """A compiled text, ready to be asked. known: values by fact; seen: newest times by event type."""

    memory: Memory
    compiled: Any
    w: list[Window] = field(default_factory=list)
    now: int = NOON
    past: bool = False
    seen: dict[str, int] = field(default_factory=dict)
    it: dict[str, Any] | None = None

    def look(self, known: dict[str, Any]) -> tuple[Any, ...]:
        return self.remembered(known), self.now, self.past, self.it

    def remembered(self, known: dict[str, Any]) -> Any:
        """Return what a case remembers, field by field; a window is not there before something enters it."""
        facts = {value_field(slot): known.get(name) for slot, name in enumerate(self.memory.facts)}
        seen = [Origin("e1", "s", self.seen[name]) if name in self.seen else None for name in self.memory.types]
        windows = [window if window.times or window.since is not None else None for window in self.w]
        fields = {sight_field(slot): each for slot, each in enumerate(seen)}
        return SimpleNamespace(**facts, **fields, **{window_field(slot): each for slot, each in enumerate(windows)})

    def holds(self, **known: Any) -> bool:
        return bool(self.compiled.holds(*self.look(known)))

    def truth(self, **known: Any) -> bool | None:
        truth: bool | None = self.compiled.truth(*self.look(known))
        return truth

    def value(self, **known: Any) -> Any:
        return self.compiled.value(*self.look(known))

    def moments(self, **known: Any) -> list[int | None]:
        return [moment(self.remembered(known)) for moment in self.compiled.moments]


def condition(text: str, **asked: Any) -> Asked:
    memory = Memory()
    compiled: Condition = compile_condition(text, SCOPE, memory)
    return Asked(memory, compiled, [Window.of(spec) for spec in memory.windows], **asked)


def formula(text: str, **asked: Any) -> Asked:
    memory = Memory()
    compiled: Formula = compile_formula(text, SCOPE, memory)
    return Asked(memory, compiled, [Window.of(spec) for spec in memory.windows], **asked)


def where(text: str, event_type: str, **it: Any) -> bool:
    """Ask a `where` of one event."""
    memory = Memory()
    compiled = compile_where(text, Scope({}, EVENTS, it=EVENTS[event_type]), memory)
    return Asked(memory, compiled, it=it).holds()
