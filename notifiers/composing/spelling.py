"""Values in words of a customer's language and zone: days, times, lengths, money and numbers, by CLDR."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import DateTimePattern, format_time, match_skeleton, parse_pattern
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from msgspec import Struct

from contracts.times import DAY, HOUR, MINUTE, SECOND, to_datetime
from contracts.values import Day, Money

UNITS = {"day": DAY, "hour": HOUR, "minute": MINUTE, "second": SECOND}

_SHORT_WEEKDAY = re.compile(r"(?<!E)E{1,3}(?!E)")
_SHORT_MONTH = re.compile(r"(?<!M)MMM(?!M)")


class CannotSay(Exception):
    """A value that these words do not fit; the message is not made, and a person hears of it."""


class Spelling(Struct, frozen=True):
    """How one customer reads values. now: the time of the message, whose year goes without saying."""

    locale: Locale
    zone: ZoneInfo
    now: int

    def day(self, value: Any) -> str:
        """Spell a local day, or the day of an instant; one at exactly local midnight could mean either day and is refused."""
        year = to_datetime(self.now, self.zone).year
        if isinstance(value, Day):
            day = date.fromisoformat(value.day)
        else:
            local = self._local(value)
            if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0):
                raise CannotSay(f"{local.isoformat()} is midnight — as a day it could be either")
            day = local.date()
        return _day(day, day.year != year, self.locale)

    def clock(self, value: Any) -> str:
        local = self._local(value)
        return _clock(local.hour, local.minute, self.locale)

    def moment(self, value: Any) -> str:
        """Spell a day and its time."""
        local = self._local(value)
        with_year = local.year != to_datetime(self.now, self.zone).year
        return f"{_day(local.date(), with_year, self.locale)}, {_clock(local.hour, local.minute, self.locale)}"

    def duration(self, value: Any) -> str:
        """Spell a length of microseconds in its two greatest units."""
        return _duration(_whole(value), self.locale)

    def money(self, value: Any) -> str:
        if not isinstance(value, Money):
            raise CannotSay(f"{value!r} is not an amount of money")
        return _money(value.amount, value.currency, self.locale)

    def number(self, value: Any) -> str:
        return format_decimal(_number(value), locale=self.locale)

    def percent(self, value: Any) -> str:
        """Spell a share: 0.7 is 70 %."""
        return format_percent(_number(value), locale=self.locale)

    def _local(self, value: Any) -> datetime:
        return to_datetime(_whole(value), self.zone)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise CannotSay(f"{value!r} is not a time or a length")
    return value


def _number(value: Any) -> int | float | Decimal:
    if not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
        raise CannotSay(f"{value!r} is not a number")
    return value


@lru_cache(maxsize=16384)
def _day(day: date, with_year: bool, locale: Locale) -> str:
    return _pattern("yMMMMEEEEd" if with_year else "MMMMEEEEd", locale).apply(day, locale)


@lru_cache(maxsize=512)
def _pattern(skeleton: str, locale: Locale) -> DateTimePattern:
    """Return the pattern of the nearest skeleton that the language has, with its names written out, as CLDR widens patterns."""
    nearest = match_skeleton(skeleton, locale.datetime_skeletons)
    pattern = locale.datetime_skeletons[nearest].pattern if nearest else locale.date_formats["full"].pattern
    return parse_pattern(_SHORT_WEEKDAY.sub("EEEE", _SHORT_MONTH.sub("MMMM", pattern)))


@lru_cache(maxsize=4096)
def _clock(hour: int, minute: int, locale: Locale) -> str:
    return format_time(datetime(2000, 1, 1, hour, minute), "short", locale=locale)


@lru_cache(maxsize=4096)
def _duration(length: int, locale: Locale) -> str:
    rest, parts = abs(length), []
    for unit, size in UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(format_unit(count, f"duration-{unit}", length="long", locale=locale))
    nothing = format_unit(0, "duration-minute", length="long", locale=locale)
    return format_list(parts[:2] or [nothing], style="standard", locale=locale)


@lru_cache(maxsize=4096)
def _money(amount: Decimal, currency: str, locale: Locale) -> str:
    return format_currency(amount, currency, locale=locale)
