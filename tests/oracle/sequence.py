"""`sequence`: events that came in this order, searched for among all that ever came."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.oracle.catalogue import Event
from tests.oracle.detector import Change, Detector, Due, names
from tests.oracle.values import duration


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
