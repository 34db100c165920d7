"""What is decided goes on to Kafka's topics by the transaction that decides it, in the lines of the export."""

from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace

from contracts.event import DeadLetter, DeadReason
from contracts.message import Outcome
from contracts.notice import Answer, Reason
from contracts.on_its_way import OnItsWay
from contracts.outgoing import Outgoing, Word
from contracts.problem import Phase
from contracts.receipt import Receipt, ReceiptKind
from contracts.times import HOUR
from storage.records import RecordedPhase
from storage.sql_store import SqlStore
from storage.sqlite import open_memory
from storage.store import Store
from storage.told_lines import decode
from tests.storage.builders import NOON, a_message, a_notice, a_phase, a_promise, add, an_attempt, an_end

SENDING = an_attempt(began_at=NOON)


def of(store: SqlStore, topic: Word) -> list[Outgoing]:
    return [each.outgoing for each in store.outgoing(limit=1_000) if each.outgoing.topic is topic]


def lines(store: SqlStore, topic: Word) -> list[Any]:
    return [json.decode(each.value) for each in of(store, topic) if each.value is not None]


def begin(store: Store) -> None:
    """Begin to send the first notice, as couriers do."""
    with store.transaction() as tx:
        [notice] = tx.claim_due(NOON)
        assert tx.begin([OnItsWay(replace(notice, channel="email"), SENDING, False)])
        tx.save_messages([a_message()])


def end(store: Store, outcome: Outcome) -> None:
    notice = replace(a_notice(), claim=1, channel="email")
    ended = replace(SENDING, outcome=outcome, ended_at=NOON + 1)
    with store.transaction() as tx:
        if outcome is Outcome.ACCEPTED:
            told = replace(notice, answer=Answer.TOLD, ask_at=None, sent_at=NOON + 1)
            assert tx.accept([OnItsWay(told, ended, False)])
            tx.make_promises([a_promise()])
        else:
            tx.save_attempt(ended)
            tx.answer(replace(notice, ask_at=NOON + HOUR))


def test_each_phase_of_a_problem_goes_on_under_its_case_as_the_export_says_it(sending: SqlStore) -> None:
    add(sending, a_phase(), a_phase(Phase.UPDATED, at=NOON + HOUR), an_end())

    assert lines(sending, Word.PROBLEMS) == list(sending.export("problems"))
    assert {each.key for each in of(sending, Word.PROBLEMS)} == {b"parcel/P1"}


def test_a_repeat_goes_on_no_second_time(sending: SqlStore) -> None:
    add(sending, a_phase(), a_phase())

    assert len(of(sending, Word.PROBLEMS)) == 1


def test_each_answer_to_a_notice_goes_on(sending: SqlStore) -> None:
    add(sending, a_phase(), a_notice())
    with sending.transaction() as tx:
        [notice] = tx.claim_due(NOON)
        tx.answer(replace(notice, answer=Answer.HELD, reason=Reason.QUIET_HOURS, ask_at=NOON + HOUR))
    with sending.transaction() as tx:
        tx.settle([notice], Answer.CANCELLED)

    assert [(line["answer"], line["reason"]) for line in lines(sending, Word.NOTICES)] == [
        ("waiting", None),
        ("held", "quiet_hours"),
        ("cancelled", None),
    ]
    assert lines(sending, Word.NOTICES)[-1:] == list(sending.export("notices"))


def test_what_was_undone_goes_nowhere(sending: SqlStore) -> None:
    with pytest.raises(RuntimeError), sending.transaction() as tx:
        tx.record_phases([RecordedPhase(a_phase(), NOON)])
        tx.add_notices([a_notice()])
        raise RuntimeError

    assert not sending.outgoing(limit=1)


def test_what_became_of_each_try_goes_on_but_not_that_it_began(sending: SqlStore) -> None:
    add(sending, a_phase(), a_notice())
    begin(sending)
    assert lines(sending, Word.RECEIPTS) == []

    end(sending, Outcome.ACCEPTED)
    assert lines(sending, Word.RECEIPTS) == list(sending.export("attempts"))

    with sending.transaction() as tx:
        tx.take_receipt(Receipt(message="msg_1", receipt=ReceiptKind.DELIVERED, at=NOON + HOUR), now=NOON + HOUR)
    assert lines(sending, Word.RECEIPTS)[1:] == list(sending.export("attempts"))
    assert {each.key for each in of(sending, Word.RECEIPTS)} == {b"parcel/P1"}


