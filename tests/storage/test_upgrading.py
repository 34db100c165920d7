"""A store that an older tellfirst wrote: it is brought up to date in its place, and what was armed in it still fires."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from contracts.event import Fate
from contracts.times import DAY, parse_instant
from storage.postgres import PostgresSession, open_postgres
from storage.postgres_wire import PostgresWire
from storage.schema import migrations
from storage.session import Session
from storage.sql_store import SqlStore
from storage.sqlite import FILE, open_store
from streams.batch import Core
from tests.storage.version_1 import left_in
from tests.streams.shop import a_shop

NINE = parse_instant("2026-03-02T09:00:00Z")
Opener = Callable[[], SqlStore]


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """What opens a store that version 1 left."""
    if request.param == "sqlite":
        (tmp_path / "data").mkdir()
        with closing(sqlite3.connect(tmp_path / "data" / FILE, isolation_level=None)) as connection:
            left_in(Session(connection))
        yield lambda: open_store(tmp_path / "data")
    else:
        address = request.getfixturevalue("schema")
        with closing(PostgresWire(lambda: psycopg.connect(address, autocommit=True))) as wire:
            left_in(PostgresSession(wire))
        yield lambda: open_postgres(address, unhurried=True)


def test_what_was_counted_and_read_is_still_there(opened: Opener) -> None:
    with closing(opened()) as store:
        assert store.session.value("SELECT MAX(version) FROM schema_versions") == migrations()[-1][0]
        assert store.counts()["records"] == {"http": {"applied": 4}}
        assert [(each.source, each.next) for each in store.positions_of(0)] == [("http", 4)]
        assert store.used_by() == "run"


def test_what_was_armed_still_fires(opened: Opener, tmp_path: Path) -> None:
    project = a_shop(tmp_path)
    with closing(opened()) as store:
        core = Core(project.ruleset, store)

        core.fire(NINE + 2 * DAY, NINE + 2 * DAY)
        core.commit([], now=NINE + 2 * DAY)

        assert [(line["case"], line["detector"]) for line in store.export("problems")] == [("parcel/P1", "silent")]


def test_records_are_counted_on(opened: Opener) -> None:
    with closing(opened()) as store:
        with store.transaction() as tx:
            tx.count_records("http", {Fate.APPLIED: 2})
            tx.count_records("http", {Fate.APPLIED: 3}, part=7)

        assert store.counts()["records"] == {"http": {"applied": 9}}
