"""Two readers at the same record: what the slower one does is fenced, or a repeat that changes nothing."""

import sqlite3

import pytest

from contracts.times import HOUR, MINUTE
from storage.errors import Fenced
from storage.sqlite import SqliteStore
from streams.simulator.house import House, new_database
from streams.simulator.reader import Reader
from streams.simulator.reference import make_reference
from streams.simulator.world import DELAY, make_world

WORLD = make_world(8)
FIRST_TURN = min(turns[0].known_from for turns in make_reference(WORLD).turns.values())
BEFORE = [arrival for arrival in WORLD.log if arrival.at < FIRST_TURN]


def a_reader(database: sqlite3.Connection) -> Reader:
    return Reader(House(), database, WORLD.log, name="reader")


def a_database() -> sqlite3.Connection:
    """Return one in which all was read up to shortly before the first problem, which no record opens."""
    database = new_database()
    Reader(House(), database, BEFORE, name="reader").step(BEFORE[-1].at, BEFORE[-1].at, most=len(BEFORE))
    return database


def notices(database: sqlite3.Connection) -> list[tuple[str, str]]:
    return [(line["case"], line["phase"]) for line in SqliteStore(database).export("notices")]


def go_on(reader: Reader, *, until: int) -> None:
    """Look every minute, so that W settles, and then take a step."""
    for moment in range(BEFORE[-1].at, until + 1, MINUTE):
        reader.look(moment, moment)
    reader.step(until, until, most=1_000)


def test_a_wake_up_that_both_see_makes_one_notice() -> None:
    database = a_database()
    first, second = a_reader(database), a_reader(database)
    assert first.core.next_ripe() == second.core.next_ripe() == FIRST_TURN - DELAY

    go_on(first, until=FIRST_TURN)
    once = notices(database)
    go_on(second, until=FIRST_TURN)

    assert [phase for _, phase in once] == ["opened"]
    assert notices(database) == once


def test_the_second_to_read_a_record_is_fenced() -> None:
    database = a_database()
    first, second = a_reader(database), a_reader(database)
    go_on(first, until=FIRST_TURN + 10 * HOUR)
    before = list(database.iterdump())

    with pytest.raises(Fenced):
        go_on(second, until=FIRST_TURN + 10 * HOUR)

    assert list(database.iterdump()) == before
