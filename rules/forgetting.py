"""When the memory of a case may go, what stays of it, and how it begins anew (S10)."""

from contracts.event import Event
from rules.memory import Memory
from rules.plan import CasePlan
from rules.problem import State


def forget(plan: CasePlan, memory: Memory, *, w: int) -> bool:
    """Forget what may be forgotten at w, stub and all; False, and nothing is done, while something is armed."""
    if memory.is_armed:
        return False
    at = forget_at(plan, memory)
    while at is not None and at <= w and not memory.gone:
        _forget(memory, at)
        at = forget_at(plan, memory)
    memory.ripe_at = None if memory.gone else at
    return True


def forget_at(plan: CasePlan, memory: Memory) -> int | None:
    """Return when W may forget this case, of which nothing is armed; None while a problem is open."""
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
    memory.stub = False
    plan.fill(memory)
    return True
