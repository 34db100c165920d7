"""What only one process may do is done by whoever has the turn, until it gives the turn back, dies, or hangs."""

import time

from storage.postgres import open_postgres
from storage.sql_store import SqlStore
from storage.sqlite import open_memory
from storage.turn import Turn

WHOLE = "hashtextextended(current_schema() || ' has its turn: relay', 0)"
KEY = f"SELECT (({WHOLE} >> 32) & 4294967295)::oid, ({WHOLE} & 4294967295)::oid"


def test_with_one_process_it_is_always_its_turn() -> None:
    assert open_memory().turn("relay").ours()


def test_it_is_one_process_s_turn_until_that_gives_it_back(schema: str) -> None:
    one, other = open_postgres(schema), open_postgres(schema)
    first, second = one.turn("relay"), other.turn("relay")

    assert [first.ours(), second.ours(), first.ours(), second.ours()] == [True, False, True, False]

    first.give_back()
    assert _soon_ours(second, other)
    assert not first.ours()
    _close(one, other, first, second)


def test_turns_of_other_names_are_others(schema: str) -> None:
    one, other = open_postgres(schema), open_postgres(schema)
    relay, cleaning = one.turn("relay"), other.turn("cleaning")

    assert relay.ours() and cleaning.ours()
    _close(one, other, relay, cleaning)


def test_the_turn_of_a_process_that_hangs_is_taken_by_another_within_seconds(schema: str) -> None:
    one, other = open_postgres(schema), open_postgres(schema)
    hanging, waiting = one.turn("relay"), other.turn("relay")
    assert hanging.ours()

    began = time.monotonic()
    assert _soon_ours(waiting, other, within=10)

    assert 2 < time.monotonic() - began < 8
    assert not hanging.ours()
    _close(one, other, hanging, waiting)


def test_a_connection_that_ends_is_made_anew(schema: str) -> None:
    store = open_postgres(schema)
    turn = store.turn("relay")
    assert turn.ours()

    store.session.rows(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE (classid, objid) = ({KEY})")

    assert not turn.ours()
    assert turn.ours()
    _close(store, turn)


def _soon_ours(turn: Turn, store: SqlStore, *, within: float = 5) -> bool:
    """The server finds out a moment later that a connection was closed."""
    until = time.monotonic() + within
    while not (ours := turn.ours()) and time.monotonic() < until:
        store.session.rows("SELECT pg_sleep(0.05)")
    return ours


def _close(*opened: SqlStore | Turn) -> None:
    for each in opened:
        if isinstance(each, SqlStore):
            each.close()
        else:
            each.give_back()
