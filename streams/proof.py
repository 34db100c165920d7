"""Whether a detector of a rule has anything to go by in a case: a test in which none ever had proves nothing."""

from typing import Any

from rules.detectors.expect import ExpectDetector
from rules.detectors.sequence import SequenceDetector
from rules.detectors.states import timers
from rules.detectors.when import WhenDetector
from rules.memory import Memory
from rules.plan import CasePlan, CompiledDetector


def is_armed(plan: CasePlan, memory: Memory, rule: str, *, now: int) -> bool:
    """Whether a detector of the rule is armed, holds, was satisfied in advance, is true or false, or saw its first step."""
    if memory.stub:
        return False
    for compiled in plan.rules:
        if compiled.name == rule and memory.watch(compiled.life, compiled.position).is_open:
            detectors = enumerate(compiled.detectors, compiled.first)
            return any(_has_begun(detector, plan.state(memory, number), memory, now) for number, detector in detectors)
    return False


def _has_begun(detector: CompiledDetector, state: Any, memory: Memory, now: int) -> bool:
    if state.holds or timers(state, detector.grace):
        return True
    look = (memory, now, False, None)
    match detector:
        case ExpectDetector():
            seen = detector.awaited.newest(memory, state.seen)
            return seen is not None and (detector.by is None or detector.by.value(*look) is not None)
        case WhenDetector():
            return detector.condition.truth(*look) is not None
        case SequenceDetector():
            return any(state.chains)
        case _:
            return False
