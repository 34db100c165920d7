"""`when`: a condition, looked at after events and at computed moments."""

from dataclasses import dataclass, field
from typing import Any

from tests.oracle.catalogue import Event
from tests.oracle.detector import LONG_AGO, Change, Detector, Due
from tests.oracle.expressions import Node, nodes, parse
from tests.oracle.memory import Time, View
from tests.oracle.moments import JUST, computed_moments, turns
from tests.oracle.values import duration


@dataclass
class When(Detector):
    """`when C for D clear C2`: `look_at` is the moment of the last look, half a microsecond more where it is just past one."""

    look_at: Time = LONG_AGO
    was_true: bool = False
    since: Due | None = None
    moments: dict[int, Due] = field(default_factory=dict)
    passed: set[int] = field(default_factory=set)
    seen: Any = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.tree = parse(self.text["when"])
        self.clear = parse(self.text["clear"]) if "clear" in self.text else None
        self.trees = [self.tree] if self.clear is None else [self.tree, self.clear]
        self.parts = [part for tree in self.trees for part in nodes(tree)]

    def reads(self) -> set[str]:
        facts = {self.memory.facts[part[1]].rsplit(".", 1)[0] for part in self.parts if part[0] in ("fact", "has")}
        windows = {name for part in self.parts if part[0] == "window" for name in (part[2], part[5]) if isinstance(name, str)}
        return facts | windows | {part[1] for part in self.parts if part[0] == "since"}

    def opened(self, taught: int) -> Change | None:
        self.seen = self._read()
        return self._look(self.opening, taught)

    def applied(self, event: Event, taught: int) -> Change | None:
        before, self.seen = self.seen, self._read()
        if before != self.seen:
            return self._look(event.time, taught)
        return None

    def after_all(self, taught: int) -> Change | None:
        known = {moment for tree in self.trees for moment in computed_moments(tree, self.memory)}
        self.moments = {moment: self.moments.get(moment) or self.due_at(moment, taught) for moment in known}
        self.passed &= known
        return None

    def dues(self) -> list[Due]:
        ahead = [due for moment, due in self.moments.items() if moment not in self.passed and moment >= self.look_at]
        return ahead + ([self.since] if self.since else [])

    def fire(self, due: Due) -> Change | None:
        if due is self.since:
            return self._lasted(due.due)
        return self._passed(due) if due is self.moments.get(due.due) else None

    def _lasted(self, at: int) -> Change | None:
        self.since, self.held = None, self.wished(at)
        return Change(True, at) if self.held else None

    def _passed(self, due: Due) -> Change | None:
        """A computed moment has passed; an entry that leaves a window without turning a comparison is no look."""
        self.passed.add(due.due)
        turned = any(turns(tree, self.memory, due.due) for tree in self.trees)
        return self._look(due.due + JUST, due.taught) if turned else None

    def _look(self, moment: Time, taught: int) -> Change | None:
        self.look_at = max(moment, self.look_at)
        view, at = View(self.memory, self.look_at), int(self.look_at)
        true, over = view.value(self.tree) is True, self.clear is not None and view.value(self.clear) is True
        turned, self.was_true = true and not self.was_true, true
        if self.held:
            return self.let_go(at) if over or (self.clear is None and not true) else None
        if over or not true:
            self.since = None
        elif turned:
            return self._turned(at, taught)
        return None

    def _turned(self, at: int, taught: int) -> Change | None:
        if "for" in self.text:
            self.since = self.due_at(at + duration(self.text["for"]), taught)
            return None
        self.held = self.wished(at)
        return Change(True, at) if self.held else None

    def _read(self) -> Any:
        """Return what the condition reads: two answers differ when an event changed it."""
        return [self._cited(part) for part in self.parts]

    def _cited(self, part: Node) -> Any:
        match part:
            case ("fact" | "has", name):
                event = self.memory.cited(name)
                return event and event.age
            case ("since", event_type):
                return self.memory.newest(event_type)
            case ("window", *_):
                since = self.memory.newest(part[5]) if isinstance(part[5], str) else None
                return since, [event.age for event in self.memory.entries(part)]
            case _:
                return None
