"""A plan and an event type come in; the function goes out that applies such an event to a case, or what it looks like."""

import ast
from collections.abc import Iterator
from typing import Any

from rules.applied import Applied
from rules.generating.counting import counts
from rules.generating.known import KNOWN, UNREAD
from rules.generating.looking import looks
from rules.generating.page import Page, identifier, inside, note, text_of
from rules.generating.remembering import remembers, repeats
from rules.lives import LifePlan
from rules.plan import Applying, CasePlan, CompiledRule, Reading

SIGHT = "Sight(memory, watermark, event, facts, times, windows, start, is_open, closing, opening)"


def function_for(plan: CasePlan, event_type: str) -> Applying:
    """Return the function (memory, event, watermark) -> Applied for events of a type, and keep it with the plan."""
    if event_type not in plan.readings:
        return _unread
    page, tree = _written(plan, event_type)
    plan.applying[event_type] = page.function(tree)
    return plan.applying[event_type]


def source_of(plan: CasePlan, event_type: str) -> str:
    """Return what the function for an event type looks like."""
    return text_of(_written(plan, event_type)[1])


def _unread(*_: Any) -> Applied:
    return UNREAD


def _written(plan: CasePlan, event_type: str) -> tuple[Page, ast.Module]:
    page = Page(KNOWN | {"PLAN": plan})
    return page, page.tree([f"def {identifier(event_type)}(memory, event, watermark):", *inside(_body(plan, event_type, page))])


def _body(plan: CasePlan, event_type: str, page: Page) -> Iterator[str]:
    reading = plan.readings[event_type]
    rules = [plan.rules[position] for position in reading.rules]
    yield note(f"{event_type}, for one {plan.kind}")
    yield from repeats(reading)
    yield from remembers(reading, plan, page)
    for rule in rules:
        yield from counts(rule, event_type, page)
    if rules:
        yield from _rules(plan, rules, event_type, page)
    yield "ripe_at = None"
    yield "for state in states.values():"
    yield "    if state.ripe_at is not None and (ripe_at is None or state.ripe_at < ripe_at):"
    yield "        ripe_at = state.ripe_at"
    yield "memory.ripe_at = forget_at(PLAN, memory) if ripe_at is None else ripe_at"
    yield "return Applied(Fate.APPLIED, findings) if findings else APPLIED" if rules else "return APPLIED"


def _rules(plan: CasePlan, rules: list[CompiledRule], event_type: str, page: Page) -> Iterator[str]:
    lives = sorted({rule.life for rule in rules})
    newcomers = " or ".join(f"memory.lives[{life}].newcomers" for life in lives)
    yield "lives, problems, findings = memory.lives, memory.problems, ()"
    yield f"if {newcomers}:"
    yield "    sight = Sight(memory, watermark, event, facts, times, windows)"
    yield "    findings = plainly(PLAN, sight, event, altered)"
    yield "else:"
    for life in lives:
        yield from inside(_life(plan.lives[life], life, event_type, page))
        for rule in rules:
            if rule.life == life:
                yield from inside(_rule(rule, plan, event_type, page))
    if len(lives) > 1:
        yield "if findings:"
        yield "    findings = in_order_of_rules(findings)"


def _life(life: LifePlan, number: int, event_type: str, page: Page) -> Iterator[str]:
    yield note(f"the watch from {life.name}")
    yield f"life = lives[{number}]"
    if life.is_turned_by(event_type):
        yield f"closing, opening = {page.name(life, 'life', str(number))}.turn(life, t, event)"
    else:
        yield "closing = opening = False"
    yield "start = life.start"
    yield "is_open = start is not None and life.closed_at is None"


def _rule(rule: CompiledRule, plan: CasePlan, event_type: str, page: Page) -> Iterator[str]:
    name = page.name(rule, rule.name)
    concerned = rule.concerned.get(event_type, ())
    turned = plan.lives[rule.life].is_turned_by(event_type)
    yield note(rule.name)
    yield f"if {rule.position} in problems:"
    yield f"    findings = (*findings, *Watching({name}, {SIGHT}).at_event(event, altered))"
    if turned:
        yield "elif closing:"
        yield f"    {name}.reset(states)"
    seen = [
        *_looks(rule, concerned, plan.readings[event_type], page),
        *(_opening(rule, concerned, plan.readings[event_type], page) if turned else ()),
    ]
    if seen:
        yield "elif is_open:"
        yield "    changes = ()"
        yield from inside(seen)
        yield "    if changes:"
        yield f"        findings = (*findings, *Watching({name}, {SIGHT}).judge(changes))"


def _looks(rule: CompiledRule, numbers: tuple[int, ...], reading: Reading, page: Page) -> Iterator[str]:
    for number in numbers:
        detector = rule.detectors[number]
        yield note(detector.name)
        yield from looks(detector, rule.first + number, reading, page, SIGHT)


def _opening(rule: CompiledRule, concerned: tuple[int, ...], reading: Reading, page: Page) -> Iterator[str]:
    """At the opening of the watch every detector looks."""
    others = tuple(number for number in rule.everyone if number not in concerned)
    if others:
        yield "if opening:"
        yield from inside(_looks(rule, others, reading, page))
