"""Records into rows of a table and back: one column per field, by the field's name, typed as the record says."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from msgspec import Struct, structs
from msgspec.json import Decoder

from contracts.message import Claim
from contracts.problem import Facts
from storage.codec import claims_from_json, claims_to_json, facts_from_json, facts_to_json, to_json

R = TypeVar("R", bound=Struct)
Turn = Callable[[Any], Any]

PLAIN = (str, int, bytes)
OWN_CODECS: dict[Any, tuple[Turn, Turn]] = {
    Facts: (facts_to_json, facts_from_json),
    tuple[Claim, ...]: (claims_to_json, claims_from_json),
}


class Shape(Generic[R]):
    """How one kind of record stands in its table.

    names: of its columns, in the record's order; columns: quoted and joined by commas; marks: as many question marks.
    row, record: a record as its row, and back.
    """

    def __init__(self, record: type[R]) -> None:
        fields = structs.fields(record)
        self.columns = columns(field.name for field in fields)
        self.marks = marks(len(fields))
        self.names = tuple(field.name for field in fields)
        self.row: Callable[[R], tuple[Any, ...]] = _writer(fields)
        self.record: Callable[[Sequence[Any]], R] = _reader(record, fields)

    def columns_of(self, table: str) -> str:
        """Return the columns, each said to be of this table."""
        return ", ".join(f'{table}."{name}"' for name in self.names)

    def upsert(self, table: str, *, key: str) -> str:
        """Return the statement that writes a row, over the one with the same key."""
        news = ", ".join(f'"{name}" = excluded."{name}"' for name in self.names if name != key)
        return f'INSERT INTO {table} ({self.columns}) VALUES ({self.marks}) ON CONFLICT ("{key}") DO UPDATE SET {news}'

    def records(self, rows: Sequence[Sequence[Any]]) -> list[R]:
        record = self.record
        return [record(row) for row in rows]


def _writer(fields: Sequence[structs.FieldInfo]) -> Callable[[R], tuple[Any, ...]]:
    """Return what makes a row of a record: one expression per record type, which takes a third of the time of a loop over it."""
    turns = [_turns(field.type) for field in fields]
    parts = [_turned(f"record.{field.name}", place, turns[place]) for place, field in enumerate(fields)]
    return _made(f"lambda record: ({', '.join(parts)},)", {f"turn{place}": turn[0] for place, turn in enumerate(turns) if turn})


def _reader(record: type[R], fields: Sequence[structs.FieldInfo]) -> Callable[[Sequence[Any]], R]:
    turns = [_turns(field.type) for field in fields]
    parts = [f"{field.name}={_turned(f'row[{place}]', place, turns[place])}" for place, field in enumerate(fields)]
    names = {f"turn{place}": turn[1] for place, turn in enumerate(turns) if turn}
    return _made(f"lambda row: record({', '.join(parts)})", names | {"record": record})


def _turned(value: str, place: int, turn: tuple[Turn, Turn] | None) -> str:
    return value if turn is None else f"None if {value} is None else turn{place}({value})"


def _made(text: str, names: Mapping[str, Any]) -> Callable[..., Any]:
    """Return the function of a text that is made of field names only, never of data."""
    made: Callable[..., Any] = eval(text, {"__builtins__": {}, **names})
    return made


def columns(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def marks(count: int) -> str:
    return ", ".join("?" * count)


def _turns(kind: Any) -> tuple[Turn, Turn] | None:
    """Return how a value of this type goes into its column and comes out of it; None: as it is."""
    kind = _without_none(kind)
    if kind in OWN_CODECS:
        return OWN_CODECS[kind]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return str.__str__, {member.value: member for member in kind}.__getitem__
    if kind is bool:
        return bool, bool
    return None if kind in PLAIN else (to_json, Decoder(kind).decode)


def _without_none(kind: Any) -> Any:
    if get_origin(kind) not in (Union, UnionType):
        return kind
    [only] = [part for part in get_args(kind) if part is not type(None)]
    return only
