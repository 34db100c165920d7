"""What a rule reports of a problem: its phase, with the facts as they are and the events that stand behind it."""

from typing import NamedTuple

from contracts.event import Citation, Event
from contracts.ids import problem_id
from contracts.problem import LABEL, Fact, FactsChanged, Phase, ProblemPhase
from rules.detectors.when import WhenDetector
from rules.memory import Memory, Problems
from rules.plan import CompiledRule


class Line(NamedTuple):
    """What happened to a problem; see ProblemPhase."""

    phase: Phase
    at: int
    detector: str | None
    ended_by: str | None
    graver: bool
    reopened: bool


def report_phase(rule: CompiledRule, memory: Memory, problems: Problems, *, line: Line, event: Event | None) -> ProblemPhase:
    """event: that brought it about, None for a due time."""
    return ProblemPhase(
        problem=_problem(rule, memory, problems),
        rule=rule.name,
        case=memory.case,
        customer=memory.customer,
        watch_start=problems.start,
        number=problems.count - 1,
        phase=line.phase,
        detector=line.detector,
        ended_by=line.ended_by,
        says=rule.detectors[problems.speaker].says,
        at=line.at,
        opened_at=problems.opened_at,
        graver=line.graver,
        reopened=line.reopened,
        tries=_tries(rule, memory, problems.speaker, line.at),
        facts=_facts(rule, memory),
        fired={name: Fact(value, cite) for name, (value, cite) in problems.fired.items()},
        cites=evidence(rule, memory, line.detector, event),
    )


def report_facts(rule: CompiledRule, memory: Memory, problems: Problems, *, altered: int, at: int) -> FactsChanged:
    """altered: a bit for each fact's slot with another value."""
    return FactsChanged(
        problem=_problem(rule, memory, problems),
        rule=rule.name,
        case=memory.case,
        customer=memory.customer,
        at=at,
        changed=tuple(name for name, slot in rule.facts.items() if altered >> slot & 1),
        facts=_facts(rule, memory),
    )


def _problem(rule: CompiledRule, memory: Memory, problems: Problems) -> str:
    return problem_id(rule.name, memory.case, problems.start, problems.count - 1)


def _tries(rule: CompiledRule, memory: Memory, speaker: int, at: int) -> int | None:
    detector = rule.detectors[speaker]
    if isinstance(detector, WhenDetector):
        return detector.tries(memory, at)
    return len(steps) if (steps := getattr(detector, "steps", None)) else None


def _facts(rule: CompiledRule, memory: Memory) -> dict[str, Fact]:
    facts = {name: Fact(memory.value(slot), memory.cite(slot)) for name, slot in rule.facts.items()}
    return facts | _label(rule, memory) if rule.labels else facts


def _label(rule: CompiledRule, memory: Memory) -> dict[str, Fact]:
    """Return the newest label that an event of the case gave it."""
    given = [(cite.time, cite.id, slot) for slot in rule.labels if (cite := memory.cite(slot)) and memory.value(slot)]
    if not given:
        return {}
    *_, newest = max(given)
    return {LABEL: Fact(memory.value(newest), memory.cite(newest))}


def evidence(rule: CompiledRule, memory: Memory, detector: str | None, event: Event | None = None) -> tuple[Citation, ...]:
    """Return the event at hand and, of a detector, the newest events that it read, oldest first."""
    facts, times = rule.evidence.get(detector, ((), ())) if detector else ((), ())
    found = {cite for slot in facts if (cite := memory.cite(slot)) is not None}
    found |= {cite for slot in times if (cite := memory.sight(slot)) is not None}
    if event is not None:
        found.add(event.cite())
    return tuple(sorted(found, key=lambda cite: (cite.time, cite.id, cite.source)))
