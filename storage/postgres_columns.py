"""Values of one column as an array in PostgreSQL's own binary form, which costs both sides a fraction of what a text costs."""

from collections.abc import Callable, Sequence
from struct import Struct
from typing import Any, TypeAlias

from psycopg.adapt import Dumper
from psycopg.pq import Format

Elements: TypeAlias = list[bytes]

HEAD = Struct("!iiIii").pack  # dimensions, whether one is NULL, oid of the elements, how many, number of the first
LENGTH = Struct("!i").pack
NUMBER = Struct("!iq").pack
NULL = LENGTH(-1)
TRUTH = {False: LENGTH(1) + b"\0", True: LENGTH(1) + b"\1"}


class Column(bytes):
    """An array as it is sent; the server knows its type by what it is compared with or turned into."""


class ColumnDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Column) -> Column:
        return obj


def column(values: Sequence[Any], data_type: str) -> Column:
    """Return values, of which each may be None, as an array. data_type: of DATA_TYPES, by PostgreSQL's name."""
    oid, elements = DATA_TYPES[data_type]
    return Column(HEAD(1, None in values, oid, len(values), 1) + b"".join(elements(values)))


def array_of(keys: Sequence[Any]) -> Column:
    """Return keys, one at least: texts or whole numbers."""
    return column(keys, "bigint" if isinstance(keys[0], int) else "text")


def _texts(values: Sequence[str | None]) -> Elements:
    return _bytes([None if value is None else value.encode() for value in values])


def _bytes(values: Sequence[bytes | None]) -> Elements:
    return [NULL if value is None else LENGTH(len(value)) + value for value in values]


def _numbers(values: Sequence[int | None]) -> Elements:
    return [NULL if value is None else NUMBER(8, value) for value in values]


def _truths(values: Sequence[bool | None]) -> Elements:
    return [NULL if value is None else TRUTH[value] for value in values]


DATA_TYPES: dict[str, tuple[int, Callable[[Sequence[Any]], Elements]]] = {
    "text": (25, _texts),
    "bytea": (17, _bytes),
    "bigint": (20, _numbers),
    "boolean": (16, _truths),
}
TYPES = {oid: name for name, (oid, _) in DATA_TYPES.items()}
