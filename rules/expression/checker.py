"""The written tree comes in, the typed one goes out: names looked up, courtesies rewritten, types that fit."""

from typing import assert_never

from rules.expression import calls, clocked, windowed
from rules.expression.faults import did_you_mean, each, refuse
from rules.expression.fitting import BOOL, DATE, DECIMAL, DURATION, INSTANT, INTEGER, TEXT, articled, fitted, number, unfit
from rules.expression.spec import Scope
from rules.expression.tree import (
    Binary,
    Call,
    Choice,
    Constant,
    Index,
    Junction,
    Listing,
    Member,
    Name,
    Node,
    Unary,
    WindowCall,
    dotted,
)
from rules.expression.typed import (
    Among,
    Arithmetic,
    Compare,
    Fact,
    Field,
    Joined,
    Literal,
    Negative,
    Not,
    Pick,
    Turned,
    Typed,
)

RESULTS = {
    ("+", INTEGER, INTEGER): INTEGER,
    ("-", INTEGER, INTEGER): INTEGER,
    ("*", INTEGER, INTEGER): INTEGER,
    ("/", INTEGER, INTEGER): INTEGER,
    ("%", INTEGER, INTEGER): INTEGER,
    ("+", DECIMAL, DECIMAL): DECIMAL,
    ("-", DECIMAL, DECIMAL): DECIMAL,
    ("*", DECIMAL, DECIMAL): DECIMAL,
    ("/", DECIMAL, DECIMAL): DECIMAL,
    ("+", TEXT, TEXT): TEXT,
    ("+", INSTANT, DURATION): INSTANT,
    ("+", DURATION, INSTANT): INSTANT,
    ("-", INSTANT, DURATION): INSTANT,
    ("-", INSTANT, INSTANT): DURATION,
    ("+", DURATION, DURATION): DURATION,
    ("-", DURATION, DURATION): DURATION,
    ("*", DURATION, INTEGER): DURATION,
    ("*", INTEGER, DURATION): DURATION,
}


