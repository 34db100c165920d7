"""The typed tree comes in, Python for its value goes out, as Python's own tree; never through text."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.values import FieldType
from rules.expression import arithmetic
from rules.expression.spec import Slots, WindowSpec
from rules.expression.truth import Every, Normal, Single, Some, normal
from rules.expression.typed import (
    Among,
    Arithmetic,
    Called,
    Clocked,
    Compare,
    Elapsed,
    Fact,
    Field,
    Known,
    Literal,
    Negative,
    Now,
    Pick,
    Seen,
    Turned,
    Typed,
    Windowed,
    is_composite,
)
from rules.places import sight_field, value_field, window_field

COMPARISONS: dict[str, type[ast.cmpop]] = {
    "==": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
}
OPERATORS: dict[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult}
LIMITS = {
    FieldType.INTEGER: (-arithmetic.INTEGER_LIMIT - 1, arithmetic.INTEGER_LIMIT),
    FieldType.DURATION: (-arithmetic.SPAN_LIMIT, arithmetic.SPAN_LIMIT),
    FieldType.INSTANT: (arithmetic.FIRST_INSTANT, arithmetic.LAST_INSTANT),
}
PRODUCT_LIMITS = (-arithmetic.LONGEST_PRODUCT, arithmetic.LONGEST_PRODUCT)


@dataclass(frozen=True, slots=True)
class Checked:
    """A Python expression, and what must be true, in this order, before it may be asked: else the value is unknown."""

    checks: tuple[ast.expr, ...]
    value: ast.expr

    def or_none(self) -> ast.expr:
        return ast.IfExp(_all(self.checks), self.value, ast.Constant(None)) if self.checks else self.value


class Emitter:
    """Writes Python for one function; specs gives each window the spec under which the case keeps it."""

    def __init__(self, slots: Slots, specs: dict[WindowSpec, WindowSpec]) -> None:
        self.slots = slots
        self.specs = specs
        self.temporaries = 0

    def holds(self, form: Normal) -> ast.expr:
        """Return Python that is True where the form surely holds, else False."""
        match form:
            case Every(parts=parts):
                return ast.BoolOp(ast.And(), [self.holds(part) for part in parts])
            case Some(parts=parts):
                return ast.BoolOp(ast.Or(), [self.holds(part) for part in parts])
            case Single(of=Literal(value=value), wanted=wanted):
                return ast.Constant(value is wanted)
            case Single(of=of, wanted=wanted):
                checked = self.checked(of)
                return _all((*checked.checks, checked.value if wanted else ast.UnaryOp(ast.Not(), checked.value)))

    def kleene(self, node: Typed) -> ast.expr:
        """Return Python for True, False or None: true, false or unknown."""
        if not is_composite(node):
            return self.checked(node).or_none()
        true, false = self.holds(normal(node, wanted=True)), self.holds(normal(node, wanted=False))
        return ast.IfExp(true, ast.Constant(True), ast.IfExp(false, ast.Constant(False), ast.Constant(None)))

    def value(self, node: Typed) -> ast.expr:
        """Return Python for the value of any expression, or None where it is unknown."""
        if isinstance(node, Fact):
            return self._fact(node.name)
        return self.kleene(node) if node.type is FieldType.BOOL else self.checked(node).or_none()

    def together(self, nodes: Sequence[Typed]) -> ast.expr:
        """Return Python for the values of several expressions, as a tuple."""
        return ast.Tuple([self.value(node) for node in nodes], ast.Load())

    def checked(self, node: Typed) -> Checked:
        match node:
            case Literal(value=value):
                return Checked((), ast.Constant(value))
            case Fact(name=name):
                return self._unless_none(self._fact(name))
            case Field(name=name):
                return self._unless_none(_call(ast.Attribute(_name("it"), "get", ast.Load()), ast.Constant(name)))
            case Now():
                return Checked((), _name("now"))
            case Seen(event=event):
                seen = self._unless_none(_remembered(sight_field(self.slots.newest(event))))
                return Checked(seen.checks, ast.Attribute(seen.value, "time", ast.Load()))
            case Elapsed(event=event):
                return self.checked(Arithmetic(FieldType.DURATION, "-", Now(), Seen(event)))
            case Known(of=Fact(name=name)):
                return Checked((), _is_known(self._fact(name)))
            case Known(of=Field(name=name)):
                return Checked((), _is_known(_call(ast.Attribute(_name("it"), "get", ast.Load()), ast.Constant(name))))
            case Windowed():
                return self._windowed(node)
            case _ if is_composite(node):
                return self._unless_none(self.kleene(node))
            case _:
                return self._operation(node)

    def _operation(self, node: Typed) -> Checked:
        match node:
            case Turned():
                return self._turned(node)
            case Called():
                return self._called(node)
            case Negative(type=kind, of=of):
                inner = self.checked(of)
                return self._limited(LIMITS.get(kind), inner.checks, ast.UnaryOp(ast.USub(), inner.value))
            case Arithmetic():
                return self._arithmetic(node)
            case Pick():
                return self._pick(node)
            case Compare(operator=operator, left=left, right=right):
                one, other = self.checked(left), self.checked(right)
                return Checked((*one.checks, *other.checks), _compare(one.value, operator, other.value))
            case Among(of=of, items=items):
                inner = self.checked(of)
                among = ast.Tuple([self.checked(item).value for item in items], ast.Load())
                return Checked(inner.checks, ast.Compare(inner.value, [ast.In()], [among]))
            case Clocked():
                return self._clocked(node)
            case _:
                raise AssertionError(f"no Python for {node}")

    def _fact(self, name: str) -> ast.expr:
        return _remembered(value_field(self.slots.fact(name)))

    def _windowed(self, node: Windowed) -> Checked:
        """Of nothing count and sum are 0, once it is known since when they count."""
        store, window = self._temporary()
        missing = _is(ast.NamedExpr(store, _remembered(window_field(self.slots.window(self.specs[node.spec])))), ast.Is())
        nothing = ast.Constant(0 if node.function in ("count", "sum") and node.spec.length else None)
        asked = ast.IfExp(missing, nothing, _call(ast.Attribute(window, node.function, ast.Load()), _name("now")))
        answer = Checked((), asked) if node.function == "count" and node.spec.length else self._unless_none(asked)
        if node.function == "mean" and node.type is FieldType.DURATION:
            return Checked(answer.checks, _call(_name("int"), answer.value))
        return answer

    def _turned(self, node: Turned) -> Checked:
        inner = self.checked(node.of)
        match node.of:
            case Literal(value=value):
                return Checked((), ast.Constant(float(value)))
            case of if of.type is FieldType.INTEGER:
                return Checked(inner.checks, _call(_name("float"), inner.value))
            case of if of.type is FieldType.MONEY:
                return Checked(inner.checks, _call(_name("float"), ast.Attribute(inner.value, "amount", ast.Load())))
            case _:
                return Checked(
                    inner.checks, ast.Attribute(inner.value, "day" if node.type is FieldType.TEXT else "ends", ast.Load())
                )

    def _called(self, node: Called) -> Checked:
        inner = [self.checked(argument) for argument in node.arguments]
        checks = tuple(check for one in inner for check in one.checks)
        first, *others = (one.value for one in inner)
        match node.function:
            case "size":
                return Checked(checks, _call(_name("len"), first))
            case "double":
                return Checked(checks, _call(_name("float"), first))
            case "int":
                return self._after(checks, self._unless_none(_call(_name("whole"), first)))
            case "contains":
                return Checked(checks, ast.Compare(others[0], [ast.In()], [first]))
            case function:
                method = {"startsWith": "startswith", "endsWith": "endswith"}[function]
                return Checked(checks, _call(ast.Attribute(first, method, ast.Load()), *others))

    def _arithmetic(self, node: Arithmetic) -> Checked:
        left, right = self.checked(node.left), self.checked(node.right)
        checks = (*left.checks, *right.checks)
        match node.operator, node.type:
            case "/", FieldType.DECIMAL:
                return Checked(checks, _call(_name("divided"), left.value, right.value))
            case "/" | "%" as operator, _:
                whole = "quotient" if operator == "/" else "remainder"
                return self._after(checks, self._unless_none(_call(_name(whole), left.value, right.value)))
            case operator, kind:
                limits = PRODUCT_LIMITS if (operator, kind) == ("*", FieldType.DURATION) else LIMITS.get(kind)
                return self._limited(limits, checks, ast.BinOp(left.value, OPERATORS[operator](), right.value))

    def _limited(self, limits: tuple[int, int] | None, checks: Sequence[ast.expr], value: ast.expr) -> Checked:
        """Return the value with a check that it stays within CEL's limits: beyond them it is an error there, unknown here."""
        if limits is None:
            return Checked(tuple(checks), value)
        lowest, highest = map(ast.Constant, limits)
        store, load = self._temporary()
        within = ast.Compare(lowest, [ast.LtE(), ast.LtE()], [ast.NamedExpr(store, value), highest])
        return Checked((*checks, within), load)

    def _pick(self, node: Pick) -> Checked:
        yes, no = self.checked(node.yes).or_none(), self.checked(node.no).or_none()
        otherwise = ast.IfExp(self.holds(normal(node.condition, wanted=False)), no, ast.Constant(None))
        return self._unless_none(ast.IfExp(self.holds(normal(node.condition, wanted=True)), yes, otherwise))

    def _clocked(self, node: Clocked) -> Checked:
        """`moment OPERATOR now`; just past now, a moment equal to now is already over."""
        moment = self.checked(node.moment)
        now: ast.expr = _name("now")
        if node.operator in (">=", "<"):
            now = ast.BinOp(now, ast.Add(), _name("past"))
        return Checked(moment.checks, _compare(moment.value, node.operator, now))

    def _after(self, checks: Sequence[ast.expr], checked: Checked) -> Checked:
        return Checked((*checks, *checked.checks), checked.value)

    def _unless_none(self, value: ast.expr) -> Checked:
        store, load = self._temporary()
        return Checked((_is_known(ast.NamedExpr(store, value)),), load)

    def _temporary(self) -> tuple[ast.Name, ast.Name]:
        self.temporaries += 1
        name = f"x{self.temporaries}"
        return ast.Name(name, ast.Store()), _name(name)


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _remembered(field: str) -> ast.expr:
    return ast.Attribute(_name("memory"), field, ast.Load())


def _call(function: ast.expr, *arguments: ast.expr) -> ast.expr:
    return ast.Call(function, list(arguments), [])


def _compare(left: ast.expr, operator: str, right: ast.expr) -> ast.expr:
    return ast.Compare(left, [COMPARISONS[operator]()], [right])


def _is_known(value: ast.expr) -> ast.expr:
    return _is(value, ast.IsNot())


def _is(value: ast.expr, operator: ast.Is | ast.IsNot) -> ast.expr:
    """Return whether a value is, or is not, None."""
    return ast.Compare(value, [operator], [ast.Constant(None)])


def _all(parts: Sequence[ast.expr]) -> ast.expr:
    return ast.BoolOp(ast.And(), list(parts)) if len(parts) > 1 else parts[0]
