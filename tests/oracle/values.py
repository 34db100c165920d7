"""Texts of events.yaml and of tests become plain values: whole microseconds, days, numbers, booleans, text."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

UNITS = {"w": 604_800_000_000, "d": 86_400_000_000, "h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000}
DURATION = re.compile(r"(?:\d+[wdhms])+")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Day:
    """A local day of a zone; its deadline is the first instant of the next local day."""

    day: date
    zone: str

    def ends(self) -> int:
        """Return the deadline in microseconds since 1970; a midnight that the clocks skip is the moment they skip it."""
        following = self.day + timedelta(days=1)
        return micros(datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(self.zone)))


def duration(text: str) -> int:
    """Return the length of `1d12h` in microseconds; ValueError for anything else."""
    if not DURATION.fullmatch(text):
        raise ValueError(f"{text!r} is not a duration")
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([wdhms])", text))


def micros(moment: datetime) -> int:
    return (moment.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


def instant(text: str) -> int:
    """Return an RFC 3339 time with its zone in microseconds since 1970."""
    return micros(datetime.fromisoformat(text))


def local_day(moment: int, zone: str) -> date:
    return (EPOCH + timedelta(microseconds=moment)).astimezone(ZoneInfo(zone)).date()


def typed(kind: str, value: Any, zone: str) -> Any:
    """Return the value of a field of this catalogue type; what is no text any more, and is no date, stays as it is."""
    match kind:
        case "date":
            return Day(value if isinstance(value, date) else date.fromisoformat(value), zone)
        case _ if not isinstance(value, str):
            return value
        case "integer":
            return int(value)
        case "decimal":
            return float(value)
        case "bool":
            return value == "true"
        case "instant":
            return instant(value)
        case "duration":
            return duration(value)
        case _:
            return value
