"""One case under one rule: its watches, its problems, and the order in which an event is applied."""

from typing import Any, NamedTuple

from tests.oracle.catalogue import Catalogue, Event, Plain
from tests.oracle.detector import Change, Detector, Due, names
from tests.oracle.detectors import detectors
from tests.oracle.memory import Memory
from tests.oracle.values import UNITS, duration

OLD = 7 * UNITS["d"]


class Phase(NamedTuple):
    """A phase of a problem; `name` is a detector or, for solved and moot, an event type; times in microseconds."""

    phase: str
    name: str
    at: int
    found: int
    case: str
    rule: str
    watch_start: int
    k: int


class Problem:
    """The newest problem of a watch, open or not."""

    def __init__(self, at: int, gravest: int, k: int) -> None:
        self.at, self.gravest, self.k = at, gravest, k
        self.open = True
        self.cleared_at: int | None = None


class Case:
    """All of one case. `watch` is its detectors, empty while none is open."""

    def __init__(self, name: str, rule: Plain, catalogue: Catalogue) -> None:
        self.name, self.rule = name, rule
        self.memory = Memory(rule.get("facts", {}), catalogue)
        self.ends = _ends(rule.get("until", {}))
        self.newest_end: dict[str, int] = {}
        self.watch: list[Detector] = []
        self.opening: int | None = None
        self.closing: int | None = None
        self.problem: Problem | None = None
        self.told: list[Phase] = []
        self.found = 0

    def apply(self, event: Event, w: int, w_after: int, clock: int) -> list[Phase]:
        """Apply in the order of S5: memory, corrections, `until`, `from`, letting go, taking hold."""
        self.told, self.found = [], clock
        self._forget(w)
        self.memory.events.append(event)
        self._correct(event, w)
        self._until(event)
        if self._from(event):
            self._settle([(one, one.opened(w_after)) for one in self.watch])
        else:
            self._settle([(one, one.applied(event, w_after)) for one in self.watch])
        for one in self.watch:
            one.after_all(w_after)
        return self.told

    def dues(self) -> list[Due]:
        return [due for one in self.watch for due in one.dues()]

    def fire(self, due: int, w: int, clock: int) -> list[Phase]:
        """Fire all that this case has at one due time: they count as one look."""
        self.told, self.found = [], clock
        ready = [(one, moment) for one in self.watch for moment in one.dues() if moment.due == due and moment.fires_at <= w]
        self._settle([(one, one.fire(moment)) for one, moment in ready])
        for one, moment in ready:
            one.after_all(moment.taught)
        return self.told

    def _forget(self, w: int) -> None:
        """When the watch is closed and W has passed seven days more, nothing is remembered."""
        if self.closing is not None and w >= self.closing + OLD:
            self.memory.events.clear()

    def _correct(self, event: Event, w: int) -> None:
        corrected = [one for one in self.watch if one.corrected_by(event)]
        others = [one for one in self.watch if one.held and one not in corrected]
        if not corrected or others or self.problem is None or not self.problem.open or self.problem.at < w - OLD:
            return
        for one in corrected:
            one.held = False
        self.problem.open, self.problem.cleared_at = False, None
        self._tell("corrected", corrected[-1].name, event.time)

    def _until(self, event: Event) -> None:
        if event.type in self.ends:
            self.newest_end[event.type] = max(event.time, self.newest_end.get(event.type, event.time))
            self._close(event.type, event.time)

    def _close(self, event_type: str, time: int) -> None:
        if not self.watch or self.opening is None or time < self.opening:
            return
        if self.problem and self.problem.open:
            self._tell(self.ends[event_type], event_type, time)
        self.watch, self.problem, self.closing = [], None, time

    def _from(self, event: Event) -> bool:
        """Open a watch if this event begins one that may begin, and close it if its end was seen already."""
        if self.watch or not self._begins(event):
            return False
        if self.opening is not None and (self.rule.get("once") == "true" or self.closing is None or event.time <= self.closing):
            return False
        self.opening, self.problem = event.time, None
        self.watch = detectors(self.rule["detect"], self.memory, event.time)
        for event_type, time in self.newest_end.items():
            self._close(event_type, time)
        return True

    def _begins(self, event: Event) -> bool:
        if "from" in self.rule:
            return event.type in names(self.rule["from"])
        return self.opening is None

    def _settle(self, answers: list[tuple[Detector, Change | None]]) -> None:
        """What let go and what took hold at one look; the gravest speaks for all, `cleared` is asked last."""
        changes = [(one, change) for one, change in answers if change is not None]
        holding = [(one, change.at) for one, change in changes if change.holds]
        if holding:
            self._take_hold(*max(holding, key=lambda pair: pair[0].order))
        going = [(change.at, one.order, one.name) for one, change in changes if not change.holds]
        if going and self.problem and self.problem.open and not any(one.held for one in self.watch):
            at, _, name = max(going)
            self.problem.open, self.problem.cleared_at = False, max(at, self.problem.at)
            self._tell("cleared", name, self.problem.cleared_at)

    def _take_hold(self, one: Detector, at: int) -> None:
        if self.problem and self.problem.open:
            if one.order > self.problem.gravest:
                self.problem.gravest = one.order
                self._tell("updated", one.name, at)
        elif self.problem and self._same_again(self.problem, at):
            self.problem.open, self.problem.gravest = True, max(one.order, self.problem.gravest)
            self._tell("updated", one.name, at)
        elif self.problem is None or self.rule.get("tell", {}).get("again") != "never":
            self.problem = Problem(at, one.order, self.problem.k + 1 if self.problem else 0)
            self._tell("opened", one.name, at)

    def _same_again(self, problem: Problem, at: int) -> bool:
        again = self.rule.get("tell", {}).get("again", "24h")
        if again == "never" or problem.cleared_at is None:
            return False
        return at - problem.cleared_at <= duration(again)

    def _tell(self, phase: str, name: str, at: int) -> None:
        assert self.opening is not None
        k = self.problem.k if self.problem else 0
        self.told.append(Phase(phase, name, at, self.found, self.name, self.rule["rule"], self.opening, k))


def _ends(until: Any) -> dict[str, str]:
    """Return what each ending event type makes of an open problem: solved or moot."""
    by_kind = until if isinstance(until, dict) else {"solved": until}
    return {event_type: kind for kind, types in by_kind.items() for event_type in names(types)}
