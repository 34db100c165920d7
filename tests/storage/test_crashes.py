"""A connection that breaks between any two statements leaves nothing half-done."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from contracts.event import Fate
from contracts.message import Outcome
from contracts.notice import Answer, NoticePhase
from contracts.on_its_way import OnItsWay
from contracts.times import HOUR
from contracts.verdict import Look
from storage.records import RecordedPhase
from storage.schema import bring_up_to_date
from storage.session import Session
from storage.sqlite import SqliteStore, open_memory
from storage.store import SourcePosition, Transaction
from tests.storage.builders import NOON, a_case, a_message, a_notice, a_phase, a_promise, add, an_attempt


class Broken(Exception):
    pass


class Breaking:
    """A connection that breaks before its statement number `after`, counted from 0; reply_lost: right after it instead."""

    def __init__(self, connection: sqlite3.Connection, after: int, *, reply_lost: bool = False) -> None:
        self.connection, self.left, self.reply_lost = connection, after, reply_lost

    @property
    def in_transaction(self) -> bool:
        return self.connection.in_transaction

    def execute(self, text: str, values: Any = (), /) -> Any:
        return self._run(lambda: self.connection.execute(text, values))

    def executemany(self, text: str, rows: Any, /) -> Any:
        return self._run(lambda: self.connection.executemany(text, rows))

    def close(self) -> None:
        self.connection.rollback()

    def _run(self, statement: Callable[[], Any]) -> Any:
        self.left -= 1
        if self.left >= 0:
            return statement()
        if self.left == -1 and self.reply_lost:
            statement()
        raise Broken if self.left == -1 else sqlite3.OperationalError("the connection is gone")


def a_batch(tx: Transaction) -> None:
    tx.move_position(SourcePosition("orders", 0, 7, {}), expected=0)
    tx.count_records("orders", {Fate.APPLIED: 7})
    tx.save_cases([a_case(), a_case("parcel/P2")])
    tx.link_cases([("parcel/P1", "order/O1")])
    tx.record_phases([RecordedPhase(a_phase(), NOON)])
    tx.add_notices([a_notice("ntc_2", number=tx.notice_count("prb_1", NoticePhase.OPENED))])


def a_round(tx: Transaction) -> None:
    [claimed] = tx.claim_due(NOON)
    tx.begin([OnItsWay(claimed, an_attempt(), False)])
    tx.save_messages([a_message()])
    tx.log_gates([Look("ntc_1", NOON, (("still_open", "pass", None, None),))])


def a_receipt(tx: Transaction) -> None:
    told = a_notice(answer=Answer.TOLD, channel="email", sent_at=NOON + HOUR)
    tx.accept([OnItsWay(told, an_attempt(Outcome.ACCEPTED, ended_at=NOON + HOUR), False)])
    tx.make_promises([a_promise()])


def opened() -> sqlite3.Connection:
    """Return a connection to a store in memory in which one notice waits."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    bring_up_to_date(Session(connection))
    add(SqliteStore(connection), a_notice())
    return connection


def statements(write: Callable[[Transaction], None]) -> int:
    """Return how many statements this takes from BEGIN to COMMIT."""
    counting = Breaking(opened(), 1_000)
    with SqliteStore(counting).transaction() as tx:
        write(tx)
    return 1_000 - counting.left


@pytest.mark.parametrize("reply_lost", [False, True])
@pytest.mark.parametrize("write", [a_batch, a_round, a_receipt])
def test_all_is_written_or_nothing(write: Callable[[Transaction], None], *, reply_lost: bool) -> None:
    needed = statements(write)
    changed = []
    for after in range(needed):
        connection = opened()
        before = list(connection.iterdump())

        with pytest.raises(Broken), SqliteStore(Breaking(connection, after, reply_lost=reply_lost)).transaction() as tx:
            write(tx)

        assert not connection.in_transaction
        changed.append(list(connection.iterdump()) != before)
    assert changed == [False] * (needed - 1) + [reply_lost]


def test_a_migration_that_breaks_leaves_an_empty_file() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for after in range(5, 40, 7):
        with pytest.raises(Broken):
            bring_up_to_date(Session(Breaking(connection, after)))

        assert connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone() == (0,)


def test_a_store_goes_on_after_a_transaction_that_broke() -> None:
    store = open_memory()
    with pytest.raises(sqlite3.IntegrityError), store.transaction() as tx:
        tx.save_cases([a_case(memory=None)])

    add(store, a_case())

    assert list(store.load_cases(["parcel/P1"])) == ["parcel/P1"]
