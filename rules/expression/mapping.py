"""A text over `raw` comes in, a function from foreign JSON to a plain value goes out; what is missing there is unknown.

Text → tree → Python's own tree → code object; or only as far as the tree, for a function that has several texts in it.
"""

import ast
from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

from contracts.times import instant_text, length_text
from contracts.values import Money
from rules.expression.converters import CONVERTERS
from rules.expression.foreign import Instant, Length, MappingError
from rules.expression.foreign_code import Writer
from rules.expression.functions import function_of
from rules.expression.joining import compared, joined, negative, same
from rules.expression.parser import parse
from rules.expression.tree import Call

__all__ = ["KNOWN", "MappingError", "compile_mapping", "instant_code", "plain_code", "value_code"]

RAW = ("raw",)


def compile_mapping(text: str) -> Callable[[Any], Any]:
    """Return a function of one foreign record, already decoded from JSON.

    It returns what stands in the data of an event: instants in RFC 3339, days in ISO, durations as 1d12h, money as amount and
    currency, or None where it is unknown. The function raises MappingError. Raises ExpressionError.
    """
    return function_of(Writer().plain(parse(text)), RAW, known=KNOWN)


def plain_code(text: str) -> ast.expr:
    """Return the Python of what compile_mapping's function returns, for a function that knows KNOWN and whose `raw` is an object.

    Raises ExpressionError.
    """
    return Writer(raw_is_object=True).plain(parse(text))


def value_code(text: str) -> ast.expr:
    """Return the Python of the value itself, for such a function; `plain` makes of it what an event carries.

    The value may be an Instant, a Length or Money. Raises ExpressionError.
    """
    return Writer(raw_is_object=True).value(parse(text))


def instant_code(text: str) -> ast.expr:
    """Return the same for a value that is to be an instant, for a function that reads texts as such: `instant(x)` is x there."""
    match parse(text):
        case Call(name="instant", receiver=None, arguments=[node]) | node:
            return Writer(raw_is_object=True).value(node)


def _plain(value: Any) -> Any:
    match value:
        case str() | None:
            return value
        case Instant():
            return instant_text(value)
        case Length():
            if value < 0:
                raise MappingError(f"{length_text(value)} is negative: an event carries no such duration")
            return length_text(value)
        case Money(amount=amount, currency=currency):
            return {"amount": f"{amount:f}", "currency": currency}
        case float() if not isfinite(value):
            raise MappingError("the result is not a number")
        case _:
            return value


def _at(whole: Any, place: Any) -> Any:
    if isinstance(whole, dict):
        return whole.get(place) if isinstance(place, str) else None
    is_place = isinstance(whole, list) and type(place) is int and 0 <= place < len(whole)
    return whole[place] if is_place else None


def _among(value: Any, items: Sequence[Any]) -> bool | None:
    if any(item is not None and same(value, item) for item in items):
        return True
    return None if None in items else False


def _truth(value: Any) -> bool | None:
    """Return true or false, or None where that is unknown."""
    if value is not None and not isinstance(value, bool):
        raise MappingError(f"{value!r} is neither true nor false — compare it, or write bool(x)")
    return value


KNOWN: dict[str, Any] = {
    "__builtins__": {},
    "type": type,
    "dict": dict,
    "Length": Length,
    "at": _at,
    "among": _among,
    "compared": compared,
    "joined": joined,
    "negative": negative,
    "opposite": lambda value: not _truth(value),
    "plain": _plain,
    "truth": _truth,
    **{name: converter.convert for name, converter in CONVERTERS.items()},
}
