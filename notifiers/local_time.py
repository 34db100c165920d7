"""The customer's own clock: where a local time lies, also in the nights in which clocks are moved, and when quiet hours end."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from contracts.customer import Customer
from contracts.times import HOUR, SECOND, from_datetime, to_datetime

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=65536)
def first_instant_of(day: date, clock: time, zone: ZoneInfo) -> int:
    """Return the first instant of a local time: the earlier one where it comes twice, the jump where it is skipped."""
    local = datetime.combine(day, clock, tzinfo=zone)
    earlier, later = from_datetime(local), from_datetime(local.replace(fold=1))
    return _jump(later, earlier, zone) if later < earlier else earlier


def _jump(before: int, after: int, zone: ZoneInfo) -> int:
    """Return the instant, between these two, at which the zone's offset changes; zones change at whole seconds."""
    offset = to_datetime(after, zone).utcoffset()
    while after - before > SECOND:
        middle = (before + after) // 2 // SECOND * SECOND
        if to_datetime(middle, zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def next_instant_of(clock: time, zone: ZoneInfo, *, now: int) -> int:
    """Return the next instant, `now` included, at which a local day reaches this time."""
    return next(instant for instant in _around(clock, zone, now) if instant >= now)


def last_instant_of(clock: time, zone: ZoneInfo, *, now: int) -> int:
    """Return the newest instant, `now` included, at which a local day reached this time."""
    return max(instant for instant in _around(clock, zone, now) if instant <= now)


def _around(clock: time, zone: ZoneInfo, now: int) -> Iterator[int]:
    today = to_datetime(now, zone).date()
    return (first_instant_of(today + days * ONE_DAY, clock, zone) for days in (-2, -1, 0, 1, 2))


def quiet_end(now: int, customer: Customer) -> int | None:
    """Return when the quiet hours end in which `now` lies, None outside of them; equal ends mean that there are none."""
    return _quiet_end(now, customer.quiet_from, customer.quiet_until, customer.zone)


@lru_cache(maxsize=1024)
def _quiet_end(now: int, starts: time, ends: time, zone: ZoneInfo) -> int | None:
    """Many customers are asked about at one time, and most keep the same hours."""
    if starts == ends:
        return None
    today = to_datetime(now, zone).date()
    for first in (today - ONE_DAY, today):
        last = first + ONE_DAY if ends < starts else first
        if first_instant_of(first, starts, zone) <= now < (end := first_instant_of(last, ends, zone)):
            return end
    return None


def full_hour(now: int, zone: ZoneInfo) -> int:
    """Return the newest full hour of the customer's clock, `now` included."""
    local = to_datetime(now, zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return now - past // timedelta(microseconds=1)


def next_full_hour(now: int, zone: ZoneInfo) -> int:
    """Return the next full hour of the customer's clock, `now` included."""
    hour = full_hour(now, zone)
    return hour if hour == now else full_hour(hour + HOUR, zone)