def test_a_receipt_of_several_messages_that_went_as_one_goes_on_for_each(sending: SqlStore) -> None:
    add(sending, a_phase(), a_notice(), a_notice("ntc_2", number=1))
    add(sending, a_message(), a_message("msg_2", notice="ntc_2"))
    add(sending, an_attempt(Outcome.ACCEPTED), an_attempt(Outcome.ACCEPTED, message="msg_2", sent_in="msg_1"))
    with sending.transaction() as tx:
        tx.take_receipt(Receipt(message="msg_1", receipt=ReceiptKind.DELIVERED, at=NOON + HOUR), now=NOON + HOUR)

    delivered = [line["message"] for line in lines(sending, Word.RECEIPTS) if line["receipt"]]
    assert delivered == ["msg_1", "msg_2"]


def test_who_may_have_heard_goes_on_before_anybody_can_hear(sending: SqlStore) -> None:
    add(sending, a_phase(), a_notice())
    begin(sending)

    [told] = of(sending, Word.TOLD)
    line = decode(told.value or b"")
    assert told.key == b"ntc_1" and line.hearing is not None
    assert (line.hearing.message, line.hearing.tries, line.hearing.told_at, line.hearing.sent_at) == ("msg_1", 1, NOON, None)

    end(sending, Outcome.ACCEPTED)
    line = decode(of(sending, Word.TOLD)[-1].value or b"")
    assert line.hearing is not None and line.promise == a_promise()
    assert (line.hearing.outcome, line.hearing.sent_at) == (Outcome.ACCEPTED, NOON + 1)


def test_what_nobody_heard_after_all_is_taken_back(sending: SqlStore) -> None:
    add(sending, a_phase(), a_notice())
    begin(sending)
    end(sending, Outcome.RETRY)

    assert [each.value is None for each in of(sending, Word.TOLD)] == [False, True]


def test_what_came_back_is_taken_back(sending: SqlStore) -> None:
    add(sending, a_phase(), a_notice())
    begin(sending)
    end(sending, Outcome.ACCEPTED)
    with sending.transaction() as tx:
        tx.take_receipt(Receipt(message="msg_1", receipt=ReceiptKind.BOUNCED, at=NOON + HOUR), now=NOON + HOUR)

    assert of(sending, Word.TOLD)[-1] == Outgoing(topic=Word.TOLD, key=b"ntc_1", value=None)
    assert lines(sending, Word.NOTICES)[-1]["answer"] == "waiting"


def test_what_a_person_got_is_told_too(sending: SqlStore) -> None:
    add(sending, a_phase(), a_notice())
    with sending.transaction() as tx:
        [notice] = tx.claim_due(NOON)
        tx.answer(replace(notice, answer=Answer.TOLD, ask_at=None, channel="desk", sent_at=NOON))

    line = decode(of(sending, Word.TOLD)[-1].value or b"")
    assert line.hearing is not None and (line.hearing.channel, line.hearing.message) == ("desk", None)


def test_a_dead_letter_goes_on_as_it_came_with_the_reason_beside(sending: SqlStore) -> None:
    headers = (("ce_id", b"e1"), ("trace", None))
    letter = DeadLetter("orders#3", 7, b"{\xff", DeadReason.SYNTAX, "it ends", NOON, b"order/O1", headers)
    with sending.transaction() as tx:
        assert [tx.add_dead_letter(letter), tx.add_dead_letter(letter)] == [True, False]

    [copy] = of(sending, Word.DEAD_LETTERS)
    assert (copy.key, copy.value, copy.headers[:2]) == (letter.key, letter.raw, headers)
    assert dict(copy.headers[2:]) == {
        "tellfirst_source": b"orders#3",
        "tellfirst_position": b"7",
        "tellfirst_reason": b"syntax",
        "tellfirst_detail": b"it ends",
        "tellfirst_at": b"2026-03-02T12:00:00Z",
    }


def test_a_dead_letter_that_no_topic_takes_goes_on_without_its_bytes(sending: SqlStore) -> None:
    letter = DeadLetter("orders#3", 7, b"x" * (1 << 20), DeadReason.SIZE, "too large", NOON, b"order/O1", (("a", b"b"),))
    with sending.transaction() as tx:
        tx.add_dead_letter(letter)

    [copy] = of(sending, Word.DEAD_LETTERS)
    assert (copy.key, copy.value, dict(copy.headers)["tellfirst_size"]) == (None, b"", b"1048578")


def test_the_same_line_has_the_same_id_and_another_another(sending: SqlStore) -> None:
    for _ in range(2):
        add(sending, a_notice())
    add(sending, a_notice("ntc_2"))

    first, again, other = (dict(each.headers)["id"] for each in of(sending, Word.NOTICES))
    assert first == again != other


def test_where_there_is_no_kafka_nothing_is_kept_for_it() -> None:
    store = open_memory()
    add(store, a_phase(), a_notice())
    begin(store)

    assert not store.outgoing(limit=1)
