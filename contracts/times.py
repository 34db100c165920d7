"""Instants and lengths: whole microseconds as int, since 1970 in UTC for instants; text only at the edges."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

UNITS = {"w": WEEK, "d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WHOLE_SECONDS = (len("2026-03-02T10:00:00Z"), len("2026-03-02T10:00:00+01:00"))
WITH_DECIMALS = range(len("2026-03-02T10:00:00.0Z"), len("2026-03-02T10:00:00.000000Z") + 1)

_LENGTH = re.compile(r"(?:(\d{1,9})w)?(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,6}(\d?)\d*)?)?(?:[Zz]|[+-]\d\d:?\d\d)", re.ASCII)


def later(known: int | None, time: int) -> int:
    """Return the later of two times, of which the first may not be known yet."""
    return time if known is None or time > known else known


def parse_length(text: str) -> int:
    """Return the microseconds of a length such as 36h or 1d12h: whole numbers, units w d h m s, descending.

    Raises ValueError for anything else, the empty text included.
    """
    found = _LENGTH.fullmatch(text)
    if not text or found is None:
        raise ValueError(f"'{text}' is not a duration")
    return sum(int(count) * size for count, size in zip(found.groups(), UNITS.values(), strict=True) if count)


def length_text(length: int) -> str:
    """Return a length as parse_length reads it; parts below a second are cut, a negative length has a leading minus."""
    rest, parts = abs(length), []
    for unit, size in UNITS.items():
        count, rest = divmod(rest, size)
        if count and not (unit == "w" and rest):
            parts.append(f"{count}{unit}")
        elif count:
            rest += count * size
    return ("-" if length < 0 else "") + ("".join(parts) or "0s")


def parse_instant(text: str) -> int:
    """Return the instant of an RFC 3339 text, which must name its zone. Raises ValueError.

    The seventh decimal rounds, and an offset may lack its colon: as msgspec reads it (streams/decode/instants.py).
    A text in whole seconds is the beginning of its hour, and how far behind that it is: both come again and again.
    """
    try:
        if len(text) in WHOLE_SECONDS and text[19] != ".":
            return _begin_of_hour(text[:13]) + _since_hour(text[13:])
        if (
            len(text) in WITH_DECIMALS
            and text[7] == "-"
            and text[10] == "T"
            and text[16] == ":"
            and text[19] == "."
            and text[-1] == "Z"
        ):
            return from_datetime(datetime.fromisoformat(text))
    except ValueError:
        pass  # the text as a whole says what is wrong
    return _instant(text)


@lru_cache(maxsize=4096)
def _begin_of_hour(text: str) -> int:
    return _instant(f"{text}:00:00Z")


@lru_cache(maxsize=8192)
def _since_hour(text: str) -> int:
    return _instant(f"1970-01-01T00{text}")


def _instant(text: str) -> int:
    if (found := _INSTANT.fullmatch(text)) is None:
        raise ValueError(f"'{text}' is not an instant with a zone")
    return from_datetime(datetime.fromisoformat(text.upper())) + ((found[1] or "0") >= "5")


def instant_text(instant: int) -> str:
    """Return an instant in RFC 3339, in UTC, with as many decimals as it needs."""
    hour, rest = divmod(instant, HOUR)
    return _text(instant) if rest % SECOND else _text_of_hour(hour) + _text_since_hour(rest)


@lru_cache(maxsize=4096)
def _text_of_hour(hour: int) -> str:
    return _text(hour * HOUR).removesuffix(":00:00Z")


@lru_cache(maxsize=4096)
def _text_since_hour(rest: int) -> str:
    return _text(rest).removeprefix("1970-01-01T00")


def _text(instant: int) -> str:
    return to_datetime(instant).isoformat().replace("+00:00", "Z")


def from_datetime(moment: datetime) -> int:
    """Return the instant of an aware datetime."""
    span = moment - EPOCH
    return (span.days * 86_400 + span.seconds) * SECOND + span.microseconds


def to_datetime(instant: int, zone: ZoneInfo | None = None) -> datetime:
    """Return the instant as an aware datetime, in UTC or in the zone."""
    moment = EPOCH + timedelta(microseconds=instant)
    return moment.astimezone(zone) if zone else moment


@lru_cache(maxsize=1024)
def find_zone(name: str) -> ZoneInfo | None:
    """Return the IANA zone of this name, or None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=65536)
def end_of_day(day: date, zone: ZoneInfo) -> int:
    """Return the first instant of the next local day, which still counts as in time."""
    return first_instant(day + timedelta(days=1), zone)


def first_instant(day: date, zone: ZoneInfo) -> int:
    """Return the first instant of a local day; where the clocks skip midnight it is the moment at which they skip."""
    return from_datetime(datetime(day.year, day.month, day.day, tzinfo=zone))
