"""Many rows into a PostgreSQL table in one statement: their columns go as arrays."""

import re
from collections.abc import Sequence

from psycopg import Cursor

from storage.postgres_columns import Column, column
from storage.session import Row

INSERT = re.compile(r"\s*INSERT INTO (?P<table>\w+) \((?P<columns>[^)]*)\) VALUES \((?:\?, )*\?\)(?P<rest>.*)", re.DOTALL)
KEY = re.compile(r"ON CONFLICT \((?P<key>[^)]*)\) DO UPDATE")
COLUMN_TYPES = """
    SELECT column_name, data_type FROM information_schema.columns
    WHERE table_schema = ANY (current_schemas(false)) AND table_name = %s"""
FEW = 2


class Bulk:
    """Writes rows by a statement of one row. It keeps what it has learned of a statement, whatever connection it came by."""

    def __init__(self) -> None:
        self._known: dict[str, Manner | None] = {}

    def write(self, cursor: Cursor[Row], one: bytes, text: str, rows: Sequence[Row]) -> None:
        """Write all rows at once if the statement inserts and no two rows are about the same; else one after the other.

        one: the statement for one row, as psycopg wants it; text: as it was written. psycopg's executemany is not used: after its
        pipeline the server does not end a transaction that stands still.
        """
        if len(rows) <= FEW or (manner := self._manner(text, cursor)) is None or not manner.fits(rows):
            for row in rows:
                cursor.execute(one, row)
        else:
            cursor.execute(manner.statement, manner.arrays(rows))

    def _manner(self, text: str, cursor: Cursor[Row]) -> "Manner | None":
        if text not in self._known:
            found = INSERT.fullmatch(text)
            self._known[text] = Manner(found, _types(found["table"], cursor)) if found else None
        return self._known[text]


class Manner:
    """How the rows of one statement go in at once. statement: with one array for each column."""

    def __init__(self, insert: re.Match[str], types: dict[str, str]) -> None:
        table, columns = insert["table"], _names(insert["columns"])
        self._types = [types[name] for name in columns]
        arrays = ", ".join(f"%s::{data_type}[]" for data_type in self._types)
        rest = insert["rest"].replace("%", "%%")
        self.statement = f"INSERT INTO {table} ({insert['columns']}) SELECT * FROM unnest({arrays}) {rest}".encode()
        key = KEY.search(rest)
        self._key = [columns.index(name) for name in _names(key["key"])] if key else []

    def arrays(self, rows: Sequence[Row]) -> list[Column]:
        return [column(values, data_type) for values, data_type in zip(zip(*rows, strict=True), self._types, strict=True)]

    def fits(self, rows: Sequence[Row]) -> bool:
        """Whether no two rows would write over each other, which one statement may not."""
        return not self._key or len({tuple([row[place] for place in self._key]) for row in rows}) == len(rows)


def _types(table: str, cursor: Cursor[Row]) -> dict[str, str]:
    """Return the type of each column of a table."""
    return dict(cursor.execute(COLUMN_TYPES, (table,)).fetchall())


def _names(columns: str) -> list[str]:
    return [name.strip().strip('"') for name in columns.split(",")]