class Checker:
    """Gives every node its type, in one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def condition(self, node: Node) -> Typed:
        """Return the typed tree of something that is true, false or unknown. Raises ExpressionError."""
        typed = self.value(node)
        if typed.type is not BOOL:
            raise refuse(
                node.offset, f"this is {articled(typed.type)}, not a condition", "compare it with something, or write has(…)"
            )
        return typed

    def any_value(self, node: Node) -> Typed:
        """Return the typed tree of a value, money as its amount. Raises ExpressionError."""
        return number(self.value(node))

    def value(self, node: Node) -> Typed:
        """Return the typed tree of any expression. Raises ExpressionError."""
        match node:
            case Constant(type=kind, value=value):
                return Literal(kind, value)
            case Name() | Member():
                return self._named(node)
            case Unary():
                return self._unary(node)
            case Binary():
                return self._binary(node)
            case Junction(operator=operator, parts=parts):
                return Joined(operator, tuple(each(self.condition, parts)))
            case Choice():
                return self._choice(node)
            case Call():
                return calls.typed(node, self.value)
            case WindowCall():
                return windowed.typed(node, self.scope, check_where=lambda where, scope: Checker(scope).condition(where))
            case Index():
                raise refuse(node.offset, "a fact has no parts to index", "name a fact for each field under `facts:`")
            case Listing():
                raise refuse(node.offset, "a list may stand only behind `in`", "write `fact in [one, other]`")
            case _:
                assert_never(node)

    def _named(self, node: Name | Member) -> Typed:
        name = dotted(node) or ""
        if name in self.scope.facts:
            return Fact(self.scope.facts[name], name)
        if name.startswith("it."):
            return self._field(node, name.removeprefix("it."))
        if name == "now":
            raise refuse(node.offset, "`now` may stand only in a comparison of times", clocked.REMEDY)
        if isinstance(node, Member) and self._is_field_of_an_event(name):
            raise refuse(
                node.offset, f"`{name}` is a field, not a fact", f"give it a name under `facts:`, such as `{node.name}: {name}`"
            )
        raise refuse(node.offset, f"unknown name `{name or node.name}`", self._remedy_for(name))

    def _remedy_for(self, name: str) -> str:
        if name == "it" or self.scope.it and name in self.scope.it:
            return f"write `it.{name}`" if name != "it" else "name one of its fields, such as `it.amount`"
        return did_you_mean(name, self.scope.facts, "give it a name under `facts:`")

    def _is_field_of_an_event(self, name: str) -> bool:
        event, _, field = name.rpartition(".")
        return field in self.scope.events.get(event, ())

    def _field(self, node: Name | Member, name: str) -> Field:
        if self.scope.it is None:
            raise refuse(
                node.offset,
                "`it` is the event at hand, and there is none here",
                "use `it` in a `where` only, and facts elsewhere",
            )
        if name not in self.scope.it:
            raise refuse(node.offset, f"this event has no field `{name}`", did_you_mean(name, self.scope.it, "see the catalogue"))
        return Field(self.scope.it[name], name)

    def _unary(self, node: Unary) -> Typed:
        if node.operator == "not":
            return Not(self.condition(node.of))
        of = number(self.value(node.of))
        if of.type is DURATION:
            return Arithmetic(DURATION, "-", Literal(DURATION, 0), of)
        if of.type not in (INTEGER, DECIMAL):
            raise refuse(node.offset, f"`-` cannot stand before {articled(of.type)}", "take it away")
        return Negative(of.type, of)

    def _binary(self, node: Binary) -> Typed:
        if node.operator == "in":
            return self._among(node)
        if clocked.speaks_of_now(node) and node.operator not in RESULTS_OPERATORS:
            return clocked.typed(node, self.scope, self.value)
        left, right = each(self.value, (node.left, node.right))
        if node.operator in RESULTS_OPERATORS:
            return self._arithmetic(node, left, right)
        return compared(node, left, right)

    def _arithmetic(self, node: Binary, left: Typed, right: Typed) -> Typed:
        left, right = fitted(_at_its_end(number(left)), _at_its_end(number(right)))
        result = RESULTS.get((node.operator, left.type, right.type))
        if result is None:
            raise unfit(node.offset, node.operator, left, right)
        return Arithmetic(result, node.operator, left, right)

    def _among(self, node: Binary) -> Typed:
        if not isinstance(node.right, Listing) or not node.right.items:
            raise refuse(node.right.offset, "behind `in` stands a list", 'write it out, such as `place in ["hub", "door"]`')
        equals = [Binary(item.offset, "==", node.left, item) for item in node.right.items]
        pairs = each(self._binary, equals)
        if all(isinstance(pair, Compare) and isinstance(pair.right, Literal) and pair.left == _left(pairs[0]) for pair in pairs):
            return Among(
                _left(pairs[0]),
                tuple(pair.right for pair in pairs if isinstance(pair, Compare) and isinstance(pair.right, Literal)),
            )
        return Joined("or", tuple(pairs)) if len(pairs) > 1 else pairs[0]

    def _choice(self, node: Choice) -> Typed:
        parts = [(self.condition, node.condition), (self.value, node.yes), (self.value, node.no)]
        condition, yes, no = each(lambda part: part[0](part[1]), parts)
        yes, no = fitted(number(yes), number(no))
        if yes.type is not no.type:
            raise refuse(
                node.offset, f"this is {articled(yes.type)} or {articled(no.type)}", "make both sides of `:` the same type"
            )
        return Pick(yes.type, condition, yes, no)


RESULTS_OPERATORS = frozenset(operator for operator, _, _ in RESULTS)


def compared(node: Binary, left: Typed, right: Typed) -> Compare:
    """Return the comparison of two values, taken as one type. Raises ExpressionError."""
    left, right = fitted(number(left), number(right))
    if left.type is right.type is DATE:
        left, right = Turned(TEXT, left), Turned(TEXT, right)
    if left.type is not right.type:
        raise unfit(node.offset, node.operator, left, right)
    if left.type is BOOL and node.operator not in ("==", "!="):
        raise refuse(node.offset, f"`{node.operator}` cannot order conditions", "join them, such as `a < b and b < c`")
    return Compare(node.operator, left, right)


def _at_its_end(value: Typed) -> Typed:
    return Turned(INSTANT, value) if value.type is DATE else value


def _left(pair: Typed) -> Typed:
    return pair.left if isinstance(pair, Compare) else pair
