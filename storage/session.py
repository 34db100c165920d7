"""The one place where statements run: a connection that something else opened, and transactions on it."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Protocol

from storage.errors import NestedTransaction
from storage.rows import marks

Row = tuple[Any, ...]

ONLY_POSTGRES = "-- only PostgreSQL"
FEW, MANY = (1, 2, 8, 64), (512, 64)


class Connection(Protocol):
    """What is asked of a sqlite3 connection in autocommit mode; whatever else answers so may stand in for it."""

    @property
    def in_transaction(self) -> bool: ...
    def execute(self, text: str, values: Any = ..., /) -> Any: ...
    def executemany(self, text: str, rows: Any, /) -> Any: ...
    def close(self) -> None: ...


class Session:
    """Statements are written once, in what SQLite and PostgreSQL have in common; here stands where the two differ.

    begin: begins a transaction that writes. failures: what a connection raises.
    tables: a question for the names of all tables that are there. held: after a question, keeps its rows ours until the end.
    """

    begin = "BEGIN IMMEDIATE"
    failures: tuple[type[Exception], ...] = (sqlite3.Error,)
    tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    held = ""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._busy = False

    def worded(self, definition: str) -> str:
        """Return a definition of a table or an index in the words of this database; nothing where it is another's alone."""
        return "" if ONLY_POSTGRES in definition else definition

    def one_at_a_time(self, what: Sequence[str]) -> None:
        """Let nobody else do what these name until this transaction ends. SQLite lets nobody else write at all."""

    def rows(self, text: str, *values: Any) -> list[Row]:
        return self.connection.execute(text, values).fetchall()  # type: ignore[no-any-return]

    def row(self, text: str, *values: Any) -> Row | None:
        return self.connection.execute(text, values).fetchone()  # type: ignore[no-any-return]

    def value(self, text: str, *values: Any) -> Any:
        """Return the first column of the first row, or None where there is no row."""
        row = self.row(text, *values)
        return row[0] if row else None

    def among(self, text: str, keys: Sequence[Any], *before: Any) -> list[Row]:
        """Ask for all keys, many at a time; a small rest is filled up with NULL, so that only five texts are ever prepared.

        before: values of marks that stand before the keys.
        """
        rows: list[Row] = []
        start = 0
        while left := len(keys) - start:
            size = next((size for size in MANY if size <= left), None) or next(size for size in FEW if size >= left)
            some = keys[start : start + size]
            rows += self.rows(sized(text, size), *before, *some, *[None] * (size - len(some)))
            start += len(some)
        return rows

    def each(self, text: str, *values: Any) -> Iterator[Row]:
        """Yield rows as they are read, for answers that need not fit into memory."""
        yield from self.connection.execute(text, values)

    def change(self, text: str, *values: Any) -> int:
        """Return how many rows were changed."""
        return self.connection.execute(text, values).rowcount  # type: ignore[no-any-return]

    def change_all(self, text: str, rows: Sequence[Row]) -> None:
        if rows:
            self.connection.executemany(text, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside becomes one; any exception undoes it. Raises NestedTransaction inside another."""
        if self._busy:
            raise NestedTransaction("a transaction is open already: end it before the next one begins")
        self._busy = True
        try:
            self.connection.execute(self.begin)
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            self._undo()
            raise
        finally:
            self._busy = False

    def _undo(self) -> None:
        """Roll back; a connection that cannot even do that is closed, which rolls back."""
        if self.connection.in_transaction:
            try:
                self.connection.execute("ROLLBACK")
            except self.failures:
                self.connection.close()


@cache
def sized(text: str, size: int) -> str:
    """Return a question with so many marks where it has %s."""
    return text % marks(size)
