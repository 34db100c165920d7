"""`expect X by T`: takes hold when the deadline passes and no X came in time, lets go when X comes (S12)."""

from msgspec import Struct

from contracts.event import Event
from contracts.values import Day
from rules.detectors.filters import Filter, asked
from rules.detectors.sight import Change, Sight
from rules.detectors.states import ExpectState, briefly
from rules.expression import Condition, Formula
from rules.memory import Memory


class ExpectDetector(Struct, frozen=True, kw_only=True):
    """by: the deadline's formula; else within microseconds of the newest `of`, or of the opening where `of` is None."""

    name: str
    says: str
    grace: int
    awaited: Filter
    by: Formula | None
    within: int | None
    of: Filter | None
    only_if: Condition | None

    new_state = ExpectState

    @property
    def notes(self) -> bool:
        """Whether memory alone does not tell of which events it knows."""
        return self.awaited.sights is None or self.of is not None and self.of.sights is None

    def note(self, state: ExpectState, memory: Memory) -> None:
        """Note what memory tells: the `where` is new, and what came before it counts."""
        state.seen = self.awaited.newest_of_all(memory)
        state.of = None if self.of is None else self.of.newest_of_all(memory)

    def whole(self, kept: int | None, memory: Memory, start: int) -> ExpectState:
        """Return the state of which memory keeps this. start: the opening of the watch."""
        return ExpectState() if kept is None else ExpectState(due=kept - self.grace, ripe_at=kept)

    def kept(self, state: ExpectState, memory: Memory, start: int) -> int | ExpectState | None:
        """Return what need be kept of a state."""
        if state.holds or state.spent_on is not None or self.notes:
            return state
        return briefly(state, state.due, self.grace)

    def reset(self, state: ExpectState) -> None:
        state.holds, state.due, state.ripe_at, state.spent_on = False, None, None, None

    def refutes(self, state: ExpectState, event: Event, memory: Memory) -> bool:
        return self._answers(state, event, memory) and event.time <= state.fired_by

    def at_event(self, state: ExpectState, event: Event, sight: Sight) -> Change | None:
        lets_go = self._answers(state, event, sight.memory)
        state.holds = state.holds and not lets_go
        self.arm(state, sight)
        return Change(False, event.time) if lets_go else None

    def at_wake(self, state: ExpectState, sight: Sight, due: int) -> Change | None:
        if state.due != due:
            return None
        at = max(due, sight.start)
        state.due = state.ripe_at = None
        if not asked(self.only_if, sight.memory, at):
            state.spent_on = due
            return None
        state.holds, state.fired_by, state.fired_from = True, due, self._floor(state, sight)
        return Change(True, at)

    def arm(self, state: ExpectState, sight: Sight) -> None:
        deadline = None if state.holds else self._deadline(state, sight)
        if deadline is None or deadline == state.spent_on or self._satisfied(state, sight):
            state.due = state.ripe_at = None
        elif deadline != state.due:
            state.due, state.ripe_at = deadline, max(deadline, sight.w) + self.grace

    def _answers(self, state: ExpectState, event: Event, memory: Memory) -> bool:
        return state.holds and event.time >= state.fired_from and self.awaited.counts(event, memory)

    def _satisfied(self, state: ExpectState, sight: Sight) -> bool:
        """Any X since the floor: in time, or late but seen before the deadline fired."""
        seen = self.awaited.newest(sight.memory, state.seen)
        return seen is not None and seen >= self._floor(state, sight)

    def _floor(self, state: ExpectState, sight: Sight) -> int:
        begun = None if self.of is None else self.of.newest(sight.memory, state.of)
        return sight.start if begun is None else begun

    def _deadline(self, state: ExpectState, sight: Sight) -> int | None:
        if self.by is not None:
            value = self.by.value(sight.memory, sight.w, False, None)
            return value.ends if isinstance(value, Day) else value
        base = sight.start if self.of is None else self.of.newest(sight.memory, state.of)
        return None if base is None or self.within is None else base + self.within
