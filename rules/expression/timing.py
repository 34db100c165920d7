"""Times of foreign JSON become instants, days and durations: the converters that know zones and units."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from contracts.times import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    WEEK,
    find_zone,
    first_instant,
    from_datetime,
    instant_text,
    parse_instant,
    to_datetime,
)
from rules.expression.arithmetic import FIRST_INSTANT, LAST_INSTANT
from rules.expression.foreign import Instant, Length, MappingError, refused, shown
from rules.expression.numbers import decimal, integer

UNITS = {"w": WEEK, "d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND, "ms": SECOND // 1000}
LONGEST = 100 * 365 * DAY
EPOCHS = {"s": SECOND, "ms": 1000, "us": 1}

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NAIVE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII)


def instant(value: Any, zone: Any = None) -> Instant:
    """Return the instant of an RFC 3339 text; one without a zone is local time of the zone."""
    if isinstance(value, Instant):
        return value
    if not isinstance(value, str):
        raise MappingError(f'{shown(value)} is not a time in text — for a number write epoch(x, "s")')
    return _within_reach(value, _instant(value.strip(), None if zone is None else _zone(zone)))


def epoch(value: Any, unit: Any) -> Instant:
    """Return the instant of a number of seconds, milliseconds or microseconds since 1970."""
    return _within_reach(value, _scaled(value, unit, EPOCHS))


def day(value: Any, zone: Any = None) -> str:
    """Return the ISO day of a day, or of an instant: the local one of the zone, without zone the one written."""
    if isinstance(value, Instant):
        value = instant_text(value)
    if not isinstance(value, str):
        raise refused(value, "a day")
    return _day(value.strip(), None if zone is None else _zone(zone))


def day_before_midnight(value: Any, zone: Any) -> str:
    """Return the local day that an exclusive midnight ends: 2016-10-21T00:00 means 2016-10-20."""
    if isinstance(value, Instant):
        value = instant_text(value)
    if not isinstance(value, str):
        raise refused(value, "a midnight")
    return _day_before_midnight(value.strip(), _zone(zone))


def length(value: Any, unit: Any) -> Length:
    """Return a number of units (w, d, h, m, s or ms) as a duration, rounded to whole seconds."""
    size = _scaled(value, unit, UNITS)
    if not 0 <= size <= LONGEST:
        raise refused(value, "a duration of 0s to 100 years")
    return Length(round(size / SECOND) * SECOND)


def _instant(value: str, zone: ZoneInfo | None) -> int:
    try:
        return parse_instant(value) if zone is None or not _NAIVE.fullmatch(value) else _local(value, zone)
    except (ValueError, OverflowError):
        if zone is None and _NAIVE.fullmatch(value):
            raise MappingError(f'{shown(value)} names no zone — write instant(x, "Europe/Berlin")') from None
        raise refused(value, "an instant") from None


@lru_cache(maxsize=16384)
def _local(value: str, zone: ZoneInfo) -> int:
    return from_datetime(datetime.fromisoformat(value).replace(tzinfo=zone))


@lru_cache(maxsize=16384)
def _day(value: str, zone: ZoneInfo | None) -> str:
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value).isoformat()
        if _NAIVE.fullmatch(value):
            return datetime.fromisoformat(value).date().isoformat()
        moment = parse_instant(value)
        return value[:10] if zone is None else to_datetime(moment, zone).date().isoformat()
    except (ValueError, OverflowError):
        raise refused(value, "a day") from None


@lru_cache(maxsize=16384)
def _day_before_midnight(value: str, zone: ZoneInfo) -> str:
    try:
        following, is_midnight = _midnight(value, zone)
        if is_midnight:
            return (following - timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        pass
    raise refused(value, f"a midnight in {zone.key}")


def _midnight(value: str, zone: ZoneInfo) -> tuple[date, bool]:
    """Return the day that begins at a time, and whether it does begin there."""
    if _NAIVE.fullmatch(value):
        local = datetime.fromisoformat(value)
        return local.date(), local.time() == datetime.min.time()
    moment = parse_instant(value)
    following = to_datetime(moment, zone).date()
    return following, first_instant(following, zone) == moment


def _zone(name: Any) -> ZoneInfo:
    zone = find_zone(name) if isinstance(name, str) else None
    if zone is None:
        raise refused(name, "a time zone such as Europe/Berlin")
    return zone


def _within_reach(value: Any, moment: int) -> Instant:
    if not FIRST_INSTANT <= moment <= LAST_INSTANT:
        raise refused(value, "an instant of the years 1 to 9999")
    return Instant(moment)


def _scaled(value: Any, unit: Any, units: Mapping[str, int]) -> int:
    """Return a number of units in whole microseconds."""
    if not isinstance(unit, str) or unit not in units:
        raise MappingError(f"{shown(unit)} is not a unit — write one of {', '.join(units)}")
    try:
        return integer(value) * units[unit]
    except MappingError:
        return round(Decimal(repr(decimal(value))) * units[unit])
