"""Tokens come in, the tree goes out: CEL's grammar, with `and or not`, durations and windows."""

from collections.abc import Callable

from contracts.values import FieldType
from rules.expression.faults import ExpressionError, refuse
from rules.expression.tokens import MAX_INTEGER, SIGNS, Token, tokens_of
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
    measure,
)

MAX_DEPTH = 32
MAX_NODES = 500

RELATIONS = ("==", "!=", "<", "<=", ">", ">=", "in")
WINDOW_FUNCTIONS = ("count", "sum", "min", "max", "mean")
CONSTANTS = {"integer": FieldType.INTEGER, "decimal": FieldType.DECIMAL, "length": FieldType.DURATION, "text": FieldType.TEXT}


def parse(text: str) -> Node:
    """Return the tree of an expression of at most 4 KiB, 500 nodes and a depth of 32. Raises ExpressionError."""
    parser = Parser(tokens_of(text))
    tree = parser.expression()
    parser.expect_end()
    deepest, nodes = measure(tree)
    if deepest > MAX_DEPTH:
        raise refuse(tree.offset, f"the expression is nested deeper than {MAX_DEPTH}", "split it into several detectors")
    if nodes > MAX_NODES:
        raise refuse(tree.offset, f"the expression has more than {MAX_NODES} parts", "split it into several detectors")
    return tree


