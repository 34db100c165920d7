"""What PostgreSQL does beyond what all databases must: many processes at once, connections that end, limits of patience."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from msgspec.structs import replace

from contracts.event import Fate
from contracts.message import Attempt, Outcome
from contracts.notice import Answer, Notice
from contracts.on_its_way import OnItsWay
from contracts.times import HOUR, MINUTE
from storage import postgres_connection
from storage.errors import NotOurStore, StoreGone, StoreLocked, StoreTooNew, StoreTooOld, Unreachable
from storage.postgres import PostgresStore, open_postgres
from storage.postgres_columns import column
from storage.records import SourcePosition
from storage.schema import migrations
from storage.sql_store import SqlTransaction
from storage.store import Fenced
from tests.storage.builders import NOON, a_case, a_notice, a_phase, add
from tests.storage.server import end_connection_of, is_ours, standing_still

MANY = 200


def notices_for(*customers: str) -> list[object]:
    return [a_notice(f"ntc_{number}", customer=customer, problem=f"prb_{number}") for number, customer in enumerate(customers)]


def claim(store: PostgresStore, now: int = NOON) -> Sequence[Notice]:
    with store.transaction() as tx:
        return tx.claim_due(now)


def claimed(store: PostgresStore, now: int = NOON) -> list[str | None]:
    return customers(claim(store, now))


def customers(notices: Sequence[Notice]) -> list[str | None]:
    return [notice.customer for notice in notices]


def on_its_way(notice: Notice) -> OnItsWay:
    attempt = Attempt(message=f"msg_{notice.notice}", tries=1, outcome=Outcome.SENDING, began_at=NOON, ended_at=None)
    return OnItsWay(replace(notice, answer=Answer.WAITING, channel="email"), attempt, False)


# many at once


def test_the_tables_are_made_once_however_many_start_at_the_same_time(schema: str) -> None:
    with ThreadPoolExecutor(8) as starting:
        stores = list(starting.map(lambda _: open_postgres(schema), range(8)))

    assert [store.session.value("SELECT COUNT(*) FROM schema_versions") for store in stores] == [len(migrations())] * 8
    for store in stores:
        store.close()


def test_a_customer_is_in_one_couriers_hand_until_it_lets_go(schema: str) -> None:
    one, other = open_postgres(schema), open_postgres(schema)
    add(one, *notices_for("C1", "C1", "C2"))
    in_hand = claim(one)
    assert customers(in_hand) == ["C1", "C1", "C2"]

    add(one, a_notice("ntc_later", customer="C1", problem="prb_later"), a_notice("ntc_c3", customer="C3", problem="prb_c3"))

    assert (claimed(one), claimed(other)) == (["C3"], [])
    one.let_go(in_hand)
    assert claimed(other) == ["C1"]
    one.close()
    other.close()


def test_the_customers_of_a_courier_that_is_gone_are_anybodys_when_its_lease_ends(schema: str) -> None:
    one, other = open_postgres(schema), open_postgres(schema)
    add(one, *notices_for("C1"))
    assert claimed(one) == ["C1"]
    one.close()
    add(other, a_notice("ntc_later", customer="C1", problem="prb_later"))

    assert claimed(other, NOON + 5 * MINUTE - 1) == []
    assert claimed(other, NOON + 5 * MINUTE) == ["C1", "C1"]
    other.close()


def test_a_run_that_is_alone_finds_nobody_in_the_hand_of_one_that_is_gone(schema: str) -> None:
    store = open_postgres(schema)
    add(store, *notices_for("C1"))
    claimed(store)
    add(store, a_notice("ntc_later", customer="C1", problem="prb_later"))
    store.close()

    store = open_postgres(schema, alone=True)

    assert claimed(store) == ["C1"]
    store.close()


def test_who_is_told_is_the_newest_customer_of_the_case_and_only_one_courier_tells_it(schema: str) -> None:
    one, other = open_postgres(schema), open_postgres(schema)
    add(one, a_phase(customer=None), a_case(customer="C1"), a_notice("ntc_early", customer=None))
    assert [notice.notice for notice in claim(one)] == ["ntc_early"]

    add(one, *notices_for("C1"))

    assert claimed(other) == []
    one.close()
    other.close()


def test_a_courier_that_was_away_too_long_begins_nothing_for_whom_another_has_in_hand(schema: str) -> None:
    one, other = open_postgres(schema), open_postgres(schema)
    add(one, a_notice("ntc_slow", customer="C1", problem="prb_1"))
    [slow] = claim(one)
    with other.transaction() as tx:
        tx.answer(replace(slow, ask_at=NOON + HOUR))  # as a courier that puts it off: nothing of C1 is due, and its claim stays
    add(other, a_notice("ntc_next", customer="C1", problem="prb_2"))
    assert claimed(other, NOON + 5 * MINUTE) == ["C1"]

    with one.transaction() as tx:
        assert tx.begin([on_its_way(slow)]) == []
    one.close()
    other.close()


def test_a_notice_that_somebody_is_writing_is_left_for_the_next_claim(schema: str) -> None:
    one, other = open_postgres(schema), open_postgres(schema)
    add(one, *notices_for("C1", "C2"))
    with one.transaction() as tx:
        tx.settle([a_notice("ntc_0", customer="C1", problem="prb_0")], Answer.CANCELLED)
        assert claimed(other) == ["C2"]
    one.close()
    other.close()


def test_couriers_side_by_side_claim_everything_once(schema: str) -> None:
    stores = [open_postgres(schema) for _ in range(4)]
    add(stores[0], *notices_for(*(f"C{number % 50}" for number in range(MANY))))

    def claim_all(store: PostgresStore) -> list[str]:
        found: list[str] = []
        for _ in range(MANY):
            notices = claim(store)
            found += [notice.notice for notice in notices]
            store.let_go(notices)
        return found

    with ThreadPoolExecutor(4) as couriers:
        all_claimed = [notice for found in couriers.map(claim_all, stores) for notice in found]

    assert sorted(all_claimed) == sorted(f"ntc_{number}" for number in range(MANY))
    for store in stores:
        store.close()


def test_of_two_that_read_the_same_part_of_a_source_the_second_is_fenced(schema: str) -> None:
    one, other = open_postgres(schema), open_postgres(schema)
    with one.transaction() as tx:
        tx.move_position(SourcePosition("orders", 0, 5, {}), expected=0)

    with pytest.raises(Fenced), other.transaction() as tx:
        tx.move_position(SourcePosition("orders", 0, 7, {}), expected=0)
    one.close()
    other.close()


# connections that end


def test_a_connection_that_ended_is_made_anew_for_the_next_question(schema: str) -> None:
    store = open_postgres(schema)
    add(store, a_case())
    end_connection_of(store, schema)

    with pytest.raises(StoreGone):
        store.load_cases(["parcel/P1"])

    assert list(store.load_cases(["parcel/P1"])) == ["parcel/P1"]
    store.close()


def test_nothing_is_written_after_a_connection_ended_in_the_midst_of_a_transaction(schema: str) -> None:
    store = open_postgres(schema)
    with pytest.raises(StoreGone), store.transaction() as tx:
        tx.save_cases([a_case("parcel/P1")])
        end_connection_of(store, schema)
        with pytest.raises(StoreGone):
            tx.save_cases([a_case("parcel/P2")])
        tx.save_cases([a_case("parcel/P3")])

    assert store.counts()["cases"] == 0
    add(store, a_case("parcel/P4"))
    assert store.counts()["cases"] == 1
    store.close()


def test_a_transaction_that_stands_still_is_ended_by_the_server(schema: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres_connection.BESIDE_OTHERS, "idle_in_transaction_session_timeout", "50ms")
    store, other = open_postgres(schema), open_postgres(schema)
    with pytest.raises(StoreGone), store.transaction() as tx:
        tx.save_cases([a_case()])
        other.session.rows("SELECT pg_sleep(0.4)")
        tx.save_cases([a_case("parcel/P2")])

    assert other.counts()["cases"] == 0
    store.close()
    other.close()


def test_nobody_waits_for_a_lock_for_ever(schema: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres_connection.PATIENCE, "lock_timeout", "50ms")
    one, other = open_postgres(schema), open_postgres(schema)
    add(one, a_case())
    with one.transaction() as tx:
        tx.save_cases([a_case(ripe_at=NOON)])
        with pytest.raises(StoreGone, match="lock timeout"), other.transaction() as waiting:
            waiting.save_cases([a_case(ripe_at=NOON + HOUR)])
    one.close()
    other.close()


def test_a_commit_that_nobody_answers_is_neither_repeated_nor_taken_for_done(
    schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_postgres(schema)

    def cut_off(tx: SqlTransaction) -> None:
        store.session.connection.close()

    monkeypatch.setattr(SqlTransaction, "ending", cut_off)
    with pytest.raises(StoreGone, match="in the midst"):
        add(store, a_case())
    monkeypatch.undo()

    assert store.load_cases(["parcel/P1"]) == {}
    add(store, a_case())
    store.close()


@pytest.mark.skipif(not is_ours(), reason="it is another machine's server")
def test_a_server_that_hangs_is_given_up_on_and_what_was_begun_is_undone(schema: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres_connection.BESIDE_OTHERS, "statement_timeout", "1s")
    monkeypatch.setattr(postgres_connection, "CONNECT_SECONDS", 2)
    store = open_postgres(schema)
    turn = store.turn("relay")
    assert turn.ours()

    with standing_still(schema):
        with pytest.raises(StoreGone, match="did not answer within 2.0 seconds"), store.transaction() as tx:
            tx.save_cases([a_case()])
        with pytest.raises(Unreachable, match="timeout"):
            store.next_ask()
        assert not turn.ours()

    assert store.load_cases(["parcel/P1"]) == {}
    add(store, a_case())
    assert turn.ours()
    turn.give_back()
    store.close()


# many rows at once


def test_many_rows_take_one_statement(schema: str) -> None:
    store = open_postgres(schema)
    add(store, a_case("parcel/P0"))
    rows = [a_case(f"parcel/P{number}", ripe_at=number or None, memory=bytes([number])) for number in range(MANY)]
    with store.transaction() as tx:
        tx.save_cases(rows)

    assert store.load_cases([row.case for row in rows]) == {row.case: row for row in rows}
    assert store.session.value("SELECT COUNT(DISTINCT xmin::text) FROM cases") == 1
    store.close()


def test_many_rows_are_written_also_where_the_first_connection_ended_before_any_were(schema: str) -> None:
    store = open_postgres(schema)
    end_connection_of(store, schema)
    with pytest.raises(StoreGone):
        store.counts()

    with store.transaction() as tx:
        tx.save_cases([a_case(f"parcel/P{number}") for number in range(MANY)])

    assert store.counts()["cases"] == MANY
    store.close()


@pytest.mark.parametrize(
    ("data_type", "values"),
    [
        ("text", ["", "Müller", 'a "quoted" \\, {NULL}', None]),
        ("bytea", [b"", bytes(range(256)), None]),
        ("bigint", [-(1 << 63), 0, (1 << 63) - 1, None]),
        ("boolean", [True, False, None]),
    ],
)
def test_a_column_that_goes_as_one_array_comes_back_as_it_was(schema: str, data_type: str, values: list[object]) -> None:
    store = open_postgres(schema)

    rows = store.session.rows(f"SELECT * FROM unnest(?::{data_type}[])", column(values, data_type))

    assert [value for (value,) in rows] == values


def test_of_two_rows_about_the_same_the_later_stays(schema: str) -> None:
    store = open_postgres(schema)
    with store.transaction() as tx:
        tx.save_cases([a_case(memory=b"1"), a_case("parcel/P2"), a_case("parcel/P3"), a_case(memory=b"2")])

    assert store.load_cases(["parcel/P1"])["parcel/P1"].memory == b"2"
    store.close()


def test_rows_that_add_up_are_added_up(schema: str) -> None:
    store = open_postgres(schema)
    for _ in range(2):
        with store.transaction() as tx:
            tx.count_records("orders", {Fate.APPLIED: 3, Fate.REPEATED: 1, Fate.DEAD: 1, Fate.UNREAD: 2})

    assert store.counts()["records"]["orders"] == {"applied": 6, "repeated": 2, "dead": 2, "unread": 4}
    store.close()


# opening


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(Unreachable) as unreachable:
        open_postgres("postgresql://tell:s3cret@127.0.0.1:9/shop")

    assert "127.0.0.1" in str(unreachable.value) and "9" in str(unreachable.value)
    assert "s3cret" not in str(unreachable.value)


def test_an_address_that_is_none_is_said_so() -> None:
    with pytest.raises(Unreachable, match="database's address"):
        open_postgres("postgresql://[oops")


def test_tables_of_another_program_are_left_alone(schema: str) -> None:
    with psycopg.connect(schema, autocommit=True) as other:
        other.execute("CREATE TABLE invoices (number BIGINT)")

    with pytest.raises(NotOurStore, match="invoices"):
        open_postgres(schema)


def test_a_store_of_a_newer_tellfirst_is_refused(schema: str) -> None:
    open_postgres(schema).close()
    with psycopg.connect(schema, autocommit=True) as other:
        other.execute("INSERT INTO schema_versions VALUES (9999, 'from the future')")

    with pytest.raises(StoreTooNew, match="9999"):
        open_postgres(schema)


def test_a_reader_makes_no_tables(schema: str) -> None:
    with pytest.raises(StoreTooOld):
        open_postgres(schema, read_only=True)

    with psycopg.connect(schema, autocommit=True) as other:
        assert other.execute("SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema()").fetchone() == (0,)


def test_a_second_run_on_the_same_database_is_refused_while_the_first_is_there(schema: str) -> None:
    one = open_postgres(schema, alone=True)
    with pytest.raises(StoreLocked, match="another process"):
        open_postgres(schema, alone=True)
    open_postgres(schema, read_only=True).close()
    one.close()

    open_postgres(schema, alone=True).close()


def test_no_password_is_shown_and_the_one_given_apart_is_used(schema: str) -> None:
    with pytest.raises(Unreachable) as unreachable:
        open_postgres("postgresql://tell@127.0.0.1:9/shop", password="s3cret")

    assert "s3cret" not in str(unreachable.value)


# the same meaning


def test_texts_are_in_the_order_of_their_bytes_whatever_the_language_of_the_database(schema: str) -> None:
    store = open_postgres(schema)
    cases = ["parcel/a", "parcel/B", "parcel/ä", "parcel/_", "parcel/1"]
    add(store, *(a_case(case) for case in cases))

    assert [line["case"] for line in store.export("cases")] == sorted(cases, key=str.encode)
    store.close()


def test_others_write_while_an_export_goes_on(schema: str) -> None:
    store = open_postgres(schema)
    add(store, *(a_case(f"parcel/P{number}") for number in range(MANY)), a_phase())
    export = store.export("cases")
    next(export)
    add(store, a_notice(answer=Answer.WAITING))

    assert sum(1 for _ in export) == MANY - 1
    store.close()
