"""What older versions packed, or older rules, is read as if the present ones had remembered it."""

from typing import Any

import pytest
from msgspec import msgpack
from msgspec.structs import replace

from contracts.ids import number_of
from contracts.times import DAY
from rules.detectors.states import SequenceState, timers
from rules.memory import Memory
from rules.packing import pack, unpack
from rules.plan import CasePlan
from tests.rules.older_memories import LATE_PARCEL, LOST_PARCEL, WAY_3, lived, rules_of

RULES = rules_of(LATE_PARCEL, LOST_PARCEL)
PLAN: CasePlan = RULES.plans["parcel"]
CASE = "parcel/P1"


def standing(memory: Memory) -> list[tuple[bool, list[tuple[int, int]]]]:
    """Return how each detector holds or is armed; older ways kept states that say no more than memory does."""
    states = [(PLAN.state(memory, number), detector.grace) for number, detector in enumerate(PLAN.detectors)]
    return [(state.holds, timers(state, grace)) for state, grace in states]


def in_way_4(memory: Memory) -> bytes:
    """Return a memory as it was packed when every detector that was armed had a state of its own."""
    states = {number: with_numbers(PLAN.state(memory, number)) for number in memory.states}
    return b"\x04" + msgpack.encode(replace(memory, states=states))


def with_numbers(state: Any) -> Any:
    """Return a state whose marks are numbers, if it is a sequence's."""
    if not isinstance(state, SequenceState):
        return state
    chains = [[replace(chain, mark=number_of(chain.mark)) for chain in own] for own in state.chains]
    return replace(state, chains=chains, match_mark=number_of(state.match_mark))


def packed(way: int, memory: Memory) -> bytes:
    return {3: WAY_3, 4: in_way_4(memory), 5: pack(PLAN, memory)}[way]


def in_a_row(blob: bytes) -> bytes:
    """Return a memory packed in way 3 as way 2 packed it."""
    _, head, parts = msgpack.decode(blob)
    return msgpack.encode([2, head, [parts.get(place) for place in range(len(PLAN.layout))]])


@pytest.mark.parametrize("blob", [WAY_3, in_a_row(WAY_3), in_way_4(lived(RULES).memories[CASE])])
def test_what_older_ways_packed_is_what_the_same_events_make_now(blob: bytes) -> None:
    older, now = unpack(PLAN, CASE, blob, PLAN.layout), lived(RULES).memories[CASE]

    assert standing(older) == standing(now)
    older.states, now.states = {}, {}
    assert older == now


def test_a_rule_that_had_come_late_in_an_older_way_still_takes_part_from_the_next_opening_on() -> None:
    way, head, parts = msgpack.decode(WAY_3)
    place = next(place for place, (name, _) in enumerate(PLAN.layout) if name.startswith("life shipment.created"))
    late = RULES.rules["late-parcel"].position
    parts[place][2] = 1 << late

    memory = unpack(PLAN, CASE, msgpack.encode([way, head, parts]), PLAN.layout)

    assert memory.lives[RULES.rules["late-parcel"].life].newcomers == {late}


def test_rules_that_came_late_are_remembered_however_many_there_are() -> None:
    memory = lived(RULES).memories[CASE]
    memory.lives[0].newcomers = frozenset({3, 999})

    assert unpack(PLAN, CASE, pack(PLAN, memory), PLAN.layout).lives[0].newcomers == {3, 999}


@pytest.mark.parametrize("way", [3, 4, 5])
def test_a_sequence_that_has_other_steps_now_begins_anew(way: int) -> None:
    blob = packed(way, lived(RULES).memories[CASE])
    longer = rules_of(LATE_PARCEL.replace("shipment.rerouted]", "shipment.rerouted, delivery.scanned]"), LOST_PARCEL)
    rule = longer.rules["late-parcel"]

    state = unpack(longer.plans["parcel"], CASE, blob, PLAN.layout).states[rule.first + 3]

    assert state == rule.detectors[3].new_state()


@pytest.mark.parametrize("way", [3, 4, 5])
def test_under_other_rules_each_part_is_found_by_its_name(way: int) -> None:
    before = lived(RULES).memories[CASE]
    longer = LATE_PARCEL.replace("longer_than: 30d", "longer_than: 40d")
    fewer = rules_of(longer.replace("  slot: delivery.slotted.slot_ends\n", "").replace("slot - now < 4h and ", ""))
    plan = fewer.plans["parcel"]

    memory = unpack(plan, CASE, packed(way, before), PLAN.layout)

    names = {name: memory.value(slot) for name, slot in fewer.rules["late-parcel"].facts.items()}
    assert names == {"promised": before.value(0), "chance": 0.25, "place": "Bonn"}
    assert plan.windows_in(memory) == PLAN.windows_in(before)
    assert memory.problems == {0: before.problems[RULES.rules["late-parcel"].position]}
    assert plan.state(memory, 0).due == before.newest + 40 * DAY


@pytest.mark.parametrize("way", [3, 4, 5])
def test_what_came_before_a_where_was_written_counts(way: int) -> None:
    before = lived(RULES).memories[CASE]
    lost = LOST_PARCEL.replace("within: 20d", "where: 'it.place == \"Ulm\"', within: 20d")
    plan = rules_of(LATE_PARCEL, lost).plans["parcel"]

    memory = unpack(plan, CASE, packed(way, before), PLAN.layout)

    (state,) = [plan.state(memory, number) for number, each in enumerate(plan.detectors) if each.name == "lost"]
    assert (state.seen, state.of, state.due) == (before.newest, before.newest, None)


def test_a_detector_that_memory_itself_satisfies_keeps_no_state() -> None:
    lost = RULES.rules["lost-parcel"].first

    assert lost not in lived(RULES).memories[CASE].states
