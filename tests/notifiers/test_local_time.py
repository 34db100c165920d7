"""The customer's clock, in ordinary nights and in those in which it is moved."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from contracts.times import MINUTE
from notifiers.local_time import first_instant_of, full_hour, last_instant_of, next_full_hour, next_instant_of, quiet_end
from tests.notifiers.builders import BERLIN, UTC_ZONE, a_customer, at

KOLKATA = ZoneInfo("Asia/Kolkata")


def test_a_local_time_that_is_skipped_is_the_instant_of_the_jump() -> None:
    assert first_instant_of(date(2026, 3, 29), time(2, 30), BERLIN) == at("2026-03-29T01:00")


def test_a_local_time_that_comes_twice_is_the_first() -> None:
    assert first_instant_of(date(2026, 10, 25), time(2, 30), BERLIN) == at("2026-10-25T00:30")


def test_a_midnight_that_does_not_exist_is_the_first_instant_of_its_day() -> None:
    assert first_instant_of(date(2026, 4, 24), time(0), ZoneInfo("Africa/Cairo")) == at("2026-04-23T22:00")


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-03-04T20:59", None),
        ("2026-03-04T21:00", "2026-03-05T08:00"),
        ("2026-03-05T07:59", "2026-03-05T08:00"),
        ("2026-03-05T08:00", None),
    ],
)
def test_quiet_hours_begin_at_their_first_instant_and_end_before_their_last(now: str, end: str | None) -> None:
    assert quiet_end(at(now), a_customer()) == (at(end) if end else None)


def test_quiet_hours_end_by_the_customers_clock_after_the_night_in_which_it_moved() -> None:
    berlin = a_customer(zone=BERLIN)

    assert quiet_end(at("2026-03-28T22:00"), berlin) == at("2026-03-29T06:00")
    assert quiet_end(at("2026-10-24T22:00"), berlin) == at("2026-10-25T07:00")


def test_quiet_hours_that_end_in_the_skipped_hour_end_at_the_jump() -> None:
    berlin = a_customer(zone=BERLIN, quiet_until=time(2, 30))

    assert quiet_end(at("2026-03-29T00:59"), berlin) == at("2026-03-29T01:00")
    assert quiet_end(at("2026-03-29T01:00"), berlin) is None


def test_quiet_hours_that_end_in_the_repeated_hour_end_once() -> None:
    berlin = a_customer(zone=BERLIN, quiet_until=time(2, 30))

    assert quiet_end(at("2026-10-25T00:29"), berlin) == at("2026-10-25T00:30")
    assert quiet_end(at("2026-10-25T01:15"), berlin) is None


def test_quiet_hours_need_not_wrap_midnight() -> None:
    napper = a_customer(quiet_from=time(13), quiet_until=time(15))

    assert quiet_end(at("2026-03-04T14:00"), napper) == at("2026-03-04T15:00")
    assert quiet_end(at("2026-03-04T23:00"), napper) is None


def test_the_next_nine_includes_now_and_so_does_the_last() -> None:
    nine = at("2026-03-04T09:00")

    assert next_instant_of(time(9), UTC_ZONE, now=nine) == nine
    assert next_instant_of(time(9), UTC_ZONE, now=nine + 1) == at("2026-03-05T09:00")
    assert last_instant_of(time(9), UTC_ZONE, now=nine) == nine
    assert last_instant_of(time(9), UTC_ZONE, now=nine - 1) == at("2026-03-03T09:00")


def test_full_hours_are_those_of_the_customers_clock() -> None:
    now = at("2026-03-04T12:10", KOLKATA)

    assert full_hour(now, KOLKATA) == now - 10 * MINUTE
    assert next_full_hour(now, KOLKATA) == now + 50 * MINUTE
    assert next_full_hour(now - 10 * MINUTE, KOLKATA) == now - 10 * MINUTE
