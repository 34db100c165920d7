"""A connection to the simulated database that can break between any two statements, and whose owner can be overtaken."""

import sqlite3
from collections.abc import Callable
from typing import Any

BEGIN, COMMIT = "BEGIN IMMEDIATE", "COMMIT"


class Wire:
    """What one process has of the database.

    breaks_after: statements until it breaks, None: it holds. reply_lost: a COMMIT at which it breaks has happened all the same.
    overtaken: (transactions until then, what others do right before that transaction begins).
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.breaks_after: int | None = None
        self.reply_lost = False
        self.overtaken: tuple[int, Callable[[], None]] | None = None

    @property
    def in_transaction(self) -> bool:
        return self._database.in_transaction

    def execute(self, text: str, values: Any = (), /) -> Any:
        if text == BEGIN and self.overtaken is not None:
            self._wait_for_others()
        if self.breaks_after is not None:
            self._fray(text)
        return self._database.execute(text, values)

    def executemany(self, text: str, rows: Any, /) -> Any:
        if self.breaks_after is not None:
            self._fray(text)
        return self._database.executemany(text, rows)

    def close(self) -> None:
        """The database stays; what was begun by this connection is undone."""
        self._database.rollback()

    def mend(self) -> None:
        """Whatever was to go wrong and did not, will not."""
        if self.breaks_after is None or self.breaks_after >= 0:
            self.breaks_after = None
        self.overtaken = None

    def _wait_for_others(self) -> None:
        assert self.overtaken is not None
        transactions, others = self.overtaken
        self.overtaken = (transactions - 1, others) if transactions else None
        if not transactions:
            others()

    def _fray(self, text: str) -> None:
        assert self.breaks_after is not None
        self.breaks_after -= 1
        if self.breaks_after >= 0:
            return
        if self.breaks_after == -1 and self.reply_lost and text == COMMIT:
            self._database.execute(text)
        raise sqlite3.OperationalError("the connection is gone")
