"""A connection to PostgreSQL that is asked as one to SQLite is: the same statements with their question marks, the same rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from typing import Any

import psycopg
from psycopg import Cursor
from psycopg.pq import TransactionStatus

from storage.errors import StoreGone, StoreRefused
from storage.postgres_bulk import Bulk
from storage.session import Row

FAILURES = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.TransactionTimeout,
)


class PostgresWire:
    """Keeps a connection in autocommit mode, made anew where the last one ended; never in the midst of a transaction.

    connect: makes one. Statements raise StoreGone where the connection ends, or the server's patience does, and StoreRefused;
    what one has found is there until the next.
    """

    def __init__(self, connect: Callable[[], "psycopg.Connection[Row]"]) -> None:
        self._connect = connect
        self._connect_anew()
        self._bulk = Bulk()
        self._begun = False

    @property
    def in_transaction(self) -> bool:
        return self._connection.info.transaction_status is not TransactionStatus.IDLE

    def execute(self, text: str, values: Iterable[Any] = (), /) -> Cursor[Row]:
        """A transaction ends with its connection: there is nothing to roll back."""
        if text == "ROLLBACK":
            self._begun = False
            if self._connection.closed:
                return self._cursor
        with self._told_when_gone():
            self._alive().execute(translated(text), tuple(values))
        self._begun = text == "BEGIN" or (self._begun and text != "COMMIT")
        return self._cursor

    def executemany(self, text: str, rows: Iterable[Row], /) -> None:
        with self._told_when_gone():
            self._bulk.write(self._alive(), translated(text), text, list(rows))

    def each(self, text: str, values: Sequence[Any]) -> Iterator[Row]:
        """Yield rows as they come from the server, over a connection of their own: meanwhile others may be asked here."""
        with self._told_when_gone(), closing(self._connect()) as apart, apart.cursor() as cursor:
            yield from cursor.stream(translated(text), values)

    def close(self) -> None:
        self._connection.close()

    def _alive(self) -> Cursor[Row]:
        """Return the cursor, of a new connection where the last has ended and nothing was begun on it. Raises StoreGone."""
        if self._connection.closed:
            if self._begun:
                raise StoreGone("the connection ended in the midst of a transaction, which is undone")
            self._connect_anew()
        return self._cursor

    def _connect_anew(self) -> None:
        self._connection = self._connect()
        self._cursor = self._connection.cursor(binary=True)

    @contextmanager
    def _told_when_gone(self) -> Iterator[None]:
        try:
            yield
        except FAILURES as fault:
            raise StoreGone(_one_line(fault)) from fault
        except (psycopg.DataError, psycopg.IntegrityError) as fault:
            raise StoreRefused(_one_line(fault)) from fault


@cache
def translated(text: str) -> bytes:
    """Return a statement as psycopg wants it; in none of ours is a question mark anything but a value."""
    return text.replace("%", "%%").replace("?", "%s").encode()


def _one_line(fault: Exception) -> str:
    return f"PostgreSQL: {' '.join(str(fault).split())}"
