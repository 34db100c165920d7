"""A slot is one worker's: whoever claims it fences all who had it before."""

import threading

import pytest

from storage.errors import Fenced
from storage.postgres import open_postgres
from storage.sql_store import SqlStore
from storage.store import MinutesRow, Seen, Slot, SourcePosition
from tests.storage.builders import a_case


def claim(store: SqlStore, slot: int) -> int:
    with store.transaction() as tx:
        return tx.claim_slot(slot)


def test_every_claim_of_a_slot_raises_its_epoch_and_no_other(store: SqlStore) -> None:
    assert [claim(store, slot) for slot in (3, 3, 5, 3)] == [1, 2, 1, 3]


def test_whoever_claimed_a_slot_before_writes_nothing_more(store: SqlStore) -> None:
    former, present = claim(store, 3), claim(store, 3)

    with pytest.raises(Fenced, match="slot 3: was claimed as 1, and since by another worker"), store.transaction() as tx:
        tx.save_cases([a_case("parcel/P1")])
        tx.hold_slot(3, epoch=former)
    with store.transaction() as tx:
        tx.hold_slot(3, epoch=present)
        tx.save_cases([a_case("parcel/P2")])

    assert list(store.load_cases(["parcel/P1", "parcel/P2"])) == ["parcel/P2"]


def test_a_slot_that_nobody_claimed_is_nobodys(store: SqlStore) -> None:
    with pytest.raises(Fenced), store.transaction() as tx:
        tx.hold_slot(3, epoch=0)


def test_how_far_a_slot_was_seen_is_written_with_what_it_was_seen_by_and_by_its_worker_only(store: SqlStore) -> None:
    former, present = claim(store, 3), claim(store, 3)
    claim(store, 5)

    with store.transaction() as tx:
        tx.hold_slot(3, epoch=present, seen=Seen(w=70, own_w=80, lag=2, at=90))
    with pytest.raises(Fenced), store.transaction() as tx:
        tx.hold_slot(3, epoch=former, seen=Seen(w=1_000, own_w=1_000, lag=2, at=1_000))

    assert store.slots() == [Slot(3, 2, 70, 80, 2, 90), Slot(5, 1, None, None, 0, None)]


def test_a_new_worker_begins_with_how_far_the_slot_was_seen(store: SqlStore) -> None:
    epoch = claim(store, 3)
    with store.transaction() as tx:
        tx.hold_slot(3, epoch=epoch, seen=Seen(w=70, own_w=80, lag=2, at=90))

    claim(store, 3)

    assert store.slots() == [Slot(3, 2, 70, 80, 2, 90)]


def test_a_slot_has_the_position_of_each_of_its_sources(store: SqlStore) -> None:
    with store.transaction() as tx:
        for source, part, following in (("usage", 3, 7), ("orders", 3, 40), ("orders", 4, 9)):
            tx.move_position(SourcePosition(source, part, following, {}), expected=0)

    assert [(each.source, each.next) for each in store.positions_of(3)] == [("orders", 40), ("usage", 7)]


def test_a_slot_has_its_own_cases(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.save_cases([a_case("parcel/P1", part=3), a_case("parcel/P2", part=4)])

    assert store.cases_of(3) == ["parcel/P1"]


def test_a_slot_has_what_is_armed_of_its_own_cases(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.save_cases([a_case("parcel/P1", part=3, ripe_at=10), a_case("parcel/P2", part=4, ripe_at=20)])

    assert list(store.armed_cases(3)) == [("parcel/P1", 10)]


def test_a_claim_waits_for_what_the_former_worker_is_about_to_commit_and_sees_it(schema: str) -> None:
    former, present = open_postgres(schema), open_postgres(schema)
    epoch, claimed = claim(former, 3), threading.Event()
    seen: list[SourcePosition] = []

    def take_over() -> None:
        with present.transaction() as tx:
            tx.claim_slot(3)
            claimed.set()
            seen.extend(tx.positions_of(3))

    with former.transaction() as tx:
        tx.hold_slot(3, epoch=epoch)
        taking = threading.Thread(target=take_over)
        taking.start()
        assert not claimed.wait(0.3)
        tx.move_position(SourcePosition("orders", 3, 40, {}), expected=0)
    taking.join(10)

    assert [each.next for each in seen] == [40]
    with pytest.raises(Fenced), former.transaction() as tx:
        tx.hold_slot(3, epoch=epoch)
    former.close()
    present.close()


def test_a_topic_keeps_the_id_by_which_it_was_read_first(store: SqlStore) -> None:
    store.remember_topics({"orders": "first", "usage": "other"})
    store.remember_topics({"orders": "made anew"})

    assert store.topic_ids() == {"orders": "first", "usage": "other"}


def test_when_something_came_is_kept_by_slot_and_source_the_newest_word_of_each(store: SqlStore) -> None:
    def row(source: str, part: int, newest: int) -> MinutesRow:
        return MinutesRow(source, part, 7, newest, bytes(range(256)), b"\x00")

    with store.transaction() as tx:
        tx.save_minutes([row("orders", 4, 10), row("usage", 3, 20), row("orders", 3, 30)])
    with store.transaction() as tx:
        tx.save_minutes([row("orders", 3, 40)])

    assert store.minutes_of("orders") == [row("orders", 3, 40), row("orders", 4, 10)]
    assert store.minutes_in(3) == [row("orders", 3, 40), row("usage", 3, 20)]
