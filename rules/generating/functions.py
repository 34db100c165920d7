"""A plan and an event type come in; the function goes out that applies such an event to a case, or what it looks like."""

import ast
from collections.abc import Iterator
from typing import Any

from rules.applied import Applied
from rules.detectors.when import WhenDetector
from rules.generating.counting import counts
from rules.generating.known import KNOWN, UNREAD
from rules.generating.looking import SIGHT, looks
from rules.generating.lookup import Looking, looks_up, sorted_out
from rules.generating.page import Page, identifier, inside, note, text_of
from rules.generating.remembering import remembers, repeats
from rules.lives import LifePlan
from rules.plan import Applying, CasePlan, CompiledRule


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
    yield from remembers(reading, page)
    for rule in rules:
        yield from counts(rule, event_type, page)
    if rules:
        yield from _rules(plan, rules, event_type, page)
    yield from _due(bool(rules))
    yield "return Applied(Fate.APPLIED, findings) if findings else APPLIED" if rules else "return APPLIED"


def _due(has_rules: bool) -> Iterator[str]:
    """When something else was looked at plainly, what is due is worked out anew; else it can only be due earlier."""
    yield "if rearmed or memory.ripe_at is None:" if has_rules else "if memory.ripe_at is None:"
    yield "    settle(PLAN, memory)"
    if has_rules:
        yield "elif soonest < memory.ripe_at:"
        yield "    memory.ripe_at = soonest"


def _rules(plan: CasePlan, rules: list[CompiledRule], event_type: str, page: Page) -> Iterator[str]:
    lives = sorted({rule.life for rule in rules})
    page.name(frozenset(rule.position for rule in rules), "rules")
    yield "lives, problems = memory.lives, memory.problems"
    yield "findings = changes = ()"
    yield "start, is_open, closing, opening = 0, False, False, False"
    yield "soonest, rearmed = NEVER, False"
    yield f"if {' or '.join(f'lives[{life}].newcomers' for life in lives)}:"
    yield f"    findings, rearmed = plainly(PLAN, {SIGHT}, event, altered), True"
    yield "else:"
    yield "    if problems:"
    yield f"        findings = corrects(PLAN, RULES, {SIGHT}, event)"
    for life in lives:
        yield from inside(_life(plan.lives[life], life, event_type, page))
        yield from inside(_open(plan, [rule for rule in rules if rule.life == life], event_type, page))
    yield "    if changes:"
    yield f"        findings = (*findings, *judges(PLAN, {SIGHT}, changes))"
    yield "    if altered and problems:"
    yield f"        findings = (*findings, *reports(PLAN, RULES, {SIGHT}, event, altered, findings))"
    yield "if len(findings) > 1:"
    yield "    findings = in_order_of_rules(findings)"


def _life(life: LifePlan, number: int, event_type: str, page: Page) -> Iterator[str]:
    yield note(f"the watch from {life.name}")
    yield f"life = lives[{number}]"
    yield "closing = opening = False"
    if life.may_open_by(event_type):
        yield from _turns(life, number, event_type, page)
    elif event_type in life.ends_by:
        yield from _ends(number)
    yield "start = life.start"
    yield "is_open = start is not None and life.closed_at is None"


def _turns(life: LifePlan, number: int, event_type: str, page: Page) -> Iterator[str]:
    """An event that only opens changes nothing in an open watch; the first opening is plain while nothing later is known."""
    turn = [
        f"closing, opening = {page.name(life, 'life', str(number))}.turn(life, memory, event)",
        "if closing:",
        f"    findings, rearmed = (*findings, *closes(PLAN, {number}, {SIGHT}, event)), True",
        "rearmed = rearmed or opening and life.closed_at is not None",
        "if opening and (late or problems):",
        f"    opens(PLAN, {number}, memory, late=late)",
    ]
    if event_type in life.ends_by:
        yield from turn
    else:
        yield "if life.start is None and newer:"
        yield "    life.start, opening = time, True"
        yield "elif life.start is None or life.closed_at is not None:"
        yield from inside(turn)


def _ends(number: int) -> Iterator[str]:
    yield "if life.start is not None and life.closed_at is None and time >= life.start:"
    yield "    life.closed_at, closing = time, True"
    yield f"    findings, rearmed = (*findings, *closes(PLAN, {number}, {SIGHT}, event)), True"


def _open(plan: CasePlan, rules: list[CompiledRule], event_type: str, page: Page) -> Iterator[str]:
    """In an open watch the detectors look that the event concerns, at its opening all of them."""
    reading, may_open = plan.readings[event_type], plan.lives[rules[0].life].may_open_by(event_type)
    together, apart = sorted_out(_looking(rules, event_type, may_open=may_open), reading, may_open=may_open)
    seen: list[str] = []
    for rule, number, detector in apart:
        looking = looks(detector, number, reading, page, may_open=may_open)
        seen.append(note(f"{rule.name}: {detector.name}"))
        at_opening = number - rule.first not in rule.concerned.get(event_type, ()) and not isinstance(detector, WhenDetector)
        seen += ["if opening:", *inside(looking)] if at_opening else looking
    for shape, alike in together.items():
        seen += looks_up(shape, alike, page)
    if seen:
        yield "if is_open:"
        yield from inside(seen)


def _looking(rules: list[CompiledRule], event_type: str, *, may_open: bool) -> Iterator[Looking]:
    """Yield the detectors that an event of this type may concern."""
    for rule in rules:
        concerned = rule.concerned.get(event_type, ())
        for number, detector in enumerate(rule.detectors):
            if number in concerned or may_open:
                yield Looking(rule, rule.first + number, detector)
