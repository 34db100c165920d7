"""When a customer hears again: the lines of S20 as a table."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from contracts.times import DAY, HOUR, MINUTE
from notifiers.promises import deadline, keep_at, person_at
from tests.notifiers.builders import BERLIN, a_customer, at


@pytest.mark.parametrize(
    ("sent", "length", "due", "kept"),
    [
        ("2026-03-03T08:00", 30 * HOUR, "2026-03-04T14:00", "2026-03-04T11:00"),
        ("2026-03-03T08:10", 30 * HOUR, "2026-03-04T14:00", "2026-03-04T11:00"),
        ("2026-03-02T10:00", 12 * HOUR, "2026-03-02T20:00", "2026-03-02T18:48"),
        ("2026-03-02T17:00", 12 * HOUR, "2026-03-03T08:00", "2026-03-03T08:00"),
        ("2026-03-02T10:00", 24 * HOUR, "2026-03-03T10:00", "2026-03-03T08:00"),
        ("2026-03-02T08:00", 24 * HOUR, "2026-03-03T08:00", "2026-03-03T08:00"),
        ("2026-03-02T10:00", 3 * HOUR, "2026-03-02T13:00", "2026-03-02T12:30"),
        ("2026-03-02T20:30", 20 * MINUTE, "2026-03-03T08:00", "2026-03-03T08:00"),
        ("2026-03-02T10:10", 30 * MINUTE, "2026-03-02T11:00", "2026-03-02T10:30"),
    ],
    ids=[
        "a day and a half",
        "rounded down to the full hour",
        "back to the evening",
        "less than half would be left, so the morning",
        "kept from the end of the night",
        "due at the end of the night",
        "at least half an hour before",
        "short and into the night",
        "shorter than what rounding takes",
    ],
)
def test_a_length_becomes_a_deadline_and_a_time_to_keep_it(sent: str, length: int, due: str, kept: str) -> None:
    customer = a_customer()

    assert deadline(at(sent), length, customer) == at(due)
    assert keep_at(at(due), length, customer) == at(kept)


def test_a_person_has_no_quiet_hours() -> None:
    assert person_at(at("2026-03-05T08:00"), DAY) == at("2026-03-05T05:36")


def test_a_deadline_is_a_full_hour_of_the_customers_own_clock() -> None:
    kolkata = a_customer(zone=ZoneInfo("Asia/Kolkata"))

    assert deadline(at("2026-03-03T10:20", kolkata.zone), 5 * HOUR, kolkata) == at("2026-03-03T15:00", kolkata.zone)


def test_a_promise_over_the_night_in_which_clocks_are_moved_counts_real_hours() -> None:
    berlin = a_customer(zone=BERLIN)

    assert deadline(at("2026-03-28T12:00", BERLIN), DAY, berlin) == at("2026-03-29T13:00", BERLIN)


def test_quiet_hours_that_begin_on_the_half_hour_leave_their_full_hour() -> None:
    early = a_customer(quiet_from=time(21, 30), quiet_until=time(7, 30))

    assert deadline(at("2026-03-02T11:00"), 11 * HOUR, early) == at("2026-03-02T21:00")
    assert deadline(at("2026-03-02T20:00"), 6 * HOUR, early) == at("2026-03-03T08:00")
