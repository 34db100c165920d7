"""Comparisons with `now` and `since(E)`: the few shapes allowed, each brought to `moment OPERATOR now`."""

from collections.abc import Callable

from rules.expression.faults import ExpressionError, did_you_mean, each, refuse
from rules.expression.fitting import DATE, DURATION, INSTANT, articled
from rules.expression.spec import Scope
from rules.expression.tree import Binary, Call, Name, Node, WindowCall, dotted, walk
from rules.expression.typed import Arithmetic, Clocked, Elapsed, Now, Seen, Turned, Typed

REMEDY = "write T - now OP D, now - T OP D, now OP T or since(E) OP D, with a time T, a duration D and one of < <= > >="
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}

Check = Callable[[Node], Typed]


def speaks_of_now(node: Node) -> bool:
    """Say whether `now` or `since(E)` stands anywhere in a tree."""
    return any(_is_now(part) or _is_since(part) for part in walk(node))


def typed(node: Binary, scope: Scope, check: Check) -> Clocked:
    """Return a comparison with now. Raises ExpressionError for every shape but the allowed ones."""
    if not scope.allow_now:
        raise refuse(node.offset, "`now` and `since` have no place here", "compare facts with each other, or move this to `when`")
    if any(isinstance(part, WindowCall) for part in walk(node)):
        raise refuse(
            node.offset, "a comparison with `now` cannot hold a window", "compare the window on its own, joined with `and`"
        )
    if node.operator not in MIRRORED:
        raise refuse(node.offset, f"`now` never stays equal: `{node.operator}` means nothing beside it", "write one of < <= > >=")
    if speaks_of_now(node.left) and speaks_of_now(node.right):
        raise refuse(node.offset, "`now` stands on both sides", REMEDY)
    if speaks_of_now(node.left):
        return _shaped(node, node.left, other=node.right, operator=node.operator, scope=scope, check=check)
    return _shaped(node, node.right, other=node.left, operator=MIRRORED[node.operator], scope=scope, check=check)


def _shaped(node: Binary, side: Node, *, other: Node, operator: str, scope: Scope, check: Check) -> Clocked:
    """Return `side OPERATOR other`, where side is the one that speaks of now."""
    match side:
        case Name():
            at = _time(other, check)
            return _clocked(node, Now(), at, moment=at, operator=MIRRORED[operator], mirrored=side is node.right)
        case Call() if _is_since(side):
            elapsed = Elapsed(_event(side, scope))
            span = _span(other, check)
            moment = Arithmetic(INSTANT, "+", Seen(elapsed.event), span)
            return _clocked(node, elapsed, span, moment=moment, operator=MIRRORED[operator], mirrored=side is node.right)
        case Binary(operator="-", left=left, right=right) if _is_now(left) or _is_now(right):
            at, span = each(
                lambda part: (_span if part is other else _time)(part, check), (left if _is_now(right) else right, other)
            )
            pair = (at, Now()) if _is_now(right) else (Now(), at)
            moment = Arithmetic(INSTANT, "-" if _is_now(right) else "+", at, span)
            turned = operator if _is_now(right) else MIRRORED[operator]
            return _clocked(
                node, Arithmetic(DURATION, "-", *pair), span, moment=moment, operator=turned, mirrored=side is node.right
            )
        case _:
            raise refuse(side.offset, "`now` cannot be used like this", REMEDY)


def _clocked(node: Binary, side: Typed, other: Typed, *, moment: Typed, operator: str, mirrored: bool) -> Clocked:
    left, right = (other, side) if mirrored else (side, other)
    return Clocked(node.operator, left, right, moment, operator)


def _time(node: Node, check: Check) -> Typed:
    if speaks_of_now(node):
        raise refuse(node.offset, "`now` stands twice in one comparison", REMEDY)
    value = check(node)
    if value.type not in (INSTANT, DATE):
        raise refuse(node.offset, f"`now` is compared with a time, and this is {articled(value.type)}", REMEDY)
    return Turned(INSTANT, value) if value.type is DATE else value


def _span(node: Node, check: Check) -> Typed:
    value = check(node)
    if value.type is not DURATION:
        raise refuse(node.offset, f"a duration is expected here, and this is {articled(value.type)}", "write one such as 36h")
    return value


def _event(node: Call, scope: Scope) -> str:
    name = dotted(node.arguments[0]) if len(node.arguments) == 1 else None
    if name is None:
        raise refuse(node.offset, "`since` asks for one event type", "write such as `since(delivery.scanned) > 36h`")
    return known_event(name, node.offset, scope)


def known_event(name: str, offset: int, scope: Scope) -> str:
    """Return the name of an event type of the catalogue. Raises ExpressionError."""
    if name not in scope.events:
        raise unknown_event(name, offset, scope)
    return name


def unknown_event(name: str, offset: int, scope: Scope) -> ExpressionError:
    return refuse(offset, f"unknown event type `{name}`", did_you_mean(name, scope.events, "add it to events.yaml"))


def _is_now(node: object) -> bool:
    return isinstance(node, Name) and node.name == "now"


def _is_since(node: object) -> bool:
    return isinstance(node, Call) and node.name == "since" and node.receiver is None
