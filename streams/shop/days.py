"""The week of the story, in which the clocks of Europe go forward, and the hours of a local day."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from contracts.times import DAY, MINUTE, from_datetime, parse_instant, to_datetime

STARTS = parse_instant("2026-03-25T05:00:00Z")
ENDS = STARTS + 7 * DAY


def day_of(instant: int, zone: str) -> date:
    return to_datetime(instant, ZoneInfo(zone)).date()


def at(day: date, minutes: int, zone: str) -> int:
    """Return the instant at which a clock on the wall of this zone shows so many minutes after midnight."""
    hour, minute = divmod(minutes, 60)
    return from_datetime(datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo(zone)))


def awake(instant: int, zone: str) -> int:
    """Return the instant, or the next time at which people of this zone are up: from half past seven until eleven at night."""
    local = to_datetime(instant, ZoneInfo(zone))
    minutes = local.hour * 60 + local.minute
    if minutes < 450:
        return at(local.date(), 450 + minutes % 60, zone)
    return instant if minutes < 1380 else instant + 9 * 60 * MINUTE
