"""A time as events write it in, its microseconds since 1970 out."""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Meta

from contracts.times import DAY, EPOCH, SECOND, parse_instant

EARLIEST = parse_instant("0002-01-01T00:00:00Z")
LATEST = parse_instant("9999-01-01T00:00:00Z")
FIRST_DAY, END_DAY = EARLIEST // DAY, LATEST // DAY

Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]
"""What msgspec makes of most of the texts that `instant_of` reads, and of no others: the same time."""


def instant_of(text: str) -> int:
    """Return the microseconds since 1970 of an RFC 3339 text with a zone, of the years 2 to 9998. Raises ValueError."""
    instant = parse_instant(text)
    if not EARLIEST <= instant < LATEST:
        raise ValueError(f"'{text}' is not in the years 2 to 9998")
    return instant


def instant_at(moment: datetime) -> int:
    """Return the same for what msgspec made of a text. It is asked of every event, so it is done in one."""
    span = moment - EPOCH
    if FIRST_DAY <= (day := span.days) < END_DAY:
        return (day * 86_400 + span.seconds) * SECOND + span.microseconds
    raise ValueError(f"'{moment}' is not in the years 2 to 9998")
