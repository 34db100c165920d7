"""What each detector sees of a case: what holds, what it waits for and how long, what was false and what was unknown."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct

from contracts.event import Citation
from contracts.values import to_plain
from rules.detectors.expect import ExpectDetector
from rules.detectors.sequence import SequenceDetector
from rules.detectors.silence import SilenceDetector
from rules.detectors.states import timers
from rules.detectors.when import WhenDetector
from rules.expression import Condition
from rules.memory import Life, Memory
from rules.plan import CasePlan, CompiledRule
from rules.reporting import evidence


class Stand(StrEnum):
    NOT_WATCHED = "not watched"
    CLOSED = "closed"
    HOLDS = "holds"
    ARMED = "armed"
    NOT_TRUE = "not true"
    WAITS = "waits"


class Seen(Struct, frozen=True):
    """One comparison of a condition. truth: None while unknown. sides: what its sides are, each with its plain value."""

    text: str
    truth: bool | None
    sides: tuple[tuple[str, Any], ...]


class Look(Struct, frozen=True, kw_only=True):
    """How one detector stands. due: when it takes hold or lets go, if nothing comes, None when nothing is armed.

    why: the nearest reason for which it does not hold, in words; empty when it holds. cites: the events that its facts come from.
    """

    rule: str
    detector: str
    stand: Stand
    due: int | None
    why: str
    saw: tuple[Seen, ...] = ()
    cites: tuple[Citation, ...] = ()


class Standing(NamedTuple):
    """How a detector stands with a case. due: see Look."""

    memory: Memory
    state: Any
    due: int | None


def look(plan: CasePlan, memory: Memory, *, w: int) -> list[Look]:
    """Return how every detector of every rule of this kind stands with the case. w: the watermark, for what depends on now."""
    if memory.stub:
        return []
    return [each for rule in plan.rules for each in _rule(rule, memory, w)]


def _rule(rule: CompiledRule, memory: Memory, w: int) -> Iterator[Look]:
    watch = memory.watch(rule.life, rule.position)
    for number, detector in enumerate(rule.detectors, rule.first):
        state = rule.state(memory, number, watch.start or 0)
        due = min((due for due, _ in timers(state, detector.grace)), default=None)
        saw = tuple(_saw(getattr(detector, "condition", None), memory, w)) + tuple(_saw(detector.only_if, memory, w))
        stand = _stand(watch, state, due, saw)
        why = "" if stand is Stand.HOLDS else _why(rule, watch, detector, Standing(memory, state, due), saw)
        yield Look(
            rule=rule.name,
            detector=detector.name,
            stand=stand,
            due=due,
            why=why,
            saw=saw,
            cites=evidence(rule, memory, detector.name),
        )


def _stand(watch: Life, state: Any, due: int | None, saw: tuple[Seen, ...]) -> Stand:
    if watch.start is None:
        return Stand.NOT_WATCHED
    if watch.closed_at is not None:
        return Stand.CLOSED
    if state.holds:
        return Stand.HOLDS
    if due is not None:
        return Stand.ARMED
    return Stand.NOT_TRUE if any(seen.truth is not True for seen in saw) else Stand.WAITS


def _saw(condition: Condition | None, memory: Memory, w: int) -> Iterator[Seen]:
    if condition is None:
        return
    for part in condition.parts:
        at = (memory, w, False, None)
        values = (to_plain(value) for value in part.sides(*at))
        yield Seen(part.text, part.evaluate(*at), tuple(zip(part.sides_text, values, strict=True)))


def _why(rule: CompiledRule, watch: Life, detector: Any, at: Standing, saw: tuple[Seen, ...]) -> str:
    if watch.start is None:
        return f"waits for {_any_of(rule.rule.opens_on)} to open the watch"
    if watch.closed_at is not None:
        return "its watch is over"
    if unknown := [seen.text for seen in saw if seen.truth is None]:
        return f"unknown: {'; '.join(unknown)}"
    if false := [seen.text for seen in saw if seen.truth is False]:
        return f"not true: {'; '.join(false)}"
    return WHYS[type(detector)](detector, at)


def _why_expect(detector: ExpectDetector, at: Standing) -> str:
    if at.due is not None:
        return f"waits for {_any_of(detector.awaited.types)}"
    if detector.awaited.newest(at.memory, at.state.seen) is not None:
        return f"{_any_of(detector.awaited.types)} came"
    return "its deadline is not known" if at.state.spent_on is None else "its `if` was not true when the deadline passed"


def _why_silence(detector: SilenceDetector, at: Standing) -> str:
    if at.due is not None:
        return f"waits for {_any_of(detector.awaited.types)}"
    if detector.after is not None and not detector.has_begun(at.state, at.memory):
        return f"{_any_of(detector.after.types)} did not come yet"
    return "its `if` was not true when it would have taken hold"


def _why_sequence(detector: SequenceDetector, at: Standing) -> str:
    matched = max((number + 1 for number, chains in enumerate(at.state.chains) if chains), default=0)
    return f"{matched} of {len(detector.steps)} steps came"


def _why_when(detector: WhenDetector, at: Standing) -> str:
    if at.state.since is not None:
        return "true, and must stay so"
    return "its condition must turn true anew" if at.state.was_true else "not true"


WHYS: dict[type, Callable[[Any, Standing], str]] = {
    ExpectDetector: _why_expect,
    SilenceDetector: _why_silence,
    SequenceDetector: _why_sequence,
    WhenDetector: _why_when,
}


def _any_of(types: Any) -> str:
    return " or ".join(sorted(types)) or "any event"
