"""Comparisons with a constant: of a window, how many of its newest entries decide it; of anything else, which values do."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from contracts.values import FieldType
from rules.expression.spec import WindowSpec
from rules.expression.truth import Every, Normal, Single
from rules.expression.typed import Compare, Literal, Turned, Typed, Windowed

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class Threshold(NamedTuple):
    """A window's answer, an operator of < <= > >=, and the constant that it is compared with."""

    function: str
    operator: str
    limit: int | float

    @property
    def is_true_above(self) -> bool:
        return self.function in ("count", "sum") and self.operator in (">=", ">")

    @property
    def enough(self) -> int:
        """Return how many a count must be to decide."""
        return int(self.limit) + (self.operator in (">", "<="))

    def is_reached_by(self, value: int | float | None) -> bool:
        """Whether a value is one that decides: large enough for a count, a sum or a maximum, small enough for a minimum."""
        if value is None:
            return False
        if self.function == "min":
            return value <= self.limit if self.operator in ("<=", ">") else value < self.limit
        return value >= self.limit if self.operator in (">=", "<") else value > self.limit


def limits_of(form: Normal) -> Iterator[tuple[Typed, str, Any]]:
    """Yield (left side, operator, constant) of the comparisons without which the whole is never true."""
    match form:
        case Every(parts=parts):
            for part in parts:
                yield from limits_of(part)
        case Single(of=of, wanted=True) if (limit := _with_constant(of)) is not None:
            yield limit


def counted(node: Compare) -> tuple[WindowSpec, int] | None:
    """Return the window and how many of its newest entries decide, for a count compared with a constant."""
    match _with_constant(node):
        case Windowed(function="count", spec=spec), operator, int(limit):
            return spec, max(1, limit if operator in (">=", "<") else limit + 1)
    return None


def threshold_of(node: Typed) -> Threshold | None:
    """Return what a comparison asks of one window, where it compares it with a constant for more or less."""
    match _with_constant(node):
        case Windowed(function="count" | "sum" | "max" | "min" as function), operator, (int() | float()) as limit:
            return Threshold(function, operator, limit) if operator not in ("==", "!=") else None
    return None


def _with_constant(node: Typed) -> tuple[Typed, str, Any] | None:
    """Return the left side, the operator and the constant of a comparison with one, whichever way round it was written."""
    if not isinstance(node, Compare):
        return None
    if (limit := _constant(node.right)) is not None:
        return node.left, node.operator, limit
    return (node.right, MIRRORED[node.operator], limit) if (limit := _constant(node.left)) is not None else None


def _constant(node: Typed) -> Any:
    match node:
        case Literal(value=value) | Turned(type=FieldType.DECIMAL, of=Literal(value=value)):
            return value
    return None
