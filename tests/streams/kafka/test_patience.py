"""How long a topic may be silent: three times its longest gap at this hour of the week, as four weeks have shown it."""

from collections.abc import Callable, Iterable

import pytest

from contracts.times import DAY, HOUR, MINUTE, parse_instant
from streams.kafka.minutes import SPAN, Minutes
from streams.kafka.patience import By, Patience, days_known, learned, patience_of
from streams.settings import SourceSettings

MONDAY = parse_instant("2026-03-02T00:00:00Z") // MINUTE
"""A Monday, at midnight; four weeks and a minute are told of from there on."""


def four_weeks(comes: Callable[[int], bool], *, unwatched: Iterable[int] = (), until: int = SPAN) -> Minutes:
    """Return what is known when somebody looked in each minute but the unwatched. comes: by the minute since that Monday."""
    minutes, away = Minutes(), set(unwatched)
    for minute in range(until + 1):
        if minute not in away:
            minutes.look(MONDAY + minute)
        if comes(minute):
            minutes.hear(MONDAY + minute)
    return minutes


def by_day(minute: int) -> bool:
    """Every half hour from 8 to 20."""
    return minute % 30 == 0 and 8 * 60 <= minute % 1440 <= 20 * 60


def at(patience: Patience | None, day: int, clock: str) -> int:
    """Return what is in force then, in minutes. day: since that Monday."""
    assert patience is not None
    hours, minutes = clock.split(":")
    return patience.at((MONDAY + day * 1440 + int(hours) * 60 + int(minutes)) * MINUTE) // MINUTE


def test_by_day_it_is_three_times_the_longest_gap_of_the_day_and_by_night_of_the_night() -> None:
    patience = learned(four_weeks(by_day))

    assert [at(patience, 30, clock) for clock in ("10:00", "19:59", "20:30", "03:00", "07:59", "09:00")] == [
        90, 90, 2160, 2160, 2160, 90,
    ]  # fmt: skip


def test_the_one_long_gap_of_four_weeks_counts_in_the_hours_of_the_week_that_it_touches_and_no_others() -> None:
    lunch = range(8 * 1440 + 12 * 60 + 1, 8 * 1440 + 14 * 60)

    patience = learned(four_weeks(lambda minute: minute % 5 == 0 and minute not in lunch))

    assert at(patience, 15, "12:30") == at(patience, 15, "13:30") == 360
    assert at(patience, 15, "11:30") == at(patience, 14, "12:30") == 15


def test_a_busy_topic_may_be_silent_for_ten_minutes() -> None:
    assert at(learned(four_weeks(lambda minute: True)), 30, "10:00") == 10


def test_until_four_weeks_are_known_nothing_is() -> None:
    assert learned(Minutes()) is None
    assert learned(four_weeks(by_day, until=SPAN - 1)) is None
    assert learned(four_weeks(by_day)) is not None


def test_a_gap_in_which_nobody_looked_is_none() -> None:
    away = range(9 * 1440 + 9 * 60 + 1, 9 * 1440 + 15 * 60)

    patience = learned(four_weeks(lambda minute: by_day(minute) and minute not in away, unwatched=away))

    assert at(patience, 30, "11:00") == 90


def test_a_gap_in_which_somebody_looked_for_a_part_of_it_is_as_long_as_that_part() -> None:
    away = range(9 * 1440 + 12 * 60, 9 * 1440 + 15 * 60)
    silent = range(9 * 1440 + 11 * 60 + 1, 9 * 1440 + 15 * 60)

    patience = learned(four_weeks(lambda minute: by_day(minute) and minute not in silent, unwatched=away))

    assert at(patience, 30, "11:30") == 3 * 60


def test_an_hour_of_the_week_at_which_nobody_looked_in_three_of_the_four_weeks_is_not_known() -> None:
    hour = [week * 10_080 + 600 + minute for week in range(3) for minute in range(60)]

    assert learned(four_weeks(lambda minute: minute % 60 == 30 and minute not in hour, unwatched=hour)) is None
    assert learned(four_weeks(lambda minute: minute % 60 == 30 and minute not in hour[60:], unwatched=hour[60:])) is not None


def test_a_silence_that_has_not_ended_teaches_nothing() -> None:
    """Else a sender that is away for long would be waited for ever longer."""
    ended = 21 * 1440 + 10 * 60

    patience = learned(four_weeks(lambda minute: by_day(minute) and minute <= ended))

    assert at(patience, 31, "15:00") == 90


def test_a_topic_by_which_hardly_anything_comes_may_be_silent_for_long() -> None:
    """The gap before the first record of the four weeks is known to be that long at least."""
    patience = learned(four_weeks(lambda minute: minute == 20 * 1440))

    assert at(patience, 35, "10:00") == 3 * (20 * 1440 - 1)


@pytest.mark.parametrize(("days", "shown"), [(1, 1), (12, 12), (28, 28), (60, 28)])
def test_of_how_many_days_something_is_known(days: int, shown: int) -> None:
    minutes = Minutes()
    for hour in range(24 * days):
        minutes.look(MONDAY + 60 * hour)

    assert days_known(minutes) == shown


def test_what_is_set_comes_before_what_was_learned() -> None:
    minutes = four_weeks(by_day)

    assert patience_of(SourceSettings(quiet_after=2 * DAY), minutes) == Patience((2 * DAY,) * 168, By.SET)
    assert patience_of(SourceSettings(), minutes) == learned(minutes)
    assert patience_of(SourceSettings(), Minutes()) is None


def test_a_silence_that_is_too_long_for_its_hour_does_not_end_with_an_hour_that_bears_more() -> None:
    """Silent from three in the afternoon, it is quiet at half past four, and is so at night, when it may be silent for long."""
    patience = learned(four_weeks(by_day))
    assert patience is not None

    for heard, ends in (("15:00", "16:30"), ("20:00", "09:00"), ("19:10", "09:00")):
        day = 30 if ends > heard else 31
        assert patience.ends(moment(30, heard)) == moment(day, ends)


def test_the_end_of_patience_is_never_before_what_the_hour_in_force_allows() -> None:
    patience = learned(four_weeks(by_day))
    assert patience is not None

    for minute in range(0, 10_080, 7):
        heard = (MONDAY + 30 * 1440 + minute) * MINUTE
        ends = patience.ends(heard)
        assert ends - heard >= patience.at(ends)
        assert all(hour * HOUR - heard <= patience.at(hour * HOUR - 1) for hour in range(heard // HOUR + 1, ends // HOUR + 1))


def moment(day: int, clock: str) -> int:
    hours, minutes = clock.split(":")
    return (MONDAY + day * 1440 + int(hours) * 60 + int(minutes)) * MINUTE