class Parser:
    """One method per level of precedence, loosest first."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.nesting = 0

    def expression(self) -> Node:
        self._nest(self.next.offset)
        condition = self.either()
        if question := self.take("?"):
            yes = self.expression()
            self.expect(":", "a choice is written `condition ? one : other`")
            condition = Choice(question.offset, condition, yes, self.expression())
        self.nesting -= 1
        return condition

    def either(self) -> Node:
        return self._junction("or", self.both)

    def both(self) -> Node:
        return self._junction("and", self.negation)

    def _junction(self, operator: str, part: Callable[[], Node]) -> Node:
        parts, place = [part()], self.next.offset
        while self.take(operator):
            parts.append(part())
        return Junction(place, operator, tuple(parts)) if len(parts) > 1 else parts[0]

    def negation(self) -> Node:
        """`not` binds looser than comparisons, as it is read aloud; `!` tighter, as in CEL."""
        if self.next.spelling != "not":
            return self.relation()
        token = self.advance()
        self._nest(token.offset)
        negated = Unary(token.offset, "not", self.negation())
        self.nesting -= 1
        return negated

    def relation(self) -> Node:
        left = self.addition()
        while (token := self.take(*RELATIONS)) or self._not_in():
            if token is None:
                token, operator = self.advance(), self.advance()
                left = Unary(token.offset, "not", Binary(operator.offset, "in", left, self.addition()))
            else:
                left = Binary(token.offset, token.spelling, left, self.addition())
        return left

    def _not_in(self) -> bool:
        return self.next.spelling == "not" and self.tokens[self.at + 1].spelling == "in"

    def addition(self) -> Node:
        left = self.product()
        while token := self.take("+", "-"):
            left = Binary(token.offset, token.spelling, left, self.product())
        return left

    def product(self) -> Node:
        left = self.unary()
        while token := self.take("*", "/", "%"):
            left = Binary(token.offset, token.spelling, left, self.unary())
        return left

    def unary(self) -> Node:
        token = self.next
        if token.kind != "sign" or token.spelling not in ("-", "!"):
            return self.postfix(self.primary())
        self.advance()
        if token.spelling == "-" and self.next.kind in ("integer", "decimal", "length"):
            return self.postfix(self._constant(self.advance(), sign=-1))
        self._nest(token.offset)
        negated = Unary(token.offset, SIGNS.get(token.spelling, token.spelling), self.unary())
        self.nesting -= 1
        return negated

    def postfix(self, node: Node) -> Node:
        while token := self.take(".", "["):
            if token.spelling == "[":
                node = Index(token.offset, node, self.expression())
                self.expect("]", "close the index with `]`")
                continue
            name = self._member_name()
            node = (
                Call(name.offset, name.spelling, node, self._arguments())
                if self.take("(")
                else Member(node.offset, node, name.spelling)
            )
        return node

    def primary(self) -> Node:
        token = self.advance()
        if token.kind in CONSTANTS:
            return self._constant(token)
        if token.kind == "name":
            return self._named(token)
        match token.spelling:
            case "(":
                inner = self.expression()
                self.expect(")", "close the bracket with `)`")
                return inner
            case "[":
                return Listing(token.offset, self._items("]"))
            case "true" | "false":
                return Constant(token.offset, FieldType.BOOL, token.spelling == "true")
            case "null":
                raise refuse(token.offset, "`null` has no place in a rule", "write `has(fact)` or `not has(fact)`")
            case _:
                raise self._unexpected(token, "a name, a number, a text or a bracket is expected here")

    def _constant(self, token: Token, *, sign: int = 1) -> Node:
        value = token.value * sign if sign == -1 else token.value
        if value == MAX_INTEGER and token.kind == "integer":
            raise refuse(token.offset, f"`{token.spelling}` is too large a whole number", "write one below 9223372036854775808")
        return Constant(token.offset, CONSTANTS[token.kind], value)

    def _named(self, token: Token) -> Node:
        if not self.take("("):
            return Name(token.offset, token.spelling)
        if token.spelling in WINDOW_FUNCTIONS:
            return self._window(token)
        return Call(token.offset, token.spelling, None, self._arguments())

    def _arguments(self) -> tuple[Node, ...]:
        return self._items(")")

    def _items(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self.take(closing):
            if items:
                self.expect(",", f"put `,` between them, or close with `{closing}`")
            items.append(self.expression())
        return tuple(items)

    def _window(self, token: Token) -> Node:
        path = self._path("the name of an event type is expected here")
        where = self.expression() if self.take("where") else None
        remedy = f"write {token.spelling}({path}, 24h) or {token.spelling}({path}, since order.placed)"
        self.expect(",", remedy)
        length, since = self._span(remedy)
        self.expect(")", "close the window with `)`")
        return WindowCall(token.offset, token.spelling, path, where, length, since)

    def _span(self, remedy: str) -> tuple[int | None, str | None]:
        token = self.advance()
        if token.kind == "length" and token.value:
            return int(token.value), None
        if token.kind == "name" and token.spelling == "since":
            return None, self._path("the event type since which it counts is expected here")
        raise refuse(token.offset, f"{token.shown()} is not the length of a window", remedy)

    def _path(self, expected: str) -> str:
        if self.next.kind != "name":
            raise self._unexpected(self.next, expected)
        names = [self.advance().spelling]
        while self.take("."):
            names.append(self._member_name().spelling)
        return ".".join(names)

    def _member_name(self) -> Token:
        if self.next.kind not in ("name", "word"):
            raise self._unexpected(self.next, "a name is expected after the dot")
        return self.advance()

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def advance(self) -> Token:
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def take(self, *spellings: str) -> Token | None:
        """Return the next token and step over it when it is one of these signs or words, else None."""
        token = self.next
        if token.kind not in ("sign", "word") or SIGNS.get(token.spelling, token.spelling) not in spellings:
            return None
        return self.advance()

    def expect(self, sign: str, remedy: str) -> None:
        if not self.take(sign):
            raise self._unexpected(self.next, remedy)

    def expect_end(self) -> None:
        if self.next.kind != "end":
            raise self._unexpected(self.next, "join the two with an operator, such as `and`, or take one away")

    def _unexpected(self, token: Token, remedy: str) -> ExpressionError:
        return refuse(token.offset, f"{token.shown()} does not belong here", remedy)

    def _nest(self, offset: int) -> None:
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            raise refuse(offset, f"the expression is nested deeper than {MAX_DEPTH}", "split it into several detectors")
