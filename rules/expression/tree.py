"""The tree of an expression as it was written, before types: every node knows its place in the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from contracts.values import FieldType


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, true or false; a duration is its microseconds and says so by its type."""

    offset: int
    type: FieldType
    value: bool | int | float | str


@dataclass(frozen=True, slots=True)
class Name:
    offset: int
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """offset is where the whole path begins."""

    offset: int
    of: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    offset: int
    of: "Node"
    at: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """`name(arguments)`, or `receiver.name(arguments)`."""

    offset: int
    name: str
    receiver: "Node | None"
    arguments: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class WindowCall:
    """`function(path where where, length | since since)`; length in microseconds."""

    offset: int
    function: str
    path: str
    where: "Node | None"
    length: int | None
    since: str | None


@dataclass(frozen=True, slots=True)
class Unary:
    """operator: `-` or `not`."""

    offset: int
    operator: str
    of: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """operator: one of + - * / % == != < <= > >= in; offset is the operator's."""

    offset: int
    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Junction:
    """operator: `and` or `or`, between two parts or more."""

    offset: int
    operator: str
    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    offset: int
    condition: "Node"
    yes: "Node"
    no: "Node"


@dataclass(frozen=True, slots=True)
class Listing:
    offset: int
    items: "tuple[Node, ...]"


Node: TypeAlias = Constant | Name | Member | Index | Call | WindowCall | Unary | Binary | Junction | Choice | Listing


def children(node: Any) -> Iterator[Any]:
    """Yield the nodes right below a node, in the order of the text; for both trees, the written and the typed one."""
    for name in node.__match_args__:
        value = getattr(node, name)
        if isinstance(value, tuple):
            yield from (item for item in value if hasattr(item, "__dataclass_fields__"))
        elif hasattr(value, "__dataclass_fields__"):
            yield value


def walk(node: Any) -> Iterator[Any]:
    """Yield a node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def measure(node: Any) -> tuple[int, int]:
    """Return the depth of a tree and the number of its nodes, however deep it is."""
    waiting, deepest, nodes = [(node, 1)], 0, 0
    while waiting:
        here, level = waiting.pop()
        deepest, nodes = max(deepest, level), nodes + 1
        waiting.extend((child, level + 1) for child in children(here))
    return deepest, nodes


def dotted(node: Node) -> str | None:
    """Return `a.b.c` of names and members, or None for any other node."""
    match node:
        case Name(name=name):
            return name
        case Member(of=of, name=name) if (start := dotted(of)) is not None:
            return f"{start}.{name}"
        case _:
            return None
