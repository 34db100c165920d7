"""The text of an expression becomes a tree of tuples; every node is (word, part, part, …)."""

import re
from typing import Any

from tests.oracle.values import duration

Node = tuple[Any, ...]
WINDOWS = {"count", "sum", "min", "max", "mean"}
TOKEN = re.compile(
    r"""\s*(?:(?P<span>(?:\d+[wdhms])+(?![\w.]))|(?P<number>\d+\.\d+|\d+)|(?P<text>"[^"]*"|'[^']*')"""
    r"""|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?P<sign><=|>=|==|!=|&&|\|\||[-+*/%<>!?:(),]))"""
)
SIGNS = {"&&": "and", "||": "or", "!": "not"}


def parse(text: str) -> Node:
    """Return the tree of a whole expression; ValueError where it is none."""
    reader = _Reader(text)
    tree = reader.choice()
    if reader.here != ("end", ""):
        raise ValueError(f"{text!r}: nothing is expected at {reader.here[1]!r}")
    return tree


class _Reader:
    """Recursive descent, one method per level, the loosest first."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text.strip())
        self.at = 0

    @property
    def here(self) -> tuple[str, str]:
        return self.tokens[self.at]

    def take(self, *texts: str) -> str | None:
        """Step over the token if it is one of these words or signs."""
        kind, text = self.here
        if kind in ("name", "sign") and text in texts:
            self.at += 1
            return text
        return None

    def need(self, text: str) -> None:
        if self.take(text) is None:
            raise ValueError(f"{text!r} is missing at {self.here[1]!r}")

    def name(self) -> str:
        kind, text = self.here
        if kind != "name":
            raise ValueError(f"a name is missing at {text!r}")
        self.at += 1
        return text

    def choice(self) -> Node:
        condition = self.either()
        if self.take("?") is None:
            return condition
        first = self.choice()
        self.need(":")
        return ("choice", condition, first, self.choice())

    def either(self) -> Node:
        left = self.both()
        while self.take("or"):
            left = ("or", left, self.both())
        return left

    def both(self) -> Node:
        left = self.negation()
        while self.take("and"):
            left = ("and", left, self.negation())
        return left

    def negation(self) -> Node:
        return ("not", self.negation()) if self.take("not") else self.comparison()

    def comparison(self) -> Node:
        left = self.total()
        sign = self.take("<=", ">=", "==", "!=", "<", ">")
        return left if sign is None else ("compare", sign, left, self.total())

    def total(self) -> Node:
        left = self.product()
        while sign := self.take("+", "-"):
            left = ("reckon", sign, left, self.product())
        return left

    def product(self) -> Node:
        left = self.single()
        while sign := self.take("*", "/", "%"):
            left = ("reckon", sign, left, self.single())
        return left

    def single(self) -> Node:
        if self.take("-"):
            return ("reckon", "-", ("value", 0), self.single())
        if self.take("not"):
            return ("not", self.single())
        if self.take("("):
            inner = self.choice()
            self.need(")")
            return inner
        return self.literal() if self.here[0] in ("span", "number", "text") else self.named()

    def literal(self) -> Node:
        kind, text = self.here
        self.at += 1
        if kind == "span":
            return ("value", duration(text))
        if kind == "text":
            return ("value", text[1:-1])
        return ("value", float(text) if "." in text else int(text))

    def named(self) -> Node:
        word = self.name()
        if word in ("true", "false"):
            return ("value", word == "true")
        if self.take("("):
            return self.call(word)
        if word.startswith("it."):
            return ("it", word.removeprefix("it."))
        return ("now",) if word == "now" else ("fact", word)

    def call(self, word: str) -> Node:
        node = self.window(word) if word in WINDOWS else (word, self.name())
        self.need(")")
        return node

    def window(self, word: str) -> Node:
        event_type, field = self.name(), None
        if word != "count":
            event_type, field = event_type.rsplit(".", 1)
        where = self.choice() if self.take("where") else None
        self.need(",")
        return ("window", word, event_type, field, where, self.span())

    def span(self) -> int | str:
        """Return the length of a window in microseconds, or the event type that it is since."""
        if self.take("since"):
            return self.name()
        kind, text = self.here
        if kind != "span":
            raise ValueError(f"a duration is missing at {text!r}")
        self.at += 1
        return duration(text)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ValueError(f"{text!r}: not understood at {text[at:]!r}")
        word = match[match.lastgroup]
        found.append((match.lastgroup, SIGNS.get(word, word) if match.lastgroup == "sign" else word))
        at = match.end()
    return [*found, ("end", "")]


def nodes(tree: Any) -> list[Node]:
    """Return the tree and everything below it."""
    if not isinstance(tree, tuple):
        return []
    return [tree, *(inner for part in tree for inner in nodes(part))]
