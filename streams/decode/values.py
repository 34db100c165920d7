"""One field's plain JSON value in, its value as the rules know it out; ValueError says what is wrong with it."""

import re
from collections.abc import Callable
from functools import lru_cache
from math import isfinite
from typing import Annotated, Any, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from contracts.times import DAY, parse_length
from contracts.values import Day, FieldType, Money, day_in, money_of
from streams.decode.instants import instant_of
from streams.decode.limits import LONGEST_ID

LONGEST = 1000 * 366 * DAY

_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)


class Amount(Struct, frozen=True):
    """Money as it stands in JSON; the amount is a text, so that no digit is lost."""

    amount: str
    currency: str


Identifier: TypeAlias = Annotated[str, Meta(min_length=1, max_length=LONGEST_ID)]

PLAIN: dict[FieldType, Any] = {
    FieldType.TEXT: str,
    FieldType.INTEGER: Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)],
    FieldType.DECIMAL: float,
    FieldType.BOOL: bool,
    FieldType.DATE: str,
    FieldType.INSTANT: str,
    FieldType.DURATION: str,
    FieldType.MONEY: Amount,
}


@lru_cache(maxsize=16384)
def day_of(text: str, zone: ZoneInfo) -> Day:
    """Return the local day of a text such as 2026-03-05, of the years 2 to 9998."""
    if not "0002" <= text[:4] <= "9998":
        raise ValueError(f"'{text}' is not a day such as 2026-03-05, of the years 2 to 9998")
    return day_in(text, zone)


@lru_cache(maxsize=4096)
def length_of(text: str) -> int:
    """Return the microseconds of a length such as 36h, of at most a thousand years."""
    length = parse_length(text)
    if length > LONGEST:
        raise ValueError(f"'{text}' is longer than a thousand years")
    return length


def money_in(plain: Amount) -> Money:
    if _AMOUNT.fullmatch(plain.amount) is None:
        raise ValueError(f"'{plain.amount}' is not an amount such as 12.50")
    return money_of(plain.amount, plain.currency)


def check_decimal(number: float) -> None:
    """Raises ValueError for what is no number: JSON cannot hold it, but a mapping may compute it."""
    if not isfinite(number):
        raise ValueError(f"{number} is not a number")


READERS: dict[FieldType, Callable[[Any, ZoneInfo], Any]] = {
    FieldType.DATE: day_of,
    FieldType.INSTANT: lambda text, _: instant_of(text),
    FieldType.DURATION: lambda text, _: length_of(text),
    FieldType.MONEY: lambda plain, _: money_in(plain),
}
