"""What mappings can do with a value of foreign JSON, converter by converter; what one cannot take is a MappingError."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.times import instant_text
from contracts.values import Money, money_of
from rules.expression.foreign import Instant, MappingError, refused
from rules.expression.numbers import decimal, integer
from rules.expression.timing import day, day_before_midnight, epoch, instant, length

BOOLS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


def text(value: Any) -> str:
    """Return a text, a number, true, false or an instant as text."""
    match value:
        case str():
            return value
        case bool():
            return str(value).lower()
        case Instant():
            return instant_text(value)
        case int() | float():
            return str(value)
        case _:
            raise refused(value, "a text")


def yes_or_no(value: Any) -> bool:
    """Return true or false, also from true, false, yes, no, 1 and 0 in any case."""
    if isinstance(value, bool):
        return value
    spelled = str(value).strip().lower() if type(value) in (int, str) else ""
    if spelled not in BOOLS:
        raise refused(value, "true or false")
    return BOOLS[spelled]


def money(value: Any, currency: Any) -> Money:
    """Return an amount of a currency."""
    try:
        return money_of(value.strip() if isinstance(value, str) else _digits(value), str(currency))
    except ValueError as error:
        raise MappingError(str(error)) from None


def lower(value: Any) -> str:
    return _text(value).lower()


def upper(value: Any) -> str:
    return _text(value).upper()


def trim(value: Any) -> str:
    return _text(value).strip()


def split(value: Any, separator: Any, position: Any) -> str | None:
    """Return one piece of a text, counted from 0; None where there is none."""
    if not _text(separator):
        raise MappingError("an empty text separates nothing — name what stands between the pieces")
    pieces, place = _text(value).split(separator), integer(position)
    return pieces[place] if -len(pieces) <= place < len(pieces) else None


def size(value: Any) -> int:
    """Return how many characters or items."""
    if not isinstance(value, str | list):
        raise refused(value, "a text or a list")
    return len(value)


@dataclass(frozen=True, slots=True)
class Converter:
    """A function by the name that mappings use, and how many arguments it takes."""

    convert: Callable[..., Any]
    least: int
    most: int


CONVERTERS: Mapping[str, Converter] = {
    "text": Converter(text, 1, 1),
    "integer": Converter(integer, 1, 1),
    "decimal": Converter(decimal, 1, 1),
    "bool": Converter(yes_or_no, 1, 1),
    "instant": Converter(instant, 1, 2),
    "epoch": Converter(epoch, 2, 2),
    "day": Converter(day, 1, 2),
    "day_before_midnight": Converter(day_before_midnight, 2, 2),
    "length": Converter(length, 2, 2),
    "money": Converter(money, 2, 2),
    "lower": Converter(lower, 1, 1),
    "upper": Converter(upper, 1, 1),
    "trim": Converter(trim, 1, 1),
    "split": Converter(split, 3, 3),
    "size": Converter(size, 1, 1),
    "startsWith": Converter(lambda value, start: _text(value).startswith(_text(start)), 2, 2),
    "endsWith": Converter(lambda value, end: _text(value).endswith(_text(end)), 2, 2),
    "contains": Converter(lambda value, part: _text(part) in _text(value), 2, 2),
}
METHODS = frozenset({"startsWith", "endsWith", "contains"})


def _digits(value: Any) -> str:
    if type(value) not in (int, float):
        raise refused(value, "an amount")
    return str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise refused(value, "a text")
    return value
