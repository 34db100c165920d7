"""A store that an older tellfirst left is brought up to date when it is opened, and what was awaited in it comes."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from rules.packing import PACKING
from storage.errors import StoreTooNew
from storage.postgres import PostgresSession, open_postgres
from storage.postgres_wire import PostgresWire
from storage.schema import migrations
from storage.session import Session
from storage.sql_store import SqlStore
from storage.sqlite import FILE, open_memory, open_store
from tests.storage.server import database, fresh_schema
from tests.streams.upgrading.shop_before import BEGIN, END, LEFT, live, make_again


@pytest.fixture(params=["sqlite", "postgres"])
def left(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """The store of schema version 1, opened by the program of today."""
    if request.param == "sqlite":
        with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as old:
            make_again(Session(old), 1)
        with closing(open_store(tmp_path, durable=False)) as store:
            yield store
        return
    with fresh_schema(database()) as address:
        session = PostgresSession(PostgresWire(lambda: psycopg.connect(address, autocommit=True)))
        with closing(session.connection):
            make_again(session, 1)
        with closing(open_postgres(address)) as store:
            yield store


def lines(store: SqlStore, table: str) -> list[dict[str, Any]]:
    return list(store.export(table))


def test_what_was_armed_promised_and_held_before_an_upgrade_comes_after_it(left: SqlStore) -> None:
    never_upgraded = open_memory()
    live(never_upgraded, since=BEGIN, until=LEFT)

    live(left, since=LEFT, until=END)
    live(never_upgraded, since=LEFT, until=END)

    for table in ("problems", "notices", "promises"):
        assert lines(left, table) == lines(never_upgraded, table)


def test_each_kind_of_timer_fires_after_an_upgrade(left: SqlStore) -> None:
    before = len(lines(left, "problems"))

    live(left, since=LEFT, until=END)

    after = {(line["case"], line["phase"], line["detector"]) for line in lines(left, "problems")}
    assert before == 2
    assert after >= {
        ("parcel/P2", "opened", "silent"),
        ("parcel/P3", "opened", "predicted"),
        ("parcel/P4", "opened", "day_over"),
        ("order/O2", "opened", "in_a_row"),
        ("order/O3", "opened", "unconfirmed"),
    }


def test_whoever_does_not_know_how_memories_are_packed_refuses_the_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    open_store(tmp_path, durable=False).close()
    [packed] = [version for version, name, _ in migrations() if name == f"memories_packed_by_way_{PACKING[0]}"]
    monkeypatch.setattr("storage.schema.migrations", lambda: migrations()[: packed - 1])

    with pytest.raises(StoreTooNew, match=f"memories_packed_by_way_{PACKING[0]}.* — use the tellfirst that wrote it"):
        open_store(tmp_path, durable=False)
