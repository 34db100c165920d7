"""Two values of different types come in, and go out as one type where the courtesies allow it."""

from datetime import date

from contracts.values import FieldType
from rules.expression.faults import ExpressionError, refuse
from rules.expression.typed import Literal, Turned, Typed

BOOL, DATE, DECIMAL, DURATION = FieldType.BOOL, FieldType.DATE, FieldType.DECIMAL, FieldType.DURATION
INSTANT, INTEGER, MONEY, TEXT = FieldType.INSTANT, FieldType.INTEGER, FieldType.MONEY, FieldType.TEXT

ARTICLED = {
    BOOL: "a condition",
    DATE: "a date",
    DECIMAL: "a decimal",
    DURATION: "a duration",
    INSTANT: "an instant",
    INTEGER: "a whole number",
    MONEY: "an amount of money",
    TEXT: "a text",
}


def articled(kind: FieldType) -> str:
    """Return the type as it stands in a sentence: `a date`."""
    return ARTICLED[kind]


def number(value: Typed) -> Typed:
    """Return money as its amount, anything else as it is."""
    return Turned(DECIMAL, value) if value.type is MONEY else value


def fitted(left: Typed, right: Typed) -> tuple[Typed, Typed]:
    """Return both as one type where they fit: a whole number beside a decimal, a date beside an instant or a day in quotes."""
    return _beside(left, right), _beside(right, left)


def _beside(value: Typed, other: Typed) -> Typed:
    match value.type, other.type:
        case (FieldType.INTEGER, FieldType.DECIMAL):
            return Turned(DECIMAL, value)
        case (FieldType.DATE, FieldType.INSTANT):
            return Turned(INSTANT, value)
        case (FieldType.DATE, FieldType.TEXT) if is_day(other):
            return Turned(TEXT, value)
        case _:
            return value


def is_day(value: Typed) -> bool:
    """Say whether this is a day written in quotes, such as "2026-03-05"."""
    try:
        return isinstance(value, Literal) and date.fromisoformat(str(value.value)).isoformat() == value.value
    except ValueError:
        return False


def unfit(offset: int, operator: str, left: Typed, right: Typed) -> ExpressionError:
    """Return the error of an operator between two types that it cannot join."""
    kinds = {left.type, right.type}
    return refuse(
        offset, f"`{operator}` cannot stand between {articled(left.type)} and {articled(right.type)}", _remedy(operator, kinds)
    )


def _remedy(operator: str, kinds: set[FieldType]) -> str:
    if BOOL in kinds:
        return "put brackets around the comparison, such as `not (a > b)`, or join with `and`"
    if operator == "%":
        return "take the remainder of whole numbers only"
    if DURATION in kinds and kinds & {INTEGER, DECIMAL}:
        return "write a duration with its unit, such as 36h"
    if kinds == {DATE, TEXT}:
        return 'write the day as "2026-03-05"'
    if kinds == {INSTANT, TEXT}:
        return 'write timestamp("2026-03-02T09:00:00Z")'
    return "join two values of the same type"
