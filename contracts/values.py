"""The eight types that a field of an event can have, and how their values travel as plain JSON and msgpack."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from contracts.times import end_of_day, instant_text, length_text, parse_instant, parse_length


class FieldType(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOL = "bool"
    DATE = "date"
    INSTANT = "instant"
    DURATION = "duration"
    MONEY = "money"


class Day(NamedTuple):
    """A local day; as a deadline it is `ends`, the first instant of the next local day."""

    day: str
    zone: str
    ends: int


class Money(NamedTuple):
    amount: Decimal
    currency: str


Value: TypeAlias = str | int | float | bool | Day | Money


def day_in(text: str, zone: ZoneInfo) -> Day:
    """Return the day of an ISO text (2026-03-05) in a zone. Raises ValueError."""
    day = date.fromisoformat(text)
    if len(text) != 10:
        raise ValueError(f"'{text}' is not a day such as 2026-03-05")
    return Day(text, zone.key, end_of_day(day, zone))


def money_of(amount: str, currency: str) -> Money:
    """Return an amount of a currency (three capital letters). Raises ValueError."""
    try:
        number = Decimal(amount)
    except InvalidOperation:
        raise ValueError(f"'{amount}' is not an amount") from None
    if not number.is_finite() or len(currency) != 3 or not (currency.isascii() and currency.isalpha() and currency.isupper()):
        raise ValueError(f"'{amount} {currency}' is not an amount of money such as 12.50 EUR")
    return Money(number, currency)


def to_plain(value: Value | None) -> Any:
    """Return the value as msgpack and JSON can carry it; from_plain brings it back, given its type."""
    if isinstance(value, Money):
        return [str(value.amount), value.currency]
    return list(value) if isinstance(value, Day) else value


def from_plain(kind: FieldType, plain: Any) -> Any:
    """Bring back what to_plain made of a value of this type; None stays None."""
    if plain is None:
        return None
    match kind:
        case FieldType.DATE:
            return Day(*plain)
        case FieldType.MONEY:
            return Money(Decimal(plain[0]), plain[1])
        case _:
            return plain


def spell(kind: FieldType, value: Any) -> str | int | float | bool | dict[str, str] | None:
    """Return the value as it stands in the data of a CloudEvent."""
    if value is None:
        return None
    return SPELLINGS.get(kind, lambda same: same)(value)  # type: ignore[no-any-return]


SPELLINGS: dict[FieldType, Callable[[Any], Any]] = {
    FieldType.DATE: lambda day: day.day,
    FieldType.INSTANT: instant_text,
    FieldType.DURATION: length_text,
    FieldType.MONEY: lambda money: {"amount": str(money.amount), "currency": money.currency},
}


def read_value(kind: FieldType, text: str, zone: ZoneInfo) -> Value:
    """Return the value that a text of a YAML file or of a command line names. Raises ValueError."""
    match kind:
        case FieldType.TEXT:
            return text
        case FieldType.INTEGER:
            return int(text)
        case FieldType.DECIMAL:
            return float(text)
        case FieldType.BOOL:
            return {"true": True, "false": False}[text] if text in ("true", "false") else _refuse(text)
        case FieldType.DATE:
            return day_in(text, zone)
        case FieldType.INSTANT:
            return parse_instant(text)
        case FieldType.DURATION:
            return parse_length(text)
        case FieldType.MONEY:
            amount, _, currency = text.partition(" ")
            return money_of(amount, currency)


def _refuse(text: str) -> bool:
    raise ValueError(f"'{text}' is neither true nor false")
