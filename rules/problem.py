"""A problem's states, as a table, and what a problem is called."""

from enum import IntEnum

from contracts.problem import Phase


class State(IntEnum):
    NONE = 0
    OPEN = 1
    CLEARED = 2
    ENDED = 3


TRANSITIONS = {
    (State.NONE, Phase.OPENED): State.OPEN,
    (State.OPEN, Phase.UPDATED): State.OPEN,
    (State.OPEN, Phase.CLEARED): State.CLEARED,
    (State.OPEN, Phase.SOLVED): State.ENDED,
    (State.OPEN, Phase.MOOT): State.ENDED,
    (State.OPEN, Phase.CORRECTED): State.ENDED,
    (State.CLEARED, Phase.UPDATED): State.OPEN,
    (State.CLEARED, Phase.OPENED): State.OPEN,
    (State.ENDED, Phase.OPENED): State.OPEN,
}
"""From a state, by a phase, to a state; whatever is not here cannot happen.
OPENED from CLEARED and ENDED begins another problem of the watch."""


def next_phase(state: State, *, at: int, cleared_at: int, again: int | None, had_one: bool, graver: bool) -> Phase | None:
    """Return what becomes of the problem when a detector takes hold at `at` (S15), None when nothing does.

    again: microseconds, None for never. had_one: this watch has had a problem. graver: than every detector that this problem had.
    """
    if state is State.OPEN:
        return Phase.UPDATED if graver else None
    if had_one and again is None:
        return None
    if state is State.CLEARED and again is not None and at - cleared_at <= again:
        return Phase.UPDATED
    return Phase.OPENED
