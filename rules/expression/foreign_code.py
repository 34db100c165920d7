"""The tree of a mapping's expression in, Python for its value out, as Python's own tree; `raw` is the record at hand.

Converters and operators are called by their names, which KNOWN in rules.expression.mapping gives to functions.
"""

import ast
from collections.abc import Sequence
from typing import assert_never

from contracts.values import FieldType
from rules.expression.converters import CONVERTERS, METHODS
from rules.expression.faults import did_you_mean, each, refuse
from rules.expression.tree import Binary, Call, Choice, Constant, Index, Junction, Listing, Member, Name, Node, Unary, WindowCall

COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
UNKNOWN = ast.Constant(None)


class Writer:
    """Writes the Python for one function of `raw`. raw_is_object: whether that is certain, else each member asks."""

    def __init__(self, *, raw_is_object: bool = False) -> None:
        self._raw_is_object = raw_is_object
        self._kept = 0

    def plain(self, node: Node) -> ast.expr:
        """Return Python for the value as an event carries it."""
        match node:
            case Constant(type=kind) if kind is not FieldType.DURATION:
                return self.value(node)
            case Name() | Member() | Index():
                return self.value(node)
            case _:
                return _call("plain", self.value(node))

    def value(self, node: Node) -> ast.expr:
        """Return Python for the value of an expression, or None where it is unknown. Raises ExpressionError."""
        match node:
            case Constant(type=kind, value=value):
                return _call("Length", ast.Constant(value)) if kind is FieldType.DURATION else ast.Constant(value)
            case Name(name="raw"):
                return _name("raw")
            case Name(name=name):
                raise refuse(node.offset, f"unknown name `{name}`", f"write `raw.{name}`: `raw` is the record at hand")
            case Member(of=of, name=name):
                return self._member(of, name)
            case Index(of=of, at=at):
                return _call("at", *each(self.value, (of, at)))
            case Call():
                return self._called(node)
            case Unary(operator=operator, of=of):
                return self._of_known([of], "opposite" if operator == "not" else "negative")
            case Binary(operator="in"):
                return self._among(node)
            case Binary(operator=operator, left=left, right=right):
                join = "compared" if operator in COMPARISONS else "joined"
                return self._of_known([left, right], join, ast.Constant(operator))
            case Junction(operator=operator, parts=parts):
                return self._junction(each(self.value, parts), decisive=operator == "or")
            case Choice(condition=condition, yes=yes, no=no):
                asked, one, other = each(self.value, (condition, yes, no))
                keep, kept = self._keep(_call("truth", asked))
                return _unless_unknown([keep], ast.IfExp(kept, one, other))
            case Listing():
                raise refuse(node.offset, "a list may stand only behind `in`", 'write `raw.type in ["a", "b"]`')
            case WindowCall():
                raise refuse(node.offset, "a mapping sees one record, so it has no windows", "count in a rule")
            case _:
                assert_never(node)

    def _member(self, of: Node, name: str) -> ast.expr:
        """Only an object has members."""
        is_raw = isinstance(of, Name) and of.name == "raw"
        keep, kept = (_name("raw"), _name("raw")) if is_raw else self._keep(self.value(of))
        member = ast.Call(ast.Attribute(kept, "get", ast.Load()), [ast.Constant(name)], [])
        if is_raw and self._raw_is_object:
            return member
        return ast.IfExp(ast.Compare(_call("type", keep), [ast.Is()], [_name("dict")]), member, UNKNOWN)

    def _called(self, node: Call) -> ast.expr:
        arguments = node.arguments if node.receiver is None else (node.receiver, *node.arguments)
        match node.name, arguments:
            case "has", [value] if node.receiver is None:
                keep, _ = self._keep(self.value(value))
                return ast.Compare(keep, [ast.IsNot()], [UNKNOWN])
            case "default", [value, otherwise] if node.receiver is None:
                found, instead = each(self.value, (value, otherwise))
                keep, kept = self._keep(found)
                return ast.IfExp(ast.Compare(keep, [ast.IsNot()], [UNKNOWN]), kept, instead)
            case name, _ if name in CONVERTERS and (name in METHODS) is (node.receiver is not None):
                return self._converted(node, arguments)
            case _:
                each(self.value, arguments)
                remedy = did_you_mean(node.name, (*CONVERTERS, "has", "default"), "see the converters in docs/events.md")
                raise refuse(node.offset, f"`{node.name}` cannot be called like this", remedy)

    def _converted(self, node: Call, arguments: Sequence[Node]) -> ast.expr:
        converter = CONVERTERS[node.name]
        code = self._of_known(arguments, node.name)
        if not converter.least <= len(arguments) <= converter.most:
            few = str(converter.least) if converter.least == converter.most else f"{converter.least} or {converter.most}"
            raise refuse(
                node.offset, f"`{node.name}` takes {few} values, not {len(arguments)}", "see the converters in docs/events.md"
            )
        return code

    def _of_known(self, arguments: Sequence[Node], function: str, *first: ast.expr) -> ast.expr:
        """Return a call with the values, which is unknown as soon as one of them is; all are asked, for each may refuse."""
        keeps, values = [], list(first)
        for argument, code in zip(arguments, each(self.value, arguments), strict=True):
            if isinstance(argument, Constant):
                values.append(code)
            else:
                keep, kept = self._keep(code)
                keeps.append(keep)
                values.append(kept)
        return _unless_unknown(keeps, _call(function, *values))

    def _among(self, node: Binary) -> ast.expr:
        if not isinstance(node.right, Listing):
            raise refuse(node.right.offset, "behind `in` stands a list", 'write it out, such as `raw.type in ["a", "b"]`')
        keep, kept = self._keep(self.value(node.left))
        items = ast.Tuple(each(self.value, node.right.items), ast.Load())
        return _unless_unknown([keep], _call("among", kept, items))

    def _junction(self, parts: Sequence[ast.expr], *, decisive: bool) -> ast.expr:
        """Kleene's `and` (False decides) or `or` (True decides), from left to right."""
        kept = [self._keep(_call("truth", part)) for part in parts]
        unknown: list[ast.expr] = [ast.Compare(load, [ast.Is()], [UNKNOWN]) for _, load in kept]
        answer: ast.expr = ast.IfExp(ast.BoolOp(ast.Or(), unknown), UNKNOWN, ast.Constant(not decisive))
        for keep, _ in reversed(kept):
            decides = ast.Compare(keep, [ast.Is()], [ast.Constant(decisive)])
            answer = ast.IfExp(decides, ast.Constant(decisive), answer)
        return answer

    def _keep(self, value: ast.expr) -> tuple[ast.expr, ast.expr]:
        """Return Python that keeps a value under a name of its own, and Python that reads it again."""
        self._kept += 1
        name = f"x{self._kept}"
        return ast.NamedExpr(ast.Name(name, ast.Store()), value), _name(name)


def _unless_unknown(keeps: Sequence[ast.expr], value: ast.expr) -> ast.expr:
    """Return Python for the value, which is unknown where one of these is; all of them are asked."""
    if not keeps:
        return value
    unknown, *others = (ast.Compare(keep, [ast.Is()], [UNKNOWN]) for keep in keeps)
    asked: ast.expr = unknown
    for other in others:
        asked = ast.BinOp(asked, ast.BitOr(), other)
    return ast.IfExp(asked, UNKNOWN, value)


def _name(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _call(function: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(_name(function), list(arguments), [])
