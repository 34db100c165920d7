"""How a detector of each kind stands with one case, between looks. holds: it took hold and did not let go yet.

due: when it takes hold or lets go, if nothing comes, None when nothing is armed; ripe_at: the W at which that is certain.
What memory tells is not kept: of a detector that is merely armed only `ripe_at` is, and of one that is not even that nothing.
"""

from typing import TypeAlias, TypeVar

from msgspec import Struct


class ExpectState(Struct, tag=1, array_like=True, gc=False):
    """seen, of: newest time of X and of Y. spent_on: the deadline at which `if` was not true.

    fired_by: the deadline that passed; fired_from: from when on an X would have been in time.
    """

    seen: int | None = None
    of: int | None = None
    holds: bool = False
    due: int | None = None
    ripe_at: int | None = None
    spent_on: int | None = None
    fired_by: int = 0
    fired_from: int = 0


class SilenceState(Struct, tag=2, array_like=True, gc=False):
    """newest: time of the newest X or Y; started: a Y was seen. fired_on: the newest it fired on.

    spent_on: the one at which `if` was not true.
    """

    newest: int | None = None
    started: bool = False
    holds: bool = False
    due: int | None = None
    ripe_at: int | None = None
    spent_on: int | None = None
    fired_on: int = 0
    fired_due: int = 0


class Chain(Struct, array_like=True, gc=False, frozen=True):
    """The beginning of a sequence. first, last: times of its first and last step. mark: of the event that is its last step."""

    first: int
    last: int
    mark: bytes


class SequenceState(Struct, tag=3, array_like=True, gc=False):
    """chains: by length, from 1 to n - 1. matched_from, matched_at: first and last step of the newest match.
    match_mark: of the event that completed it."""

    chains: tuple[tuple[Chain, ...], ...] = ()
    matched_from: int = 0
    matched_at: int = 0
    holds: bool = False
    due: int | None = None
    ripe_at: int | None = None
    match_mark: bytes = b""

    def knows(self, mark: bytes) -> bool:
        """Whether an event with this mark is a step that is still remembered."""
        return mark == self.match_mark or any(chain.mark == mark for chains in self.chains for chain in chains)


class WhenState(Struct, tag=4, array_like=True, gc=False):
    """was_true: at the last look. looked, past: the last look's moment, and whether it counts as just past it.

    since: the look at which a condition with `for` turned true; due, due_ripe_at: when it will have lasted.
    after: computed moments up to here are done with; moment, moment_ripe_at: the next one.
    learnt: W after the last event looked at. ripe_at: the earlier of both.
    """

    was_true: bool = False
    looked: int | None = None
    past: bool = False
    holds: bool = False
    since: int | None = None
    due: int | None = None
    due_ripe_at: int | None = None
    after: int = 0
    moment: int | None = None
    moment_ripe_at: int | None = None
    learnt: int = 0
    ripe_at: int | None = None


State: TypeAlias = ExpectState | SilenceState | SequenceState | WhenState
Kept: TypeAlias = int | State
"""A state as memory keeps it: `ripe_at` alone where the detector is merely armed, its grace after it is due."""
Some = TypeVar("Some", bound=State)


def holds(state: Kept | None) -> bool:
    return state is not None and not isinstance(state, int) and state.holds


def timers(state: Kept, grace: int) -> list[tuple[int, int]]:
    """Return (due, ripe_at) of what is armed."""
    match state:
        case int():
            armed: list[tuple[int | None, int | None]] = [(state - grace, state)]
        case WhenState():
            armed = [(state.due, state.due_ripe_at), (state.moment, state.moment_ripe_at)]
        case _:
            armed = [(state.due, state.ripe_at)]
    return [(due, ripe_at) for due, ripe_at in armed if due is not None and ripe_at is not None]


def ripeness(state: Kept) -> int | None:
    """Return the W at which something is ripe, None when nothing is armed."""
    return state if isinstance(state, int) else state.ripe_at


def briefly(state: Some, due: int | None, grace: int) -> int | Some | None:
    """Return what need be kept of a state that is at most armed: all of it only where it is ripe later than its grace says."""
    return state.ripe_at if due is None or state.ripe_at == due + grace else state
