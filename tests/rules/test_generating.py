"""The function that applies events of one type: it says what the plain rules say, and can be read."""

import ast

from contracts.event import Event
from contracts.problem import Finding
from rules.forgetting import forget_at, settle
from rules.generating import source_of
from rules.plan import CasePlan
from rules.step import apply, wake
from streams.watermark import FileWatermark
from tests.oracle.random_rules import random_story
from tests.oracle.traces import SEMANTICS, read
from tests.rules.core_run import CoreRun, compiled

NOBODY_IN_PARTICULAR = frozenset({60})
"""A newcomer that is no rule: rules that have one beside them are asked plainly."""

RULE = """
rule: odd-parcel
title: A parcel is odd
watch: parcel
from: shipment.created
facts: {place: delivery.scanned.place}
detect:
  elsewhere: {when: 'place == "print(1)"', says: may be lost}
message:
  what: {may be lost: Your parcel may be lost.}
  effect: We do not know yet what this changes for you.
  why: We do not know the cause yet.
  doing: We are looking into it.
  you_need_to: nothing
  choices: []
  cleared: It is well again.
  solved: It is here.
"""


def test_a_generated_function_finds_what_the_plain_rules_find() -> None:
    catalogue = read(SEMANTICS / "events.yaml")
    found = 0

    for seed in range(5_000, 5_300):
        story = random_story(seed)
        run = CoreRun(compiled(story.rule_yaml), catalogue, "UTC")
        events = [run.event(plain) for plain in story.events]
        generated = findings(run, events, disorder=story.disorder, plainly=False)
        assert generated == findings(run, events, disorder=story.disorder, plainly=True), f"seed {seed}"
        found += len(generated)

    assert found > 300, "stories in which nothing is found prove nothing"


def test_when_a_case_is_looked_at_next_is_never_late_after_any_event_and_exact_once_it_is_settled() -> None:
    catalogue, armed = read(SEMANTICS / "events.yaml"), 0

    for seed in range(6_000, 6_150):
        story = random_story(seed)
        run = CoreRun(compiled(story.rule_yaml), catalogue, "UTC")
        (plan,) = run.rules.plans.values()
        for event in map(run.event, story.events):
            list(run.apply(event, event.time))
            for memory in run.memories.values():
                ripe = [ripe_at for _, ripe_at in memory.timers()]
                exact, stated = min(ripe, default=forget_at(plan, memory)), memory.ripe_at
                assert exact is None or (stated is not None and stated <= exact), f"seed {seed}"
                assert settle(plan, memory) is bool(ripe) and memory.ripe_at == exact, f"seed {seed}"
                memory.ripe_at = stated
                armed += bool(ripe)

    assert armed > 300, "stories in which nothing is armed prove nothing"


def test_the_function_of_a_type_names_the_detectors_that_it_asks() -> None:
    source = source_of(plan(), "delivery.scanned")

    assert source.startswith("def delivery_scanned(memory, event, watermark):\n")
    assert "            # odd-parcel: elsewhere\n" in source
    assert "memory.f0" in source


def test_a_rules_text_stands_in_a_function_as_a_constant_only() -> None:
    calls = [node for node in ast.walk(ast.parse(source_of(plan(), "delivery.scanned"))) if isinstance(node, ast.Call)]

    assert "print" not in {call.func.id for call in calls if isinstance(call.func, ast.Name)}


def plan() -> CasePlan:
    return compiled(RULE).plans["parcel"]


def findings(run: CoreRun, events: list[Event], *, disorder: int, plainly: bool) -> list[Finding]:
    """Return what is found in one file of events by each case that they concern."""
    (plan,) = run.rules.plans.values()
    cases = {case: plan.new_memory(case) for event in events for case in event.cases if case.startswith(f"{plan.kind}/")}
    mark, found = FileWatermark(disorder=disorder), []
    for event in events:
        mark.saw(event)
        w = (mark.greatest or 0) - disorder
        for case in event.cases:
            if case in cases:
                for life in cases[case].lives:
                    life.newcomers |= NOBODY_IN_PARTICULAR if plainly else frozenset()
                found += apply(plan, cases[case], event, w=w).findings
        for memory in cases.values():
            while memory.ripe_at is not None and memory.ripe_at <= w and not memory.gone:
                found += wake(plan, memory, w=w)
    return found
