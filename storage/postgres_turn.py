"""A turn among all processes of one database: a lock that the server takes away from whoever died, hangs, or was cut off."""

from collections.abc import Callable
from contextlib import suppress

import psycopg

from storage.errors import StoreError
from storage.postgres_connection import Connection

LOST_AFTER_SECONDS = 3
TAKE = "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || ' has its turn: ' || %s, 0))"


class PostgresTurn:
    """connect: makes a connection, for nothing else; the server ends it when nothing is asked for three seconds, we
    when nothing is answered for as long."""

    def __init__(self, name: str, connect: Callable[[], Connection]) -> None:
        self._name, self._connect = name, connect
        self._connection: Connection | None = None

    def ours(self) -> bool:
        """A lock that we have already is taken once more, which says that it still is."""
        try:
            self._connection = self._connection or self._opened()
            [[taken]] = self._connection.execute(TAKE, (self._name,)).fetchall()
        except (psycopg.Error, StoreError):
            self.give_back()
            return False
        return bool(taken)

    def give_back(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def _opened(self) -> Connection:
        connection = self._connect()
        connection.answers_within = LOST_AFTER_SECONDS
        connection.execute("SELECT set_config('idle_session_timeout', %s, false)", (f"{LOST_AFTER_SECONDS}s",))
        return connection
