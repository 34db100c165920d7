"""Records into rows of a table and back: one column per field, by the field's name, typed as the record says."""

from collections.abc import Callable, Iterable, Sequence
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

    columns: quoted and joined by commas, in the record's order; marks: as many question marks.
    """

    def __init__(self, record: type[R]) -> None:
        fields = structs.fields(record)
        turns = {place: turn for place, field in enumerate(fields) if (turn := _turns(field.type))}
        self.columns = columns(field.name for field in fields)
        self.marks = marks(len(fields))
        self._record = record
        self._names = tuple(field.name for field in fields)
        self._write = [(place, write) for place, (write, _) in turns.items()]
        self._read = [(place, read) for place, (_, read) in turns.items()]

    def upsert(self, table: str, *, key: str) -> str:
        """Return the statement that writes a row, over the one with the same key."""
        news = ", ".join(f'"{name}" = excluded."{name}"' for name in self._names if name != key)
        return f'INSERT INTO {table} ({self.columns}) VALUES ({self.marks}) ON CONFLICT ("{key}") DO UPDATE SET {news}'

    def row(self, record: R) -> tuple[Any, ...]:
        row = structs.astuple(record)
        return _turned(row, self._write) if self._write else row

    def record(self, row: Sequence[Any]) -> R:
        return self._record(**dict(zip(self._names, _turned(row, self._read), strict=True)))

    def records(self, rows: Sequence[Sequence[Any]]) -> list[R]:
        return [self.record(row) for row in rows]


def columns(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def marks(count: int) -> str:
    return ", ".join("?" * count)


def _turned(row: Sequence[Any], turns: Sequence[tuple[int, Turn]]) -> tuple[Any, ...]:
    turned = list(row)
    for place, turn in turns:
        if turned[place] is not None:
            turned[place] = turn(turned[place])
    return tuple(turned)


def _turns(kind: Any) -> tuple[Turn, Turn] | None:
    """Return how a value of this type goes into its column and comes out of it; None: as it is."""
    kind = _without_none(kind)
    if kind in OWN_CODECS:
        return OWN_CODECS[kind]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return str.__str__, kind
    if kind is bool:
        return bool, bool
    return None if kind in PLAIN else (to_json, Decoder(kind).decode)


def _without_none(kind: Any) -> Any:
    if get_origin(kind) not in (Union, UnionType):
        return kind
    [only] = [part for part in get_args(kind) if part is not type(None)]
    return only
