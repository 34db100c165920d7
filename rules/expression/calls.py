"""Functions of the rule language: `has`, `size`, texts, conversions and times in quotes; all others are refused by name."""

from collections.abc import Callable

from contracts.times import parse_instant, parse_length
from contracts.values import FieldType
from rules.expression.faults import ExpressionError, did_you_mean, each, refuse
from rules.expression.fitting import BOOL, DECIMAL, DURATION, INSTANT, INTEGER, number
from rules.expression.tree import Call, Constant, Member, Name, Node
from rules.expression.typed import Called, Fact, Field, Known, Literal, Typed

Check = Callable[[Node], Typed]

ON_TEXTS = {"startsWith": BOOL, "endsWith": BOOL, "contains": BOOL}
REFUSED_CALLS = {
    "matches": "write `contains`, `startsWith` or `endsWith`",
    "string": "compare the value itself",
    "uint": "write whole numbers as they are",
    "bytes": "compare the text itself",
    "dyn": "leave it out: every fact has its type",
    "type": "leave it out: every fact has its type",
    "all": "there are no lists to go through; use a window",
    "exists": "there are no lists to go through; use a window such as count(E where C, 24h) > 0",
    "exists_one": "use a window such as count(E where C, 24h) == 1",
    "map": "there are no lists to go through; use a window",
    "filter": "write count(E where C, 24h)",
}


def typed(node: Call, check: Check) -> Typed:
    """Return a call with the type of its answer. Raises ExpressionError."""
    arguments = (node.receiver, *node.arguments) if node.receiver else node.arguments
    match node.name, arguments:
        case "has", (Name() | Member() as fact,) if not node.receiver:
            return _known(fact, check)
        case "since", _:
            raise refuse(
                node.offset, "`since(E)` may stand only in `since(E) OP D`", "write such as `since(delivery.scanned) > 36h`"
            )
        case (("duration" | "timestamp"), (Constant(type=FieldType.TEXT, value=str(text)) as constant,)):
            return _time(node.name, constant, text)
        case _:
            return _on_values(node, arguments, check)


def _known(node: Name | Member, check: Check) -> Typed:
    named = check(node)
    if not isinstance(named, Fact | Field):
        raise refuse(node.offset, "`has` asks for a fact", "write has(fact)")
    return Known(named)


def _time(function: str, node: Constant, text: str) -> Literal:
    try:
        return Literal(DURATION, parse_length(text)) if function == "duration" else Literal(INSTANT, parse_instant(text))
    except ValueError as error:
        such = "duration('36h')" if function == "duration" else "timestamp('2026-03-02T09:00:00Z')"
        raise refuse(node.offset, str(error), f"write it as in {such}") from None


def _on_values(node: Call, arguments: tuple[Node, ...], check: Check) -> Typed:
    if node.name in REFUSED_CALLS:
        raise refuse(node.offset, f"`{node.name}` is not in the rule language", REFUSED_CALLS[node.name])
    values = tuple(each(check, arguments))
    match node.name, [value.type for value in values]:
        case "size", [FieldType.TEXT]:
            return Called(INTEGER, "size", values)
        case name, [FieldType.TEXT, FieldType.TEXT] if name in ON_TEXTS and node.receiver:
            return Called(BOOL, name, values)
        case "double", [FieldType.INTEGER | FieldType.DECIMAL | FieldType.MONEY]:
            return Called(DECIMAL, "double", values) if values[0].type is INTEGER else number(values[0])
        case "int", [FieldType.INTEGER | FieldType.DECIMAL | FieldType.MONEY]:
            return Called(INTEGER, "int", (number(values[0]),))
        case _:
            raise _unknown_call(node)


def _unknown_call(node: Call) -> ExpressionError:
    known = (
        "size",
        "double",
        "int",
        "has",
        "since",
        "count",
        "sum",
        "min",
        "max",
        "mean",
        "duration",
        "timestamp",
        *ON_TEXTS,
    )
    if node.name in known:
        return refuse(
            node.offset,
            f"`{node.name}` does not take these",
            f"`{node.name}` is told in the rule language's page; see its example",
        )
    return refuse(
        node.offset, f"there is no function `{node.name}`", did_you_mean(node.name, known, "use facts, windows and operators")
    )
