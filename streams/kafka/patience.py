"""How long a topic may be silent before it counts as quiet: as it is set, or three times its longest gap of the last four weeks.

A gap lies between two minutes in which something came, and is as long as somebody looked in it. It belongs to every hour of the
week (in UTC) that it touches. A silence that has not ended is no gap yet.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from contracts.times import DAY, HOUR, MINUTE
from streams.kafka.minutes import SPAN, Minutes
from streams.settings import SourceSettings

WEEK = 7 * 24
ENOUGH_WEEKS = 2
MONDAY = 3 * 24
SHORTEST = 10
TIMES = 3
HOUR_MINUTES = 60


class By(StrEnum):
    SET = "set"
    LEARNED = "learned"


class Patience(NamedTuple):
    """after: microseconds of silence, for each hour of the week from Monday 00:00 UTC on."""

    after: Sequence[int]
    by: By

    def at(self, moment: int) -> int:
        """Return how long is in force in the hour of a moment."""
        return self.after[_of_week(moment // HOUR)]

    def ends(self, heard: int) -> int:
        """Return from when on it is quiet, if nothing has come since `heard`. An hour that bears more does not end it again."""
        hour = heard // HOUR
        while (moment := max(heard + self.after[_of_week(hour)], hour * HOUR)) >= (hour + 1) * HOUR:
            hour += 1
        return moment


def patience_of(own: SourceSettings, minutes: Minutes) -> Patience | None:
    """Return how long a topic may be silent: as it is set, else as it was learned; None while that is not known."""
    return learned(minutes) if own.quiet_after is None else Patience((own.quiet_after,) * WEEK, By.SET)


def learned(minutes: Minutes) -> Patience | None:
    """Return what four weeks teach, None until they are known: each hour of the week in two of them at least."""
    if not _is_known(minutes):
        return None
    longest = [0] * WEEK
    for begin, end, length in _gaps(minutes):
        for hour in range(begin // HOUR_MINUTES, (end + SHORTEST) // HOUR_MINUTES + 1):
            longest[_of_week(hour)] = max(longest[_of_week(hour)], length)
    return Patience(tuple(max(SHORTEST, TIMES * length) * MINUTE for length in longest), By.LEARNED)


def _is_known(minutes: Minutes) -> bool:
    weeks = Counter(hour % WEEK for hour in _known_hours(minutes))
    is_old_enough = minutes.since is not None and minutes.newest - minutes.since >= SPAN
    return is_old_enough and all(weeks[hour] >= ENOUGH_WEEKS for hour in range(WEEK))


def days_known(minutes: Minutes) -> int:
    """Return of how many of the last 28 days anything is known."""
    return len(_known_hours(minutes)) * HOUR // DAY


def _known_hours(minutes: Minutes) -> set[int]:
    """Return the hours since 1970 in which something came or somebody looked."""
    known = _oldest_first(minutes.heard | minutes.looked)
    first = minutes.newest - SPAN + 1
    return {(first + found.start()) // HOUR_MINUTES for found in re.finditer("1", known)}


def _gaps(minutes: Minutes) -> Iterator[tuple[int, int, int]]:
    """Yield in which minutes gaps begin and end, and in how many somebody looked. The first began before the four weeks."""
    looked, first = _oldest_first(minutes.looked), minutes.newest - SPAN + 1
    begin = 0
    for found in re.finditer("1", _oldest_first(minutes.heard)):
        yield first + begin, first + found.start(), looked.count("1", begin, found.start())
        begin = found.start()


def _oldest_first(bits: int) -> str:
    return format(bits, f"0{SPAN}b")


def _of_week(hour: int) -> int:
    """Return which hour of the week an hour since 1970 is; that began on a Thursday."""
    return (hour + MONDAY) % WEEK
