"""A text over `raw` comes in, a function from foreign JSON to a plain value goes out; what is missing there is unknown."""

from collections.abc import Callable
from math import isfinite
from typing import Any, assert_never

from contracts.times import instant_text, length_text
from contracts.values import FieldType, Money
from rules.expression.converters import CONVERTERS, METHODS
from rules.expression.faults import did_you_mean, each, refuse
from rules.expression.foreign import Instant, Length, MappingError
from rules.expression.joining import compared, joined, negative, same
from rules.expression.parser import parse
from rules.expression.tree import Binary, Call, Choice, Constant, Index, Junction, Listing, Member, Name, Node, Unary, WindowCall

__all__ = ["MappingError", "compile_mapping"]

Reading = Callable[[Any], Any]


def compile_mapping(text: str) -> Reading:
    """Return a function of one foreign record, already decoded from JSON.

    It returns what stands in the data of an event: instants in RFC 3339, days in ISO, durations as 1d12h, money as amount and
    currency, or None where it is unknown. The function raises MappingError. Raises ExpressionError.
    """
    read = _reading(parse(text))
    return lambda raw: _plain(read(raw))


def _plain(value: Any) -> Any:
    match value:
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


def _reading(node: Node) -> Reading:
    match node:
        case Constant(type=kind, value=value):
            constant = Length(value) if kind is FieldType.DURATION else value
            return lambda raw: constant
        case Name(name="raw"):
            return lambda raw: raw
        case Name(name=name):
            raise refuse(node.offset, f"unknown name `{name}`", f"write `raw.{name}`: `raw` is the record at hand")
        case Member(of=of, name=name):
            return _entry(_reading(of), name)
        case Index(of=of, at=at):
            return _indexed(*each(_reading, (of, at)))
        case Call():
            return _call(node)
        case Unary(operator=operator, of=of):
            return _unary(operator, _reading(of))
        case Binary(operator="in"):
            return _among(node)
        case Binary(operator=operator, left=left, right=right):
            return _binary(operator, *each(_reading, (left, right)))
        case Junction(operator=operator, parts=parts):
            return _junction(each(_reading, parts), decisive=operator == "or")
        case Choice(condition=condition, yes=yes, no=no):
            return _choice(*each(_reading, (condition, yes, no)))
        case Listing():
            raise refuse(node.offset, "a list may stand only behind `in`", 'write `raw.type in ["a", "b"]`')
        case WindowCall():
            raise refuse(node.offset, "a mapping sees one record, so it has no windows", "count in a rule")
        case _:
            assert_never(node)


def _entry(of: Reading, name: str) -> Reading:
    def read(raw: Any) -> Any:
        whole = of(raw)
        return whole.get(name) if isinstance(whole, dict) else None

    return read


def _indexed(of: Reading, at: Reading) -> Reading:
    def read(raw: Any) -> Any:
        whole, place = of(raw), at(raw)
        if isinstance(whole, dict):
            return whole.get(place) if isinstance(place, str) else None
        is_place = isinstance(whole, list) and type(place) is int and 0 <= place < len(whole)
        return whole[place] if is_place else None

    return read


def _call(node: Call) -> Reading:
    arguments = each(_reading, node.arguments if node.receiver is None else (node.receiver, *node.arguments))
    match node.name, arguments:
        case "has", [value] if node.receiver is None:
            return lambda raw: value(raw) is not None
        case "default", [value, otherwise] if node.receiver is None:
            return lambda raw: found if (found := value(raw)) is not None else otherwise(raw)
        case name, _ if name in CONVERTERS and (name in METHODS) is (node.receiver is not None):
            return _converted(node, arguments)
        case _:
            known = (*CONVERTERS, "has", "default")
            raise refuse(
                node.offset, f"`{node.name}` cannot be called like this", did_you_mean(node.name, known, "see the converters")
            )


def _converted(node: Call, arguments: list[Reading]) -> Reading:
    converter = CONVERTERS[node.name]
    if not converter.least <= len(arguments) <= converter.most:
        few = str(converter.least) if converter.least == converter.most else f"{converter.least} or {converter.most}"
        raise refuse(node.offset, f"`{node.name}` takes {few} values, not {len(arguments)}", "see the converters")

    def read(raw: Any) -> Any:
        values = [argument(raw) for argument in arguments]
        return None if None in values else converter.convert(*values)

    return read


def _unary(operator: str, of: Reading) -> Reading:
    def read(raw: Any) -> Any:
        if (value := of(raw)) is None:
            return None
        return not _truth(value) if operator == "not" else negative(value)

    return read


def _binary(operator: str, left: Reading, right: Reading) -> Reading:
    join = compared if operator in ("<", "<=", ">", ">=", "==", "!=") else joined

    def read(raw: Any) -> Any:
        one, other = left(raw), right(raw)
        return None if one is None or other is None else join(operator, one, other)

    return read


def _among(node: Binary) -> Reading:
    if not isinstance(node.right, Listing):
        raise refuse(node.right.offset, "behind `in` stands a list", 'write it out, such as `raw.type in ["a", "b"]`')
    value, items = _reading(node.left), each(_reading, node.right.items)

    def read(raw: Any) -> bool | None:
        if (found := value(raw)) is None:
            return None
        values = [item(raw) for item in items]
        return any(item is not None and same(found, item) for item in values) or (None if None in values else False)

    return read


def _junction(parts: list[Reading], *, decisive: bool) -> Reading:
    """Kleene's `and` (False decides) or `or` (True decides), from left to right."""

    def read(raw: Any) -> bool | None:
        answer: bool | None = not decisive
        for part in parts:
            if (value := part(raw)) is None:
                answer = None
            elif _truth(value) is decisive:
                return decisive
        return answer

    return read


def _choice(condition: Reading, yes: Reading, no: Reading) -> Reading:
    def read(raw: Any) -> Any:
        value = condition(raw)
        return None if value is None else yes(raw) if _truth(value) else no(raw)

    return read


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise MappingError(f"{value!r} is neither true nor false — compare it, or write bool(x)")
    return value
