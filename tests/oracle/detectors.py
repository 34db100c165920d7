"""The four ways to find a problem, each asked anew from all events: what an event does to it, and when it is due."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.oracle.catalogue import Event, Plain
from tests.oracle.expressions import Node, nodes, parse
from tests.oracle.memory import Memory, Time, View
from tests.oracle.moments import JUST, computed_moments, turns
from tests.oracle.values import Day, duration

LONG_AGO = -(10**18)


class Due(NamedTuple):
    """Something falls due: `fires_at` is what W must reach; `taught` is W after the event from which it became known."""

    due: int
    taught: int
    fires_at: int


class Change(NamedTuple):
    """A detector takes hold or lets go; `at` in microseconds."""

    holds: bool
    at: int


def names(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


@dataclass
class Detector:
    """What all four share. A new one is made for every watch."""

    name: str
    order: int
    text: Plain
    memory: Memory
    opening: int
    held: bool = False
    armed: Due | None = None

    def __post_init__(self) -> None:
        self.where = parse(self.text["where"]) if "where" in self.text else None
        self.condition = parse(self.text["if"]) if "if" in self.text else None
        self.grace = duration(self.text.get("grace", "2m"))
        self.begin()

    def begin(self) -> None:
        """Make ready what only this kind of detector has."""

    def reads(self) -> set[str]:
        """Return the event types that this detector names."""
        words = ("expect", "silence", "after", "of", "sequence", "not")
        return {event_type for word in words for event_type in names(self.text.get(word))}

    def times(self, event_types: list[str]) -> list[int]:
        return [event.time for event_type in event_types for event in self.memory.of(event_type, self.where)]

    def named(self, event: Event, event_types: list[str]) -> bool:
        return event.type in event_types and self.memory.counts(event, self.where)

    def wished(self, now: int) -> bool:
        """Ask `if:`, once, when it would take hold."""
        return self.condition is None or View(self.memory, now).value(self.condition) is True

    def arm(self, due: int | None, taught: int) -> None:
        """Arm anew if the due time is another one than before."""
        if due is None:
            self.armed = None
        elif self.armed is None or self.armed.due != due:
            self.armed = self.due_at(due, taught)

    def due_at(self, due: int, taught: int) -> Due:
        """What is past when learnt falls due as if it were now, with its own time."""
        return Due(due, taught, max(due, taught) + self.grace)

    def corrected_by(self, event: Event) -> bool:
        """Does this event show that what was found had not been so?"""
        return False

    def opened(self, taught: int) -> Change | None:
        """The watch opens."""
        return self.after_all(taught)

    def applied(self, event: Event, taught: int) -> Change | None:
        """The event is in memory already."""
        return self.after_all(taught)

    def after_all(self, taught: int) -> Change | None:
        """Nothing is looked at here; what is due may have moved."""
        return None

    def dues(self) -> list[Due]:
        return [self.armed] if self.armed else []

    def fire(self, due: Due) -> Change | None:
        raise NotImplementedError

    def let_go(self, at: int) -> Change:
        self.held = False
        return Change(False, at)


@dataclass
class Absence(Detector):
    """What `expect` and `silence` share: a due time that is spent once it was found that `if:` is not true."""

    spent: int | None = None
    fired_from: int = 0
    fired_due: int = 0

    def due(self) -> int | None:
        """Return when it takes hold if nothing more comes, or None."""
        raise NotImplementedError

    def begins(self) -> int:
        """Return the time from which what is awaited counts."""
        raise NotImplementedError

    def after_all(self, taught: int) -> Change | None:
        due = self.due()
        self.spent = self.spent if self.spent == due else None
        self.arm(None if self.held or due == self.spent else due, taught)
        return None

    def fire(self, due: Due) -> Change | None:
        at = max(due.due, self.opening)
        self.fired_from, self.fired_due, self.held = self.begins(), due.due, self.wished(at)
        self.spent = None if self.held else due.due
        self.after_all(due.taught)
        return Change(True, at) if self.held else None


class Expect(Absence):
    """`expect X by T`, `within D`, `within D of Y`."""

    def begins(self) -> int:
        return max(self.times(names(self.text.get("of"))), default=LONG_AGO) if "of" in self.text else self.opening

    def due(self) -> int | None:
        deadline = self._deadline()
        came = any(time >= self.begins() for time in self.times(names(self.text["expect"])))
        return None if came else deadline

    def _deadline(self) -> int | None:
        if "by" in self.text:
            by = self.memory.fact(self.text["by"])
            return by.ends() if isinstance(by, Day) else by
        if "of" in self.text and not self.times(names(self.text["of"])):
            return None
        return self.begins() + duration(self.text["within"])

    def corrected_by(self, event: Event) -> bool:
        return self.held and self.named(event, names(self.text["expect"])) and self.fired_from <= event.time <= self.fired_due

    def applied(self, event: Event, taught: int) -> Change | None:
        comes = self.held and self.named(event, names(self.text["expect"])) and event.time >= self.fired_from
        change = self.let_go(event.time) if comes else None
        self.after_all(taught)
        return change


class Silence(Absence):
    """`silence X after Y longer_than D`."""

    def begins(self) -> int:
        own = [] if "after" in self.text else [self.opening]
        return max(self.times(self._any()) + own, default=LONG_AGO)

    def due(self) -> int | None:
        if "after" in self.text and not self.times(names(self.text["after"])):
            return None
        return max(self.begins() + duration(self.text["longer_than"]), self.opening)

    def _any(self) -> list[str]:
        return names(self.text["silence"]) + names(self.text.get("after"))

    def corrected_by(self, event: Event) -> bool:
        return self.held and self.named(event, names(self.text["silence"])) and self.fired_from < event.time <= self.fired_due

    def applied(self, event: Event, taught: int) -> Change | None:
        comes = self.held and self.named(event, self._any()) and event.time > self.fired_from
        change = self.let_go(event.time) if comes else None
        self.after_all(taught)
        return change


@dataclass
class Sequence(Detector):
    """`sequence [A, B, C] within D not N`."""

    first: int = 0
    last: int = 0

    def applied(self, event: Event, taught: int) -> Change | None:
        if self.held and self.named(event, names(self.text.get("not"))) and event.time >= self.first:
            self.armed = None
            return self.let_go(event.time)
        starts = self._starts(event)
        if not starts or not (self.held or self.wished(event.time)):
            return None
        newly, self.held = not self.held, True
        if newly or event.time >= self.last:
            self.first, self.last = max(starts), event.time
        self.arm(self.last + duration(self.text["within"]), taught)
        return Change(True, event.time) if newly else None

    def fire(self, due: Due) -> Change | None:
        self.armed = None
        return self.let_go(due.due)

    def _starts(self, event: Event) -> list[int]:
        """Return the first times of all matches that this event completes."""
        steps = names(self.text["sequence"])
        if not self.named(event, steps[-1:]):
            return []
        ending = len(self.memory.events) - 1
        found = self._back(steps[:-1], ending, event.time)
        earliest = event.time - duration(self.text["within"])
        return [self.memory.events[first].time for first in found if self._sound(first, ending, earliest)]

    def _back(self, steps: list[str], before: int, at_most: int) -> Iterator[int]:
        """Yield the places of first steps from which these steps lead here, in arrival order and with times that do not fall."""
        for place in range(before) if steps else ():
            event = self.memory.events[place]
            if self.named(event, steps[-1:]) and event.time <= at_most:
                yield from self._back(steps[:-1], place, event.time) if steps[1:] else [place]

    def _sound(self, first: int, last: int, earliest: int) -> bool:
        """Is it short enough, and did no N come in between that is not before the first step?"""
        begun = self.memory.events[first].time
        between = self.memory.events[first:last]
        broken = any(self.named(event, names(self.text.get("not"))) and event.time >= begun for event in between)
        return begun >= earliest and not broken


@dataclass
class When(Detector):
    """`when C for D clear C2`: `look_at` is the moment of the last look, half a microsecond more where it is just past one."""

    look_at: Time = LONG_AGO
    was_true: bool = False
    since: Due | None = None
    moments: dict[int, Due] = field(default_factory=dict)
    passed: set[int] = field(default_factory=set)
    seen: Any = None

    def begin(self) -> None:
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


KINDS: dict[str, type[Detector]] = {"expect": Expect, "silence": Silence, "sequence": Sequence, "when": When}


def detectors(detect: Plain, memory: Memory, opening: int) -> list[Detector]:
    """Return the detectors of a rule for a new watch, from the lightest to the gravest."""
    return [
        next(kind for word, kind in KINDS.items() if word in text)(name, order, text, memory, opening)
        for order, (name, text) in enumerate(detect.items())
    ]
