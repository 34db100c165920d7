"""A text over `raw` comes in, a function from foreign JSON to a plain value goes out; what is missing there is unknown.

Text → tree → Python's own tree → code object; several texts can become one function, which saves a call for each.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

from contracts.times import instant_text, length_text
from contracts.values import Money
from rules.expression.code import function_of
from rules.expression.converters import CONVERTERS
from rules.expression.foreign import Instant, Length, MappingError
from rules.expression.foreign_code import UNKNOWN, Writer
from rules.expression.joining import compared, joined, negative, same
from rules.expression.parser import parse

__all__ = ["MappingError", "compile_mapping", "compile_parts"]

RAW = ("raw",)


def compile_mapping(text: str) -> Callable[[Any], Any]:
    """Return a function of one foreign record, already decoded from JSON.

    It returns what stands in the data of an event: instants in RFC 3339, days in ISO, durations as 1d12h, money as amount and
    currency, or None where it is unknown. The function raises MappingError. Raises ExpressionError.
    """
    return function_of(Writer().plain(parse(text)), RAW, known=KNOWN)


def compile_parts(fields: Mapping[str, str], *others: str | None) -> Callable[[Any], tuple[Any, ...]]:
    """Return one function for many texts: of a record, it returns the values of the fields by name, then the others'.

    The value of a text that is None is None. Each value is what compile_mapping's function returns. Raises ExpressionError.
    """
    writer = Writer()
    values = ast.Dict([ast.Constant(name) for name in fields], [writer.plain(parse(text)) for text in fields.values()])
    rest = [UNKNOWN if text is None else writer.plain(parse(text)) for text in others]
    return function_of(ast.Tuple([values, *rest], ast.Load()), RAW, known=KNOWN)


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
