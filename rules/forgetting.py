"""When the memory of a case may go, what stays of it, and how it begins anew (S10)."""

from contracts.event import Event
from rules.memory import Memory
from rules.plan import CasePlan
from rules.problem import State


def settle(plan: CasePlan, memory: Memory) -> bool:
    """Work out exactly when a case is to be looked at next; return whether something is armed, else it may be forgotten then."""
    least = None
    for state in memory.states.values():
        ripe_at = state if isinstance(state, int) else state.ripe_at
        if ripe_at is not None and (least is None or ripe_at < least):
            least = ripe_at
    memory.ripe_at = forget_at(plan, memory) if least is None else least
    return least is not None


def forget(plan: CasePlan, memory: Memory, *, w: int) -> bool:
    """Forget what may be forgotten at w, stub and all; return whether something is ripe instead."""
    is_armed = settle(plan, memory)
    while not is_armed and memory.ripe_at is not None and memory.ripe_at <= w:
        _forget(memory, memory.ripe_at)
        memory.ripe_at = forget_at(plan, memory)
    return is_armed and memory.ripe_at is not None and memory.ripe_at <= w


def forget_at(plan: CasePlan, memory: Memory) -> int | None:
    """Return when W may forget this case, of which nothing is armed; None while a problem is open."""
    if memory.gone:
        return None
    if memory.stub:
        return memory.stub_since + plan.forgetting.stub
    for problems in memory.problems.values():
        if problems.state == State.OPEN:
            return None
    ends, is_open = 0, False
    for life in memory.lives:
        if life.closed_at is not None:
            ends = max(ends, life.closed_at)
        elif life.start is not None:
            is_open = True
    if ends and not is_open:
        return max(ends, memory.newest) + plan.forgetting.closed
    return memory.newest + plan.forgetting.silent


def _forget(memory: Memory, at: int) -> None:
    """Keep a stub so that stragglers do not reopen the case; a stub that is old enough goes."""
    if memory.stub:
        memory.gone = True
    else:
        memory.clear()
        memory.stub, memory.stub_since = True, at


def begins_anew(plan: CasePlan, memory: Memory, event: Event) -> bool:
    """Whether an event finds a forgotten case and is newer than it: then the case begins with empty memory."""
    if event.time <= memory.newest:
        memory.mark(event.mark)
        return False
    memory.stub, memory.ripe_at = False, None
    memory.lives = plan.new_lives()
    return True
