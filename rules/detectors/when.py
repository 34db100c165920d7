"""`when C for D clear C2`: takes hold when the condition turns true and stays so, lets go when it is not true (S14).

It is looked at after an event that changed something it reads, at the opening, and at computed moments, when a comparison
with now, since() or a window turns. A look's moment never turns back: it is the later of the event's time and the last look.
"""

from collections.abc import Callable

from msgspec import Struct

from contracts.event import Event
from rules.detectors.filters import asked
from rules.detectors.sight import Change, Sight
from rules.detectors.states import WhenState, briefly
from rules.expression import Condition
from rules.memory import Memory
from rules.turning import Turning


class WhenDetector(Struct, frozen=True, kw_only=True):
    """lasting: the `for`, in microseconds.

    origins, windows: where memory holds the events that the conditions read.
    reads_…: a bit for each slot of memory that they read. counted: the window of `tries`, which are `uncounted` without one.
    moments, turnings: what its computed moments come from.
    """

    name: str
    says: str
    grace: int
    condition: Condition
    clear: Condition | None
    lasting: int | None
    only_if: Condition | None
    origins: tuple[str, ...]
    windows: tuple[str, ...]
    reads_facts: int
    reads_times: int
    reads_windows: int
    counted: str | None
    uncounted: int | None
    moments: tuple[Callable[[Memory], int | None], ...]
    turnings: tuple[Turning, ...]

    new_state = WhenState

    @property
    def is_seldom_due(self) -> bool:
        """Whether no moment is computed unless a rare comparison is near its limit."""
        return not self.moments and all(each.is_rare for each in self.turnings)

    @property
    def is_true_above(self) -> bool:
        """Whether the condition is one comparison of a window, true only when its limit is reached."""
        thresholds = self.condition.thresholds
        return len(self.condition.parts) == len(thresholds) == 1 and thresholds[0] is not None and thresholds[0].is_true_above

    def whole(self, kept: int | None, memory: Memory, start: int) -> WhenState:
        """Return the state of which memory keeps this: it was not true, and the last look was at the newest that it reads."""
        looked = self._newest(memory, start)
        moment = None if kept is None else kept - self.grace
        return WhenState(looked=looked, after=looked - 1, moment=moment, moment_ripe_at=kept, ripe_at=kept)

    def kept(self, state: WhenState, memory: Memory, start: int) -> int | WhenState | None:
        """Return what need be kept of a state."""
        says = state.was_true or state.holds or state.past or state.since is not None
        if says or state.looked != self._newest(memory, start) or state.after != state.looked - 1:
            return state
        return briefly(state, state.moment, self.grace)

    def _newest(self, memory: Memory, start: int) -> int:
        """Return the time of the newest event that the detector reads, at least the opening of the watch."""
        newest = start
        for field in self.origins:
            if (origin := getattr(memory, field)) is not None and origin.time > newest:
                newest = origin.time
        for field in self.windows:
            if (window := getattr(memory, field)) is not None and window.times and window.times[-1] > newest:
                newest = window.times[-1]
        return newest

    def refutes(self, state: WhenState, event: Event, memory: Memory) -> bool:
        return False

    def at_event(self, state: WhenState, event: Event, sight: Sight) -> Change | None:
        """Look after an event, at its time, or at the last look's where that is later."""
        if not (sight.opening or self._reads(sight)):
            return None
        looked = state.looked
        now, past = (event.time, False) if looked is None or event.time > looked else (looked, state.past)
        state.learnt = sight.w
        change = self._look_at(state, sight.memory, now, past)
        self.arm(state, sight)
        return change

    def at_wake(self, state: WhenState, sight: Sight, due: int) -> Change | None:
        change = self._moment_came(state, sight.memory, due) if state.moment == due else None
        if change is None and state.due == due and state.since is not None:
            change = self._lasted(state, sight.memory, due)
        self.arm(state, sight)
        return change

    def arm(self, state: WhenState, sight: Sight) -> None:
        """Work out when the `for` will have lasted, and which computed moment is next."""
        due = None if state.since is None or self.lasting is None else state.since + self.lasting
        if due != state.due:
            state.due, state.due_ripe_at = due, None if due is None else max(due, state.learnt) + self.grace
        moment = self._next_moment(state, sight.memory)
        if moment != state.moment:
            state.moment, state.moment_ripe_at = moment, None if moment is None else max(moment, state.learnt) + self.grace
        first, second = state.due_ripe_at, state.moment_ripe_at
        state.ripe_at = second if first is None else first if second is None else min(first, second)

    def tries(self, memory: Memory, now: int) -> int | None:
        window = None if self.counted is None else getattr(memory, self.counted)
        return self.uncounted if window is None else window.count(now)

    def _reads(self, sight: Sight) -> bool:
        return bool(self.reads_facts & sight.facts or self.reads_times & sight.times or self.reads_windows & sight.windows)

    def _look_at(self, state: WhenState, memory: Memory, now: int, past: bool) -> Change | None:
        true = self.condition.holds(memory, now, past, None)
        turned, state.was_true = true and not state.was_true, true
        state.looked, state.past, state.after = now, past, now if past else now - 1
        if state.holds:
            return self._let_go(state, memory, true)
        refused = true and self._cleared(memory, now, past)
        if self.lasting is None:
            return self._take_hold(state, memory, now) if turned and not refused else None
        state.since = (now if turned else state.since) if true and not refused else None
        return None

    def _let_go(self, state: WhenState, memory: Memory, true: bool) -> Change | None:
        assert state.looked is not None
        over = not true if self.clear is None else self._cleared(memory, state.looked, state.past)
        state.holds = not over
        return Change(False, state.looked) if over else None

    def _take_hold(self, state: WhenState, memory: Memory, now: int) -> Change | None:
        if not asked(self.only_if, memory, now):
            return None
        state.holds = True
        return Change(True, now)

    def _lasted(self, state: WhenState, memory: Memory, due: int) -> Change | None:
        state.since = state.due = state.due_ripe_at = None
        return self._take_hold(state, memory, due)

    def _cleared(self, memory: Memory, now: int, past: bool) -> bool:
        return self.clear is not None and self.clear.holds(memory, now, past, None)

    def _moment_came(self, state: WhenState, memory: Memory, moment: int) -> Change | None:
        if any(each(memory) == moment for each in self.moments) or self._turned(memory, moment):
            return self._look_at(state, memory, moment, True)
        state.after = moment
        return None

    def _turned(self, memory: Memory, moment: int) -> bool:
        """Whether any comparison with a window says at the moment what it did not say before it."""
        return any(
            truth(memory, moment - 1, False, None) is not truth(memory, moment, False, None)
            for part in (self.condition, self.clear)
            if part is not None
            for _, truth in part.window_comparisons
        )

    def _next_moment(self, state: WhenState, memory: Memory) -> int | None:
        least: int | None = None
        if state.looked is None:
            return None
        for each in self.moments:
            moment = each(memory)
            if moment is not None and moment > state.after and (least is None or moment < least):
                least = moment
        for turning in self.turnings:
            moment = turning.after(memory, max(state.after, state.looked))
            if moment is not None and (least is None or moment < least):
                least = moment
        return least
