"""Windows: `count(E where C, 24h)` and its kin get their spec and their type."""

from collections.abc import Callable
from dataclasses import replace

from contracts.values import FieldType
from rules.expression.clocked import known_event, unknown_event
from rules.expression.faults import did_you_mean, refuse
from rules.expression.fitting import DECIMAL, DURATION, INSTANT, INTEGER, articled
from rules.expression.printing import rule_text
from rules.expression.spec import Scope, WindowSpec
from rules.expression.tree import Node, WindowCall
from rules.expression.typed import Typed, Windowed

AMOUNTS = {FieldType.INTEGER: INTEGER, FieldType.DECIMAL: DECIMAL, FieldType.MONEY: DECIMAL, FieldType.DURATION: DURATION}


def typed(node: WindowCall, scope: Scope, *, check_where: Callable[[Node, Scope], Typed]) -> Windowed:
    """Return a window with the type of its answer. Raises ExpressionError."""
    if not scope.allow_windows:
        raise refuse(node.offset, "a window has no place here", "write it in `when` or `if`")
    event, field = _event_and_field(node, scope)
    since = known_event(node.since, node.offset, scope) if node.since else None
    spec = WindowSpec(event, field, _where(node, event, scope, check_where), node.length, since)
    return Windowed(_answer(node, scope.events[event][field]) if field else INTEGER, node.function, spec)


def _event_and_field(node: WindowCall, scope: Scope) -> tuple[str, str | None]:
    if node.function == "count":
        return _counted(node, scope), None
    event, _, field = node.path.rpartition(".")
    if event not in scope.events and node.path in scope.events:
        raise refuse(node.offset, f"`{node.function}` needs a field", f"write {node.function}({node.path}.FIELD, …)")
    if field not in scope.events.get(known_event(event, node.offset, scope), ()):
        remedy = did_you_mean(field, scope.events[event], "see the catalogue")
        raise refuse(node.offset, f"`{event}` has no field `{field}`", remedy)
    return event, field


def _counted(node: WindowCall, scope: Scope) -> str:
    event = node.path.rpartition(".")[0]
    if node.path not in scope.events and event in scope.events:
        raise refuse(node.offset, "`count` counts events, not fields", f"write count({event}, …)")
    if node.path not in scope.events:
        raise unknown_event(node.path, node.offset, scope)
    return node.path


def _answer(node: WindowCall, kind: FieldType) -> FieldType:
    if node.function in ("min", "max") and kind is INSTANT:
        return INSTANT
    if kind not in AMOUNTS:
        raise refuse(
            node.offset, f"`{node.function}` cannot take {articled(kind)}", "count the events, or take a field that is a number"
        )
    return DECIMAL if node.function == "mean" and kind is INTEGER else AMOUNTS[kind]


def _where(node: WindowCall, event: str, scope: Scope, check_where: Callable[[Node, Scope], Typed]) -> str | None:
    """Return the canonical text of a window's condition; it speaks of `it` alone, so that arrival order changes nothing."""
    if node.where is None:
        return None
    of_the_event = replace(scope, facts={}, it=scope.events[event], allow_now=False, allow_windows=False)
    return rule_text(check_where(node.where, of_the_event))
