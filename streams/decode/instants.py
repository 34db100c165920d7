"""A time as events write it in, its microseconds since 1970 out."""

from contracts.times import parse_instant

EARLIEST = parse_instant("0002-01-01T00:00:00Z")
LATEST = parse_instant("9999-01-01T00:00:00Z")


def instant_of(text: str) -> int:
    """Return the microseconds since 1970 of an RFC 3339 text with a zone, of the years 2 to 9998. Raises ValueError."""
    instant = parse_instant(text)
    if not EARLIEST <= instant < LATEST:
        raise ValueError(f"'{text}' is not in the years 2 to 9998")
    return instant
