"""What a generated function leaves to plain code because it happens seldom: ends, corrections, what turns, late openings."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from contracts.event import Event
from contracts.problem import Finding
from rules.detectors.sight import Change, Sight
from rules.detectors.states import SequenceState
from rules.detectors.when import WhenDetector
from rules.memory import Memory
from rules.plan import CasePlan
from rules.problem import State
from rules.watching import Watching


def plainly(plan: CasePlan, sight: Sight, event: Event, altered: int) -> list[Finding]:
    """Look with every rule that reads the event, one by one: what a generated function does in other words.

    altered: a bit for each fact's slot whose value is another than before the event.
    """
    memory, turns = sight.memory, {}
    findings: list[Finding] = []
    for position in plan.readings[event.type].rules:
        rule = plan.rules[position]
        life = memory.lives[rule.life]
        if rule.life not in turns:
            turns[rule.life] = plan.lives[rule.life].turn(life, memory, event)
        sight.closing, sight.opening = turns[rule.life]
        sight.start, sight.is_open = life.start or 0, life.is_open
        if position not in life.newcomers:
            findings += Watching(rule, sight).at_event(event, altered)
    return findings


def corrects(plan: CasePlan, rules: frozenset[int], sight: Sight, event: Event) -> list[Finding]:
    """Say which open problems of these rules the event shows to have been none."""
    findings: list[Finding] = []
    problems = sight.memory.problems
    for position in rules.intersection(problems):
        if problems[position].state == State.OPEN:
            findings += Watching(plan.rules[position], sight).correct(event)
    return findings


def closes(plan: CasePlan, life: int, sight: Sight, event: Event) -> list[Finding]:
    """End the problems of the rules with this life, and let go of everything."""
    memory = sight.memory
    findings: list[Finding] = []
    for position in memory.problems:
        if plan.rules[position].life == life:
            findings += Watching(plan.rules[position], sight).close(event)
    for number in list(memory.states):
        rule = plan.rules[plan.rule_of[number]]
        if rule.life == life:
            rule.reset(memory.states, number)
    return findings


def opens(plan: CasePlan, life: int, memory: Memory, *, late: bool) -> None:
    """Begin a watch without problems. late: the case knows later events, so its facts do not tell when the last look was."""
    for rule in plan.rules_by_life[life]:
        memory.problems.pop(rule.position, None)
        if late:
            for number, detector in zip(rule.numbers, rule.detectors, strict=True):
                if isinstance(detector, WhenDetector):
                    memory.states[number] = detector.new_state()


def judges(plan: CasePlan, sight: Sight, changes: Iterable[tuple[int, Change]]) -> list[Finding]:
    """Say what became of the problems of those rules whose detectors, by number, took hold or let go."""
    by_rule: dict[int, list[tuple[Any, Change]]] = {}
    for number, change in changes:
        by_rule.setdefault(plan.rule_of[number], []).append((plan.detectors[number], change))
    findings: list[Finding] = []
    for position, changed in by_rule.items():
        rule = plan.rules[position]
        sight.start = sight.memory.lives[rule.life].start or 0
        findings += Watching(rule, sight).judge(changed)
    return findings


def reports(
    plan: CasePlan, rules: frozenset[int], sight: Sight, event: Event, altered: int, said: Sequence[Finding]
) -> list[Finding]:
    """Say which facts the problems have now, open or ended; of a rule that has said something at this look, that is enough."""
    findings: list[Finding] = []
    spoken = {finding.rule for finding in said}
    for position in rules.intersection(sight.memory.problems):
        rule = plan.rules[position]
        if altered & rule.fact_bits and rule.name not in spoken:
            findings += Watching(rule, sight).report_facts(event, altered)
    return findings


def looks(plan: CasePlan, number: int, sight: Sight, event: Event) -> tuple[tuple[int, Change], ...]:
    """Look with a detector that may have something to say."""
    rule = plan.rules[plan.rule_of[number]]
    change = Watching(rule, sight).ask(number - rule.first, event)
    return () if change is None else ((number, change),)


def finds(plan: CasePlan, numbers: Iterable[int], sight: Sight, event: Event) -> list[tuple[int, Change]]:
    """Look with those of these detectors whose condition is true, or was."""
    memory = sight.memory
    changes: list[tuple[int, Change]] = []
    for number in numbers:
        detector = plan.detectors[number]
        assert isinstance(detector, WhenDetector)
        if number in memory.states or detector.condition.holds(memory, event.time, False, None):
            changes += looks(plan, number, sight, event)
    return changes


def in_order_of_rules(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Return the findings as the rules stand, by name; those of one rule stay in order."""
    return sorted(findings, key=attrgetter("rule"))


def sequences_know(memory: Memory, numbers: Sequence[int], mark: bytes) -> bool:
    """Whether one of these sequences remembers an event with this mark."""
    states = [memory.states.get(number) for number in numbers]
    return any(isinstance(state, SequenceState) and state.knows(mark) for state in states)
