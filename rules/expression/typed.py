"""The tree of an expression with its types, courtesies already turned into what they mean."""

from dataclasses import dataclass
from typing import TypeAlias

from contracts.values import FieldType
from rules.expression.spec import WindowSpec


@dataclass(frozen=True, slots=True)
class Literal:
    type: FieldType
    value: bool | int | float | str


@dataclass(frozen=True, slots=True)
class Fact:
    type: FieldType
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of `it`, the event at hand in a `where`."""

    type: FieldType
    name: str


@dataclass(frozen=True, slots=True)
class Now:
    type: FieldType = FieldType.INSTANT


@dataclass(frozen=True, slots=True)
class Elapsed:
    """`since(E)`: how long ago the newest E happened."""

    event: str
    type: FieldType = FieldType.DURATION


@dataclass(frozen=True, slots=True)
class Seen:
    """When the newest event of a type happened: what `since(E)` counts from."""

    event: str
    type: FieldType = FieldType.INSTANT


@dataclass(frozen=True, slots=True)
class Windowed:
    """function: count, sum, min, max or mean."""

    type: FieldType
    function: str
    spec: WindowSpec


@dataclass(frozen=True, slots=True)
class Turned:
    """A value taken as another type: an integer or money as a decimal, a date as the instant at which it ends, or as its day."""

    type: FieldType
    of: "Typed"


@dataclass(frozen=True, slots=True)
class Called:
    """function: size, startsWith, endsWith, contains, int or double."""

    type: FieldType
    function: str
    arguments: "tuple[Typed, ...]"


@dataclass(frozen=True, slots=True)
class Negative:
    type: FieldType
    of: "Typed"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """operator: + - * / %; type is the result's. A duration times an integer has the duration left."""

    type: FieldType
    operator: str
    left: "Typed"
    right: "Typed"


@dataclass(frozen=True, slots=True)
class Pick:
    type: FieldType
    condition: "Typed"
    yes: "Typed"
    no: "Typed"


@dataclass(frozen=True, slots=True)
class Compare:
    """operator: == != < <= > >=, between two of one type."""

    operator: str
    left: "Typed"
    right: "Typed"
    type: FieldType = FieldType.BOOL


@dataclass(frozen=True, slots=True)
class Clocked:
    """A comparison with now: left and right as written, and the same thing as `moment OPERATOR now`."""

    written: str
    left: "Typed"
    right: "Typed"
    moment: "Typed"
    operator: str
    type: FieldType = FieldType.BOOL


@dataclass(frozen=True, slots=True)
class Among:
    """Is the value one of these literals?"""

    of: "Typed"
    items: tuple[Literal, ...]
    type: FieldType = FieldType.BOOL


@dataclass(frozen=True, slots=True)
class Known:
    """`has(fact)`, which is never unknown itself."""

    of: Fact | Field
    type: FieldType = FieldType.BOOL


@dataclass(frozen=True, slots=True)
class Not:
    of: "Typed"
    type: FieldType = FieldType.BOOL


@dataclass(frozen=True, slots=True)
class Joined:
    """operator: `and` or `or`."""

    operator: str
    parts: "tuple[Typed, ...]"
    type: FieldType = FieldType.BOOL


Typed: TypeAlias = (
    Literal
    | Fact
    | Field
    | Now
    | Elapsed
    | Seen
    | Windowed
    | Turned
    | Called
    | Negative
    | Arithmetic
    | Pick
    | Compare
    | Clocked
    | Among
    | Known
    | Not
    | Joined
)


def is_composite(node: Typed) -> bool:
    """Say whether a condition is made of conditions; any other is one comparison, or one plain yes or no."""
    match node:
        case Joined() | Not() | Pick(type=FieldType.BOOL):
            return True
        case Compare(left=left):
            return left.type is FieldType.BOOL
        case _:
            return False
