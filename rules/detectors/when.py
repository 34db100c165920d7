"""`when C for D clear C2`: takes hold when the condition turns true and stays so, lets go when it is not true (S14).

It is looked at after an event that changed something it reads, at the opening, and at computed moments, when a comparison
with now, since() or a window turns. A look's moment never turns back: it is the later of the event's time and the last look.
"""

from collections.abc import Callable

from msgspec import Struct

from contracts.event import Event
from rules.detectors.filters import asked
from rules.detectors.sight import Change, Sight
from rules.detectors.states import WhenState
from rules.expression import Condition
from rules.memory import Memory
from rules.turning import Turning


class WhenDetector(Struct, frozen=True, kw_only=True):
    """lasting: the `for`, in microseconds.

    origins: where memory holds what the facts came from that the conditions read.
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
    reads_facts: int
    reads_times: int
    reads_windows: int
    counted: str | None
    uncounted: int | None
    moments: tuple[Callable[[Memory], int | None], ...]
    turnings: tuple[Turning, ...]

    new_state = WhenState

    def reset(self, state: WhenState) -> None:
        state.was_true, state.looked, state.past, state.holds, state.since = False, None, False, False, None
        state.due = state.due_ripe_at = state.moment = state.moment_ripe_at = state.ripe_at = None

    @property
    def is_lazy(self) -> bool:
        """Whether memory alone tells when the last look was, as long as the condition was never true: then no state is kept."""
        return not self.moments and not self.reads_times and all(each.is_rare for each in self.turnings)

    @property
    def is_true_above(self) -> bool:
        """Whether the condition is one comparison of a window, true only when its limit is reached."""
        thresholds = self.condition.thresholds
        return len(self.condition.parts) == len(thresholds) == 1 and thresholds[0] is not None and thresholds[0].is_true_above

    def state_from(self, memory: Memory, start: int) -> WhenState:
        """Return the state that is not kept: nothing was true yet, and the last look was at the newest that it reads."""
        looked = self._newest(memory, start)
        return WhenState(looked=looked, after=looked - 1)

    def is_idle(self, state: WhenState, memory: Memory, start: int) -> bool:
        """Whether the state need not be kept."""
        says = state.was_true or state.holds or state.past or state.since is not None or state.moment is not None
        return not says and state.looked == self._newest(memory, start)

    def _newest(self, memory: Memory, start: int) -> int:
        """Return the time of the newest event that the detector reads, at least the opening of the watch."""
        newest = start
        for field in self.origins:
            if (origin := getattr(memory, field)) is not None and origin.time > newest:
                newest = origin.time
        for turning in self.turnings:
            for window in turning.windows_in(memory):
                if window.times and window.times[-1] > newest:
                    newest = window.times[-1]
        return newest

    def refutes(self, state: WhenState, event: Event, memory: Memory) -> bool:
        return False

    def at_event(self, state: WhenState, event: Event, sight: Sight) -> Change | None:
        if not (sight.opening or self._reads(sight)):
            return None
        return self.look_after(state, event, sight)

    def look_after(self, state: WhenState, event: Event, sight: Sight) -> Change | None:
        """Look after an event, at its time, or at the last look's where that is later."""
        if state.looked is None or event.time > state.looked:
            return self.look(state, sight, event.time, False)
        return self.look(state, sight, state.looked, state.past)

    def look(self, state: WhenState, sight: Sight, now: int, past: bool) -> Change | None:
        """Look at a moment after an event. past: the moment counts as just past."""
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
