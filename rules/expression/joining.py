"""Two values of foreign JSON come in, their sum, difference, product, quotient or comparison goes out."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from rules.expression.arithmetic import FIRST_INSTANT, INTEGER_LIMIT, LAST_INSTANT, divided, quotient, remainder
from rules.expression.foreign import Instant, Length, MappingError

ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
DECIMALS: Mapping[str, Callable[[float, float], float]] = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": divided}
INTEGERS: Mapping[str, Callable[[int, int], int | None]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": quotient,
    "%": remainder,
}
TIMES: Mapping[tuple[str, type, type], type] = {
    ("+", Instant, Length): Instant,
    ("+", Length, Instant): Instant,
    ("-", Instant, Length): Instant,
    ("-", Instant, Instant): Length,
    ("+", Length, Length): Length,
    ("-", Length, Length): Length,
    ("*", Length, int): Length,
    ("*", int, Length): Length,
}
CALLED = {str: "a text", bool: "true or false", int: "a number", float: "a number", Instant: "an instant", Length: "a duration"}


def joined(sign: str, left: Any, right: Any) -> Any:
    """Return what + - * / % makes of two values; None beyond 64 bits or the years 1 to 9999, and for integers by 0."""
    match type(left), type(right):
        case (one, other) if result := TIMES.get((sign, one, other)):
            moved = INTEGERS[sign](int(left), int(right))
            return result(moved) if moved is not None and FIRST_INSTANT <= moved <= LAST_INSTANT else None
        case (one, other) if one is int and other is int:
            number = INTEGERS[sign](left, right)
            return number if number is not None and -INTEGER_LIMIT - 1 <= number <= INTEGER_LIMIT else None
        case (one, other) if {one, other} <= {int, float} and sign in DECIMALS:
            return DECIMALS[sign](float(left), float(right))
        case (one, other) if one is str and other is str and sign == "+":
            return left + right
        case _:
            raise _unfit(sign, left, right)


def compared(sign: str, left: Any, right: Any) -> bool:
    """Return the comparison of two values; values of different types are unequal, and have no order."""
    if sign in ("==", "!="):
        return same(left, right) is (sign == "==")
    if not _alike(left, right) or isinstance(left, bool | list | dict):
        raise _unfit(sign, left, right)
    return ORDERS[sign](left, right)


def same(left: Any, right: Any) -> bool:
    return _alike(left, right) and bool(left == right)


def negative(value: Any) -> Any:
    if type(value) not in (int, float, Length):
        raise MappingError(f"`-` cannot stand before {_called(value)}")
    return type(value)(-value)


def _alike(left: Any, right: Any) -> bool:
    return type(left) is type(right) or {type(left), type(right)} == {int, float}


def _unfit(sign: str, left: Any, right: Any) -> MappingError:
    return MappingError(f"`{sign}` cannot stand between {_called(left)} and {_called(right)}")


def _called(value: Any) -> str:
    return CALLED.get(type(value), "a list or an object")
