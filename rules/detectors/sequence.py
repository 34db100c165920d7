"""`sequence: [A, B, C] within D`: takes hold when they came in this order, lets go when N comes or D after the last match.

A chain is a beginning that may still be finished.
Steps count in arrival order with times that do not fall; of two chains of one length
the one with the later first and the earlier last step is enough, so that a match is found exactly when one exists.
"""

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct

from contracts.event import Event
from rules.detectors.filters import Filter, asked
from rules.detectors.sight import Change, Sight
from rules.detectors.states import Chain, SequenceState
from rules.expression import Condition
from rules.memory import Memory

CHAINS_KEPT = 16


class SequenceDetector(Struct, frozen=True, kw_only=True):
    """within: microseconds from the first step to the last."""

    name: str
    says: str
    grace: int
    steps: tuple[Filter, ...]
    within: int
    broken_by: Filter | None
    only_if: Condition | None

    notes: ClassVar[bool] = True

    def new_state(self) -> SequenceState:
        return SequenceState(chains=((),) * (len(self.steps) - 1))

    def whole(self, kept: int | None, memory: Memory, start: int) -> SequenceState:
        return self.new_state()

    def kept(self, state: SequenceState, memory: Memory, start: int) -> SequenceState:
        return state

    def remember(self, state: SequenceState, event: Event, memory: Memory) -> None:
        if self._breaks(event, memory):
            state.chains = tuple([tuple([chain for chain in chains if chain.first > event.time]) for chains in state.chains])
        for number in reversed(range(len(self.steps))):
            if self.steps[number].counts(event, memory):
                self._take(state, number, event)

    def reset(self, state: SequenceState) -> None:
        state.holds, state.due, state.ripe_at = False, None, None

    def refutes(self, state: SequenceState, event: Event, memory: Memory) -> bool:
        return False

    def at_event(self, state: SequenceState, event: Event, sight: Sight) -> Change | None:
        held = state.holds
        if held:
            state.holds = not (event.time >= state.matched_from and self._breaks(event, sight.memory))
        else:
            state.holds = state.match_mark == event.mark and asked(self.only_if, sight.memory, event.time)
        self.arm(state, sight)
        return None if state.holds == held else Change(state.holds, event.time)

    def at_wake(self, state: SequenceState, sight: Sight, due: int) -> Change | None:
        if state.due != due:
            return None
        self.reset(state)
        return Change(False, due)

    def arm(self, state: SequenceState, sight: Sight) -> None:
        due = state.matched_at + self.within if state.holds else None
        if due != state.due:
            state.due = due
            state.ripe_at = None if due is None else max(due, sight.w) + self.grace

    def _breaks(self, event: Event, memory: Memory) -> bool:
        return self.broken_by is not None and self.broken_by.counts(event, memory)

    def _take(self, state: SequenceState, number: int, event: Event) -> None:
        """The event is step `number`, counted from 0."""
        longer = self._longer(state, number, event)
        if number == len(self.steps) - 1:
            self._match(state, longer)
        else:
            before, own, after = state.chains[:number], state.chains[number], state.chains[number + 1 :]
            state.chains = (*before, _worth_keeping((*own, *longer)), *after)

    def _longer(self, state: SequenceState, number: int, event: Event) -> list[Chain]:
        if number == 0:
            return [Chain(event.time, event.time, event.mark)]
        return [
            Chain(chain.first, event.time, event.mark)
            for chain in state.chains[number - 1]
            if chain.last <= event.time <= chain.first + self.within
        ]

    def _match(self, state: SequenceState, matches: Sequence[Chain]) -> None:
        if not matches:
            return
        newest = max(matches, key=lambda chain: chain.first)
        if not state.holds or newest.last >= state.matched_at:
            state.matched_from, state.matched_at, state.match_mark = newest.first, newest.last, newest.mark


def _worth_keeping(chains: tuple[Chain, ...]) -> tuple[Chain, ...]:
    """Drop every chain that another one is at least as good as; beyond the limit the oldest goes."""
    if len(chains) < 2:
        return chains
    kept: list[Chain] = []
    for chain in sorted(chains, key=lambda each: (-each.first, each.last)):
        if not kept or chain.last < kept[-1].last:
            kept.append(chain)
    return tuple(kept[:CHAINS_KEPT])
