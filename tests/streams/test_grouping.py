"""Transactions that join: what is written is seen at once, and kept or undone together."""

import pytest
from msgspec.structs import replace

from contracts.message import Outcome
from contracts.notice import Answer
from contracts.on_its_way import OnItsWay
from storage.records import RecordedPhase
from storage.sqlite import SqliteStore, open_memory
from streams.grouping import Grouped, grouped
from tests.storage.builders import NOON, a_message, a_notice, a_phase, an_attempt

WAITING = replace(a_notice(), channel="email", customer="C1")
TOLD = replace(WAITING, answer=Answer.TOLD, ask_at=None, sent_at=NOON)


def write_a_notice(group: Grouped) -> None:
    with group.transaction() as tx:
        tx.record_phases([RecordedPhase(a_phase(), NOON)])
        tx.add_notices([a_notice()])


def begin(group: Grouped) -> None:
    with group.transaction() as tx:
        assert len(tx.begin([OnItsWay(WAITING, an_attempt(), sorry=False)])) == 1
        tx.save_messages([a_message()])


def accept(group: Grouped) -> None:
    with group.transaction() as tx:
        assert len(tx.accept([OnItsWay(TOLD, an_attempt(Outcome.ACCEPTED, ended_at=NOON), sorry=False)])) == 1


def answers(store: SqliteStore) -> list[str]:
    return [line["answer"] for line in store.export("notices")]


def test_what_is_written_is_seen_at_once_and_kept_at_the_end() -> None:
    store = open_memory()

    with grouped(store) as (joined, group):
        write_a_notice(group)
        assert joined.next_ask() == NOON

    assert answers(store) == ["waiting"]


def test_a_message_is_written_with_its_receipt_as_if_its_beginning_had_been_too() -> None:
    store = open_memory()

    with grouped(store) as (_, group):
        write_a_notice(group)
        begin(group)
        assert store.attempts("msg_1") == []
        accept(group)

    assert answers(store) == ["told"]
    assert [attempt.outcome for attempt in store.attempts("msg_1")] == [Outcome.ACCEPTED]
    assert [(told.customer, told.channel, told.sorry) for told in store.told_of("prb_1")] == [("C1", "email", False)]


def test_a_message_without_an_answer_counts_as_heard_all_the_same() -> None:
    store = open_memory()

    with grouped(store) as (_, group):
        write_a_notice(group)
        begin(group)
        with group.transaction() as tx:
            tx.save_attempt(an_attempt(Outcome.AMBIGUOUS, ended_at=NOON))

    assert [told.notice for told in store.told_of("prb_1")] == ["ntc_1"]


def test_what_was_not_flushed_is_undone_when_anything_is_raised() -> None:
    store = open_memory()

    with pytest.raises(ConnectionError), grouped(store) as (_, group):
        write_a_notice(group)
        group.flush()
        begin(group)
        accept(group)
        raise ConnectionError

    assert answers(store) == ["waiting"]
    assert store.attempts("msg_1") == []
