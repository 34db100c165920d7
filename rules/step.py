"""The core: memory and an event or a wake-up come in, findings go out. No clock, no I/O; the memory is changed in place."""

from itertools import groupby

from contracts.event import Event
from contracts.problem import Finding
from rules.applied import Applied
from rules.detectors.sight import Sight
from rules.forgetting import forget, settle
from rules.generating import function_for
from rules.memory import Memory
from rules.plan import Applying, CasePlan
from rules.watching import Watching

__all__ = ["Applied", "Applying", "apply", "applying", "forget", "settle", "wake"]


def apply(plan: CasePlan, memory: Memory, event: Event, *, w: int) -> Applied:
    """Apply one event to one case that it concerns. w: the watermark after the event.

    An event that the case knows changes nothing, whatever it contains; one older than a forgotten case does not reopen it.
    """
    return applying(plan, event.type)(memory, event, w)


def applying(plan: CasePlan, event_type: str) -> Applying:
    """Return what applies events of one type to a case: `apply` for whoever applies many. It takes (memory, event, w)."""
    return plan.applying.get(event_type) or function_for(plan, event_type)


def wake(plan: CasePlan, memory: Memory, *, w: int) -> list[Finding]:
    """Fire what has the least due among what is ripe at w, in the order of the rules; afterwards there may be more.

    Where nothing is armed, the case is forgotten when its time has come. Afterwards `memory.ripe_at` is exact.
    """
    if memory.ripe_at is None or memory.ripe_at > w:
        return []
    findings: list[Finding] = []
    if ripe := memory.ripe_timers(w):
        due, _ = min(ripe)
        numbers = sorted({number for each, number in ripe if each == due})
        for position, own in groupby(numbers, key=plan.rule_of.__getitem__):
            rule = plan.rules[position]
            sight = Sight(memory, w, start=memory.lives[rule.life].start or 0)
            findings += Watching(rule, sight).at_wake(due, own)
    forget(plan, memory, w=w)
    return findings
