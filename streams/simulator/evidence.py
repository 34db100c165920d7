"""A run after its end: what is looked into by the checks, and what a check says that does not hold."""

import sqlite3
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from storage.sqlite import SqliteStore
from streams.simulator.reference import Reference
from streams.simulator.teller import Mail
from streams.simulator.world import World


@dataclass(frozen=True)
class Violation:
    """check: the name of what does not hold."""

    check: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.check}: {self.sentence}"


@dataclass(frozen=True)
class Evidence:
    """A run after its end. down_for: how long anything was down, in microseconds."""

    world: World
    reference: Reference
    database: sqlite3.Connection
    mail: Mail
    down_for: int

    @cached_property
    def store(self) -> SqliteStore:
        return SqliteStore(self.database)

    @cached_property
    def notices(self) -> list[dict[str, Any]]:
        return self.rows("SELECT * FROM notices ORDER BY at, notice")

    @cached_property
    def attempts(self) -> list[dict[str, Any]]:
        return self.rows("SELECT m.notice, m.channel, a.* FROM attempts a JOIN messages m USING (message)")

    def rows(self, text: str) -> list[dict[str, Any]]:
        cursor = self.database.execute(text)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]
