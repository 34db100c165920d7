"""`silence: X after Y longer_than D`: takes hold when D passes after the newest X or Y, lets go when X or Y comes (S13)."""

from msgspec import Struct

from contracts.event import Event
from contracts.times import later
from rules.detectors.filters import Filter, asked
from rules.detectors.sight import Change, Sight
from rules.detectors.states import SilenceState, briefly
from rules.expression import Condition
from rules.memory import Memory


class SilenceDetector(Struct, frozen=True, kw_only=True):
    """longer_than: microseconds. after: None where the opening of the watch counts as the Y."""

    name: str
    says: str
    grace: int
    awaited: Filter
    after: Filter | None
    longer_than: int
    only_if: Condition | None

    new_state = SilenceState

    @property
    def notes(self) -> bool:
        """Whether memory alone does not tell of which events it knows."""
        return self.awaited.sights is None or self.after is not None and self.after.sights is None

    def note(self, state: SilenceState, memory: Memory) -> None:
        """Note what memory tells: the `where` is new, and what came before it counts."""
        begun = None if self.after is None else self.after.newest_of_all(memory)
        newest = self.awaited.newest_of_all(memory)
        state.started, state.newest = begun is not None, newest if begun is None else later(newest, begun)

    def whole(self, kept: int | None, memory: Memory, start: int) -> SilenceState:
        """Return the state of which memory keeps this. start: the opening of the watch."""
        return SilenceState() if kept is None else SilenceState(due=kept - self.grace, ripe_at=kept)

    def kept(self, state: SilenceState, memory: Memory, start: int) -> int | SilenceState | None:
        """Return what need be kept of a state."""
        if state.holds or state.spent_on is not None or self.notes:
            return state
        return briefly(state, state.due, self.grace)

    def reset(self, state: SilenceState) -> None:
        state.holds, state.due, state.ripe_at, state.spent_on = False, None, None, None

    def refutes(self, state: SilenceState, event: Event, memory: Memory) -> bool:
        return state.holds and state.fired_on < event.time <= state.fired_due and self.awaited.counts(event, memory)

    def at_event(self, state: SilenceState, event: Event, sight: Sight) -> Change | None:
        base = self._base(state, sight)
        lets_go = state.holds and base is not None and base > state.fired_on
        state.holds = state.holds and not lets_go
        self.arm(state, sight)
        return Change(False, event.time) if lets_go else None

    def at_wake(self, state: SilenceState, sight: Sight, due: int) -> Change | None:
        base = self._base(state, sight)
        if state.due != due or base is None:
            return None
        state.due = state.ripe_at = None
        if not asked(self.only_if, sight.memory, due):
            state.spent_on = base
            return None
        state.holds, state.fired_on, state.fired_due = True, base, due
        return Change(True, due)

    def arm(self, state: SilenceState, sight: Sight) -> None:
        base = None if state.holds else self._base(state, sight)
        if base is None or base == state.spent_on:
            state.due = state.ripe_at = None
            return
        due = max(base + self.longer_than, sight.start)
        if due != state.due:
            state.due, state.ripe_at = due, max(due, sight.w) + self.grace

    def has_begun(self, state: SilenceState, memory: Memory) -> bool:
        """Whether the watch alone begins it, or a Y was seen."""
        if self.after is None:
            return True
        return state.started if self.notes else self.after.newest(memory, None) is not None

    def _base(self, state: SilenceState, sight: Sight) -> int | None:
        memory = sight.memory
        if not self.has_begun(state, memory):
            return None
        newest = self.awaited.newest(memory, state.newest)
        also = sight.start if self.after is None else self.after.newest(memory, state.newest)
        return newest if also is None else later(newest, also)
