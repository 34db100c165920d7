"""Memories stay within a number of bytes: those used last as they are, others pressed, and what has no room is given up."""

from collections.abc import Mapping
from pathlib import Path
from sys import getsizeof

import pytest

from rules.packing import pack
from rules.plan import CasePlan
from streams.cache import EMPTY, ENTRY, UNPACKED, Cache
from tests.streams.shop import a_shop

ROOM = 40_000


@pytest.fixture
def plans(tmp_path: Path) -> Mapping[str, CasePlan]:
    return a_shop(tmp_path).ruleset.plans


def keep(cache: Cache, plans: Mapping[str, CasePlan], case: str, *, newest: int = 0) -> None:
    plan = plans[case.partition("/")[0]]
    memory = plan.new_memory(case)
    memory.newest = newest
    cache.keep(memory, packed=len(pack(plan, memory)))


def test_what_was_used_last_stays_as_it_is_and_what_was_used_before_is_pressed(plans: Mapping[str, CasePlan]) -> None:
    cache = Cache(plans, room=ROOM)
    for number in range(100):
        keep(cache, plans, f"parcel/P{number}", newest=number)
        cache.make_room()

    unpacked = [int(case.removeprefix("parcel/P")) for case in cache.near]

    assert 0 < len(unpacked) < 50
    assert unpacked == list(range(100 - len(unpacked), 100))
    assert (len(cache), len(cache.pressed)) == (100, 100 - len(unpacked))


def test_what_was_pressed_comes_back_as_it_was(plans: Mapping[str, CasePlan]) -> None:
    cache = Cache(plans, room=ROOM)
    for number in range(100):
        keep(cache, plans, f"parcel/P{number}", newest=number)
    cache.make_room()

    memory = cache.take_out("parcel/P0")

    assert memory is not None and (memory.case, memory.newest) == ("parcel/P0", 0)
    assert (cache.take_out("parcel/P0"), cache.near["parcel/P0"]) == (None, memory)


@pytest.mark.parametrize("room", [0, 1_000, ROOM])
def test_after_room_was_made_there_is_never_more_than_it_holds(plans: Mapping[str, CasePlan], room: int) -> None:
    cache = Cache(plans, room=room)
    for number in range(1_000):
        keep(cache, plans, f"parcel/P{number}")
        cache.take_out(f"parcel/P{number * number % 1_000}")
        cache.make_room()

        assert cache.taken <= room
    assert len(cache) < 1_000


def test_bytes_are_counted_to_the_last_one(plans: Mapping[str, CasePlan]) -> None:
    cache = Cache(plans, room=ROOM)
    for number in range(300):
        keep(cache, plans, f"parcel/P{number % 200}", newest=number)
        cache.take_out(f"parcel/P{number // 2}")
        cache.forget(f"parcel/P{number // 3}")
        cache.make_room()
    pressed = [getsizeof(case) + getsizeof(held) + ENTRY for case, held in cache.pressed.items()]
    unpacked = [UNPACKED * len(pack(plans["parcel"], memory)) + EMPTY for memory in cache.near.values()]

    assert pressed and unpacked
    assert cache.taken == sum(pressed) + sum(unpacked)


def test_the_oldest_are_given_up_first_and_their_kinds_are_told(plans: Mapping[str, CasePlan]) -> None:
    cache = Cache(plans, room=4_000)
    keep(cache, plans, "parcel/P0")
    given_up = [cache.make_room()]
    for number in range(100):
        keep(cache, plans, f"order/O{number}")
        given_up.append(cache.make_room())

    assert given_up[0] == set()
    assert next(kinds for kinds in given_up if kinds) == {"parcel"}
    assert cache.take_out("parcel/P0") is None
    assert cache.take_out("order/O98") or "order/O98" in cache.near
