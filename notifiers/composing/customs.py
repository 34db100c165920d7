"""How one language, in one country, writes days, times, lengths, money and numbers, by CLDR; what was written once is kept."""

import re
from datetime import date, time
from functools import lru_cache, partial

from babel import Locale, UnknownLocaleError
from babel.dates import DateTimePattern, format_skeleton, format_time, match_skeleton, parse_pattern
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

from contracts.times import DAY, HOUR, MINUTE, SECOND
from notifiers.composing.languages import base

UNITS = {"day": DAY, "hour": HOUR, "minute": MINUTE, "second": SECOND}
COUNTRY = {"en": "en_GB"}
FALLBACK = "en_GB"
MINUTES_OF_A_DAY = 24 * 60

_SHORT_WEEKDAY = re.compile(r"(?<!E)E{1,3}(?!E)")
_SHORT_MONTH = re.compile(r"(?<!M)MMM(?!M)")


class Customs:
    """day: of a date, and whether with its year; short_day: of a date, such as Thu 5 Mar; clock: of hour and minute;
    duration: of microseconds, in its two greatest units; money: of an amount and its currency; number, percent: 0.7 is 70 %.
    """

    __slots__ = ("clock", "day", "duration", "money", "number", "percent", "short_day")

    def __init__(self, locale: Locale) -> None:
        self.day = lru_cache(maxsize=4096)(partial(_day, locale))
        self.short_day = lru_cache(maxsize=1024)(partial(format_skeleton, "MMMEd", locale=locale))
        self.clock = lru_cache(maxsize=MINUTES_OF_A_DAY)(partial(_clock, locale))
        self.duration = lru_cache(maxsize=1024)(partial(_duration, locale))
        self.money = lru_cache(maxsize=1024)(partial(format_currency, locale=locale))
        self.number = partial(format_decimal, locale=locale)
        self.percent = partial(format_percent, locale=locale)


@lru_cache(maxsize=512)
def customs(language: str, spoken: str) -> Customs:
    """Return the customs of the customer's own language where the message speaks it, else those of the language spoken."""
    wished = language if base(language) == base(spoken) else spoken
    name = COUNTRY.get(wished, wished).replace("-", "_")
    return next(found for each in (name, base(spoken), FALLBACK) if (found := _customs(each)) is not None)


@lru_cache(maxsize=512)
def _customs(name: str) -> Customs | None:
    try:
        return Customs(Locale.parse(name))
    except (UnknownLocaleError, ValueError):
        return None


@lru_cache(maxsize=256)
def direction(language: str) -> str:
    """Return `ltr` or `rtl`, as HTML wants it."""
    try:
        return Locale.parse(base(language)).text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"


def _day(locale: Locale, day: date, with_year: bool) -> str:
    return _pattern("yMMMMEEEEd" if with_year else "MMMMEEEEd", locale).apply(day, locale)


@lru_cache(maxsize=512)
def _pattern(skeleton: str, locale: Locale) -> DateTimePattern:
    """Return the pattern of the nearest skeleton that the language has, with its names written out, as CLDR widens patterns."""
    nearest = match_skeleton(skeleton, locale.datetime_skeletons)
    pattern = locale.datetime_skeletons[nearest].pattern if nearest else locale.date_formats["full"].pattern
    return parse_pattern(_SHORT_WEEKDAY.sub("EEEE", _SHORT_MONTH.sub("MMMM", pattern)))


def _clock(locale: Locale, hour: int, minute: int) -> str:
    return format_time(time(hour, minute), "short", locale=locale)


def _duration(locale: Locale, length: int) -> str:
    rest, parts = abs(length), []
    for unit, size in UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(format_unit(count, f"duration-{unit}", length="long", locale=locale))
    nothing = format_unit(0, "duration-minute", length="long", locale=locale)
    return format_list(parts[:2] or [nothing], style="standard", locale=locale)
