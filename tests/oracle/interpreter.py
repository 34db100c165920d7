"""A rule and its events go in, the phases of its problems come out: slow, obvious, and sharing no code with the product."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.oracle.case import Case, Phase
from tests.oracle.catalogue import Catalogue, Event, Plain
from tests.oracle.values import UNITS

LONG_AGO = -(10**18)
FAR_AWAY = 10**18
MAX_LEAP = 30 * UNITS["d"]


class Line(NamedTuple):
    """A line of a test: its clock time in microseconds, and the event, whose own time may be another."""

    at: int
    event: Plain


@dataclass
class Interpreter:
    """One rule at work on all cases of its kind. `clock` is what is found when; `w` is how far the source has been seen."""

    rule: Plain
    catalogue: Catalogue
    cases: dict[str, Case] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)
    clock: int = LONG_AGO
    w: int = LONG_AGO

    def apply(self, event: Event, w_after: int) -> Iterator[Phase]:
        """Apply one event; w_after is W once it is applied, and what is learnt too late counts from there."""
        case_id = self.catalogue.case_id(event, self.rule["watch"])
        known = (event.source, event.id) in self.seen
        self.seen.add((event.source, event.id))
        if case_id is not None and not known:
            case = self.cases.setdefault(case_id, Case(f"{self.rule['watch']}/{case_id}", self.rule, self.catalogue))
            yield from case.apply(event, self.w, w_after, self.clock)

    def fire_all(self) -> Iterator[Phase]:
        """Fire everything with due + grace <= W, in the order (due, case), until nothing is due."""
        while ready := [(due.due, name) for name, case in self.cases.items() for due in case.dues() if due.fires_at <= self.w]:
            due, name = min(ready)
            yield from self.cases[name].fire(due, self.w, self.clock)

    def next_firing(self) -> int | None:
        return min((due.fires_at for case in self.cases.values() for due in case.dues()), default=None)


def phases_of_file(rule: Plain, events_yaml: Plain, zone: str, events: Iterable[Plain], *, disorder: int) -> Iterator[Phase]:
    """Yield the phases of a file: after each event W is the greatest believed time - disorder, at the end the greatest time.

    rule, events_yaml: parsed with every scalar as text. events: {id, source, type, time in microseconds, data}, in arrival order.
    """
    reader = Interpreter(rule, Catalogue(events_yaml, zone))
    believed = _Believed()
    for plain in events:
        event = reader.catalogue.event(plain)
        yield from reader.fire_all()
        greatest = believed.after(event, reader.catalogue.subject(event))
        reader.clock = max(reader.clock, greatest)
        yield from reader.apply(event, greatest - disorder)
        reader.w = greatest - disorder
    yield from reader.fire_all()
    reader.w = reader.clock
    yield from reader.fire_all()


def phases_of_lines(rule: Plain, events_yaml: Plain, zone: str, lines: Iterable[Line], *, until: int | None) -> Iterator[Phase]:
    """Yield the phases of a test: clock and W are the lines' `at`, and pass through every due + grace on their way."""
    reader = Interpreter(rule, Catalogue(events_yaml, zone))
    for line in lines:
        yield from _walk(reader, line.at)
        reader.w = reader.clock = line.at
        yield from reader.apply(reader.catalogue.event(line.event), line.at)
    yield from _walk(reader, FAR_AWAY if until is None else until)


def _walk(reader: Interpreter, to: int) -> Iterator[Phase]:
    while (firing := reader.next_firing()) is not None and firing <= to:
        reader.w = reader.clock = max(reader.clock, firing)
        yield from reader.fire_all()


@dataclass
class _Believed:
    """The greatest time that is believed: one wild event moves nothing until a second case agrees."""

    greatest: int | None = None
    wild: dict[str, int] = field(default_factory=dict)

    def after(self, event: Event, subject: str) -> int:
        if self.greatest is None or event.time <= self.greatest + MAX_LEAP:
            self.greatest = max(event.time, self.greatest or event.time)
        elif others := [time for case, time in self.wild.items() if case != subject]:
            self.greatest, self.wild = max(self.greatest, min(event.time, max(others))), {}
        else:
            self.wild[subject] = event.time
        return self.greatest
