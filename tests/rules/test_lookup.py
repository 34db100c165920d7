"""Conditions of one shape are found by what an event brought, and what is found is what each of them says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.event import Event
from contracts.ids import mark_of
from rules.detectors.states import holds
from rules.detectors.when import WhenDetector
from rules.generating import source_of
from rules.memory import Memory
from rules.plan import CasePlan
from rules.step import apply
from tests.rules.core_run import compiled

MANY = 9
PLACES = ("hub", "sea")
RULE = """
rule: odd-parcel
title: A parcel is odd
watch: parcel
from: shipment.created
facts: {{place: delivery.scanned.place, chance: delivery.eta.p_late}}
detect:
{detectors}
message:
  what: {{may be odd: Your parcel may be lost.}}
  effect: We do not know yet what this changes for you.
  why: We do not know the cause yet.
  doing: We are looking into it.
  you_need_to: nothing
  choices: []
  cleared: It is well again.
  solved: It is here.
"""
CONDITIONS = {
    "at least": "chance >= {limit}",
    "above": "chance > {limit}",
    "at most": "{limit} >= chance",
    "below": "chance < {limit}",
    "here": 'place == "{place}" and chance >= {limit}',
    "doubled": "chance * 2.0 > {limit}",
    "and not": 'place == "{place}" and place != "sea" and chance <= {limit}',
    "or": 'chance >= {limit} and (place == "{place}" or chance >= 0.9)',
}


def a_plan(condition: str, many: int) -> CasePlan:
    """Return the plan of a rule with so many detectors of a shape, each with a limit of its own."""
    texts = [condition.format(limit=f"0.{number}", place=PLACES[number % 2]) for number in range(1, many + 1)]
    detectors = "".join(f"  d{number}: {{when: '{text}', says: may be odd}}\n" for number, text in enumerate(texts, 1))
    return compiled(RULE.format(detectors=detectors)).plans["parcel"]


PLANS = {name: a_plan(text, MANY) for name, text in CONDITIONS.items()}


def happens(plan: CasePlan, memory: Memory, number: int, event_type: str, **data: object) -> None:
    event = Event(str(number), "s", event_type, number, (memory.case,), data, mark_of("s", str(number)))
    apply(plan, memory, event, w=number)


def true_now(plan: CasePlan, memory: Memory) -> set[int]:
    conditions = {number: each.condition for number, each in enumerate(plan.detectors) if isinstance(each, WhenDetector)}
    return {number for number, condition in conditions.items() if condition.holds(memory, 0, False, None)}


places = st.builds(lambda place: ("delivery.scanned", {"place": place}), st.sampled_from([*PLACES, "air", None]))
chances = st.builds(lambda chance: ("delivery.eta", {"p_late": chance}), st.sampled_from([0.1, 0.25, 0.5, 0.9, 1.0, None]))


@settings(deadline=None)
@given(st.lists(places | chances, max_size=12))
def test_what_is_looked_up_holds_exactly_where_its_condition_is_true(steps: list[tuple[str, dict[str, object]]]) -> None:
    for name, plan in PLANS.items():
        memory = plan.new_memory("parcel/P1")
        happens(plan, memory, 0, "shipment.created")
        for number, (event_type, data) in enumerate(steps, 1):
            happens(plan, memory, number, event_type, **data)
            holding = {number for number, state in memory.states.items() if holds(state)}
            assert holding == true_now(plan, memory), name


def test_few_of_a_shape_are_asked_one_by_one() -> None:
    assert "LOOKUP" not in source_of(a_plan(CONDITIONS["here"], 7), "delivery.scanned")


def test_many_of_a_shape_are_one_look() -> None:
    source = source_of(PLANS["here"], "delivery.scanned")

    assert source.count("LOOKUP.find(memory.f") == 1
    assert "# odd-parcel: d1, and 8 more of its shape\n" in source
