"""`when C for D clear C2`: takes hold when the condition turns true and stays so, lets go when it is not true (S14).

It is looked at after an event that changed something it reads, at the opening, and at computed moments, when a comparison with
now,
since() or a window turns. A look's moment never turns back: it is the later of the event's time and the last look.
"""

from collections.abc import Iterator

from msgspec import Struct

from contracts.event import Event
from rules.detectors.expect import asked
from rules.detectors.sight import Change, Sight
from rules.expression import Condition
from rules.memory import Memory


class WhenState(Struct, array_like=True, gc=False):
    """was_true: at the last look. looked, past: the last look's moment, and whether it counts as just past it.

    since: the look at which a condition with `for` turned true; due, ripe_at: when it will have lasted.
    after: computed moments up to here are done with; moment, moment_ripe_at: the next one.
    learnt: W after the last event looked at.
    """

    was_true: bool = False
    looked: int | None = None
    past: bool = False
    holds: bool = False
    since: int | None = None
    due: int | None = None
    ripe_at: int | None = None
    after: int = 0
    moment: int | None = None
    moment_ripe_at: int | None = None
    learnt: int = 0


class WhenDetector(Struct, frozen=True, kw_only=True):
    """lasting: the `for`, in microseconds. reads_…: a bit for each slot of memory that the conditions read.
    counted: the window of `tries`."""

    name: str
    says: str
    grace: int
    condition: Condition
    clear: Condition | None
    lasting: int | None
    only_if: Condition | None
    reads_facts: int
    reads_times: int
    reads_windows: int
    counted: int | None

    new_state = WhenState

    def remember(self, state: WhenState, event: Event, memory: Memory) -> None:
        pass

    def reset(self, state: WhenState) -> None:
        state.was_true, state.looked, state.past, state.holds, state.since = False, None, False, False, None
        state.due = state.ripe_at = state.moment = state.moment_ripe_at = None

    def refutes(self, state: WhenState, sight: Sight) -> bool:
        return False

    def look(self, state: WhenState, sight: Sight) -> Change | None:
        event = sight.event
        if event is None or not (sight.opening or self._reads(sight)):
            return None
        state.learnt = sight.w
        if state.looked is None or event.time > state.looked:
            return self._look_at(state, sight.memory, event.time, False)
        return self._look_at(state, sight.memory, state.looked, state.past)

    def wake(self, state: WhenState, sight: Sight, due: int) -> Change | None:
        change = self._moment_came(state, sight.memory, due) if state.moment == due else None
        lasted = state.due == due and state.since is not None
        return change or (self._lasted(state, sight.memory, due) if lasted else None)

    def arm(self, state: WhenState, sight: Sight, learnt: int) -> None:
        known_since = learnt if sight.event is not None else state.learnt
        due = None if state.since is None or self.lasting is None else state.since + self.lasting
        if due != state.due:
            state.due, state.ripe_at = due, None if due is None else max(due, known_since) + self.grace
        moment, is_old = min(self._moments(state, sight), default=(None, False))
        if moment != state.moment:
            ripe_at = None if moment is None else (moment if is_old else max(moment, known_since)) + self.grace
            state.moment, state.moment_ripe_at = moment, ripe_at

    def tries(self, memory: Memory, now: int) -> int | None:
        return None if self.counted is None else memory.w[self.counted].count(now)

    def _reads(self, sight: Sight) -> bool:
        return bool(self.reads_facts & sight.facts or self.reads_times & sight.times or self.reads_windows & sight.windows)

    def _look_at(self, state: WhenState, memory: Memory, now: int, past: bool) -> Change | None:
        true = self.condition.holds(memory.v, memory.w, memory.t, now, past, None)
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
        state.since = state.due = state.ripe_at = None
        return self._take_hold(state, memory, due)

    def _cleared(self, memory: Memory, now: int, past: bool) -> bool:
        return self.clear is not None and self.clear.holds(memory.v, memory.w, memory.t, now, past, None)

    def _moment_came(self, state: WhenState, memory: Memory, moment: int) -> Change | None:
        if any(each(memory.v, memory.t) == moment for part in self._parts() for each in part.moments) or self._turned(
            memory, moment
        ):
            return self._look_at(state, memory, moment, True)
        state.after = moment
        return None

    def _turned(self, memory: Memory, moment: int) -> bool:
        """Whether any comparison with a window says at the moment what it did not say before it."""
        return any(
            truth(memory.v, memory.w, memory.t, moment - 1, False, None)
            is not truth(memory.v, memory.w, memory.t, moment, False, None)
            for part in self._parts()
            for _, truth in part.window_comparisons
        )

    def _moments(self, state: WhenState, sight: Sight) -> Iterator[tuple[int, bool]]:
        """Yield the moments to come, and of each whether it was known before this look: an entry of a window brings its own."""
        memory, event, after = sight.memory, sight.event, state.after
        if state.looked is None:
            return
        for moment in (each(memory.v, memory.t) for part in self._parts() for each in part.moments):
            if moment is not None and moment > after:
                yield moment, False
        for number in {number for part in self._parts() for numbers, _ in part.window_comparisons for number in numbers}:
            if (turn := memory.w[number].turns_after(max(after, state.looked))) is not None:
                brought = event is not None and turn in (event.time, event.time + (memory.w[number].spec.length or 0))
                yield turn, not (brought or sight.opening)

    def _parts(self) -> tuple[Condition, ...]:
        return (self.condition,) if self.clear is None else (self.condition, self.clear)
