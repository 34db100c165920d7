"""Many rows into a PostgreSQL table, or many changes of its rows, in one statement: their values go as arrays."""

import re
from collections.abc import Sequence
from itertools import count

from psycopg import Cursor
from psycopg.generators import execute

from storage.postgres_columns import TYPES, Column, column
from storage.session import Row

INSERT = re.compile(r"(?P<into>\s*INSERT INTO \w+ \((?P<columns>[^)]*)\))\s+VALUES \((?:\?, )*\?\)(?P<rest>.*)", re.DOTALL)
CONFLICT = re.compile(r"ON CONFLICT \((?P<key>[^)]*)\) DO UPDATE")
UPDATE = re.compile(r"(?P<set>\s*UPDATE .*?)(?P<where>\sWHERE .*)", re.DOTALL)
EQUAL = re.compile(r"(?<![<>])= \?")
FEW = 2


class Bulk:
    """Writes rows by a statement of one row. It keeps what it has learned of a statement, whatever connection it came by."""

    def __init__(self) -> None:
        self._known: dict[str, Manner | None] = {}

    def write(self, cursor: Cursor[Row], one: bytes, text: str, rows: Sequence[Row]) -> None:
        """Write all rows at once if the statement inserts or updates and no two rows are about the same; else one by one.

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
            insert, update = INSERT.fullmatch(text), UPDATE.fullmatch(text)
            types = _types(text, cursor) if insert or update else []
            self._known[text] = _inserts(insert, types) if insert else _updates(update, types) if update else None
        return self._known[text]


class Manner:
    """How the rows of one statement go in at once.

    statement: with one array for each value of a row. key: places of the values by which rows are told apart; of two with the
    same, one would be written over the other, which one statement may not; none where that cannot be.
    """

    def __init__(self, statement: str, types: Sequence[str], key: Sequence[int]) -> None:
        self.statement, self._types, self._key = statement.encode(), types, key

    def arrays(self, rows: Sequence[Row]) -> list[Column]:
        return [column(values, data_type) for values, data_type in zip(zip(*rows, strict=True), self._types, strict=True)]

    def fits(self, rows: Sequence[Row]) -> bool:
        return not self._key or len({tuple([row[place] for place in self._key]) for row in rows}) == len(rows)


def _inserts(found: re.Match[str], types: Sequence[str]) -> Manner:
    rest = found["rest"].replace("%", "%%")
    key, names = CONFLICT.search(rest), _names(found["columns"])
    places = [names.index(name) for name in _names(key["key"])] if key else []
    return Manner(f"{found['into']} SELECT * FROM {_unnested(types)} {rest}", types, places)


def _updates(found: re.Match[str], types: Sequence[str]) -> Manner:
    """Each value stands where its mark stood, as a column of what is given."""
    numbers = count()
    changed, where = (
        re.sub(r"\?", lambda mark: f"given.v{next(numbers)}", part.replace("%", "%%")) for part in (found["set"], found["where"])
    )
    names = ", ".join(f"v{place}" for place in range(len(types)))
    first = found["set"].count("?")
    key = [first + found["where"].count("?", 0, equal.start()) for equal in EQUAL.finditer(found["where"])]
    return Manner(f"{changed} FROM {_unnested(types)} AS given ({names}) {where}", types, key)


def _unnested(types: Sequence[str]) -> str:
    return f"unnest({', '.join(f'%s::{data_type}[]' for data_type in types)})"


def _types(text: str, cursor: Cursor[Row]) -> list[str]:
    """Return the type of each value, as the server takes the statement."""
    connection, numbers = cursor.connection, count(1)
    connection.pgconn.send_prepare(b"", re.sub(r"\?", lambda mark: f"${next(numbers)}", text).encode())
    connection.wait(execute(connection.pgconn))
    connection.pgconn.send_describe_prepared(b"")
    [described] = connection.wait(execute(connection.pgconn))
    return [TYPES[described.param_type(place)] for place in range(described.nparams)]


def _names(columns: str) -> list[str]:
    return [name.strip().strip('"') for name in columns.split(",")]
