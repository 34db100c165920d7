"""What really happens in the shop's week: troubles and what only looks so, decided before any rule is read."""

from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest
from msgspec import json

from contracts.times import HOUR, parse_instant
from streams.shop.days import ENDS, at, awake
from streams.shop.journey import RESTARTS, STOPPED_DEPOT, STOPS
from streams.shop.life import Happening
from streams.shop.outcomes import Trouble
from streams.shop.week import Week, week

SEEDS = range(1, 21)


@cache
def the_week(seed: int = 1) -> Week:
    return week(seed)


def heard(event_type: str) -> Iterator[Happening]:
    return (each for each in the_week().heard if each.type == event_type)


def complaints(seed: int = 1) -> list[Trouble]:
    return [each for each in the_week(seed).outcomes.troubles if each.complains is not None]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_seed_has_about_as_much_trouble(seed: int) -> None:
    outcomes = the_week(seed).outcomes
    causes = {each.cause for each in complaints(seed)}

    assert 65 <= len(complaints(seed)) <= 125
    assert 0.2 < len(complaints(seed)) / len(outcomes.troubles) < 0.5
    assert 50 <= len(outcomes.seemings) <= 150
    assert {
        "the depot stood still",
        "the parcel came late",
        "the payment did not go through",
        "the goods arrived damaged",
    } <= causes


def test_customers_complain_once_they_feel_it_before_it_is_put_right_and_by_day() -> None:
    for each in complaints():
        assert each.complains is not None
        assert each.begins <= each.felt <= each.complains < ENDS
        assert each.ends is None or each.complains < each.ends


def test_every_complaint_is_heard_of_whatever_was_told() -> None:
    raised = sorted((each.time, each.data["customer_id"]) for each in heard("complaint.raised"))

    assert raised == sorted(
        (each.complains, each.customer) for each in complaints() if each.complains and each.complains < ENDS - HOUR
    )


def test_a_parcel_that_comes_late_is_a_trouble_and_one_in_time_is_none() -> None:
    ends = {"parcel/" + each.data["parcel_id"]: _end_of(each) for each in heard("delivery.promised")}
    late_or_held = {case for each in the_week().outcomes.troubles for case in each.cases}
    for each in heard("delivery.delivered"):
        case = "parcel/" + each.data["parcel_id"]
        assert each.time <= ends[case] or case in late_or_held
    assert not {each.case for each in the_week().outcomes.seemings} & late_or_held


def _end_of(promised: Happening) -> int:
    day = date.fromisoformat(promised.data["promised_day"])
    return at(date.fromordinal(day.toordinal() + 1), 0, promised.data["zone"])


def test_a_depot_stands_still_for_a_day_and_a_half() -> None:
    there = [each.time for each in heard("delivery.scanned") if each.data["place"] == STOPPED_DEPOT]

    assert RESTARTS - STOPS == 36 * HOUR
    assert sum(STOPS - 36 * HOUR <= time < STOPS for time in there) >= 20
    assert not any(STOPS <= time < RESTARTS for time in there)


def test_the_clocks_go_forward_in_this_week() -> None:
    sunday = date(2026, 3, 29)

    assert at(sunday, 9 * 60, "Europe/Berlin") - at(sunday, 0, "Europe/Berlin") == 8 * HOUR
    assert any(each.data["promised_day"] == "2026-03-29" for each in heard("delivery.promised"))


def test_nobody_complains_in_their_sleep() -> None:
    three_in_the_night = parse_instant("2026-03-26T03:00:00+01:00")

    assert three_in_the_night + 4 * HOUR < awake(three_in_the_night, "Europe/Berlin") < three_in_the_night + 6 * HOUR
    assert awake(three_in_the_night, "Asia/Tokyo") == three_in_the_night


def test_what_really_happened_can_be_read_line_by_line() -> None:
    found = [json.decode(line) for line in the_week().outcomes.lines()]

    assert sum(line.get("complains") is not None for line in found) == len(complaints())
    assert all("trouble" in line or "why" in line for line in found)
