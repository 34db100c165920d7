"""What goes on to Kafka waits in the store: written with its cause, read in order, gone once the brokers have it."""

import pytest

from contracts.outgoing import Outgoing, Word
from storage.sql_store import SqlStore


def to(topic: Word, value: bytes | None, *, key: bytes | None = b"parcel/P1") -> Outgoing:
    return Outgoing(topic=topic, key=key, value=value)


def send_on(store: SqlStore, *records: Outgoing) -> None:
    with store.transaction() as tx:
        tx.send_on(records)


def test_records_wait_in_the_order_in_which_they_were_written(store: SqlStore) -> None:
    records = [to(Word.PROBLEMS, f"{number}".encode()) for number in range(7)]
    send_on(store, *records[:5])
    send_on(store, *records[5:])

    assert [each.outgoing for each in store.outgoing(limit=100)] == records
    assert [each.outgoing for each in store.outgoing(limit=3)] == records[:3]


def test_a_record_is_kept_whole(store: SqlStore) -> None:
    headers = (("ce_type", b"order.placed"), ("trace", b"\x00\xff"), ("trace", None))
    record = Outgoing(topic=Word.ROUTED, key=b"\xff\x00", value=b"\x00{", headers=headers, lane=3)
    send_on(store, record, to(Word.TOLD, None, key=None))

    assert [each.outgoing for each in store.outgoing(limit=2)] == [record, to(Word.TOLD, None, key=None)]


def test_what_the_brokers_have_is_gone_and_nothing_else(store: SqlStore) -> None:
    send_on(store, *[to(Word.NOTICES, f"{number}".encode()) for number in range(4)])
    first, _, third, _ = (each.number for each in store.outgoing(limit=4))

    with store.transaction() as tx:
        tx.sent_on([first, third])

    assert [each.outgoing.value for each in store.outgoing(limit=4)] == [b"1", b"3"]


def test_no_number_is_used_twice(store: SqlStore) -> None:
    send_on(store, to(Word.NOTICES, b"1"))
    [one] = store.outgoing(limit=1)
    with store.transaction() as tx:
        tx.sent_on([one.number])

    send_on(store, to(Word.NOTICES, b"2"))

    [other] = store.outgoing(limit=1)
    assert other.number > one.number


def test_what_was_undone_goes_nowhere(store: SqlStore) -> None:
    with pytest.raises(RuntimeError), store.transaction() as tx:
        tx.send_on([to(Word.ROUTED, b"1")])
        raise RuntimeError

    assert not store.outgoing(limit=1)
