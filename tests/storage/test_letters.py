"""Dead letters leave the list taken in or discarded, and are counted; what stays says why."""

from msgspec.structs import replace

from contracts.event import DeadLetter, DeadReason, Fate
from storage.sqlite import SqliteStore

LETTER = DeadLetter("http", 7, b"{", DeadReason.SYNTAX, "cut off", 100)


def buried(store: SqliteStore) -> SqliteStore:
    with store.transaction() as tx:
        tx.add_dead_letter(LETTER)
        tx.count_records("http", {Fate.APPLIED: 5, Fate.DEAD: 1})
    return store


def test_what_is_taken_in_counts_as_what_became_of_it(store: SqliteStore) -> None:
    buried(store)

    with store.transaction() as tx:
        assert tx.take_letter_in(LETTER, Fate.APPLIED)
        assert not tx.take_letter_in(LETTER, Fate.APPLIED)

    counts = store.counts()
    assert counts["records"]["http"] == {"applied": 6, "dead": 0}
    assert counts["dead_letters_gone"] == {"redriven": {"syntax": 1}}
    assert store.dead_letter("http", 7) is None


def test_what_is_discarded_stays_counted_as_dead(store: SqliteStore) -> None:
    buried(store)

    with store.transaction() as tx:
        assert tx.discard_letter(LETTER)
        assert not tx.discard_letter(LETTER)

    counts = store.counts()
    assert counts["records"]["http"] == {"applied": 5, "dead": 1}
    assert counts["dead_letters_gone"] == {"discarded": {"syntax": 1}}
    assert list(store.dead_letters()) == []


def test_what_stays_has_its_newest_reason(store: SqliteStore) -> None:
    buried(store)
    newer = replace(LETTER, reason=DeadReason.MAPPING, detail="entry 1")

    with store.transaction() as tx:
        tx.explain_letter(newer)

    assert store.dead_letter("http", 7) == newer


def test_a_letter_of_a_topic_keeps_its_key_and_its_headers(store: SqliteStore) -> None:
    letter = replace(LETTER, source="orders#3", key=b"order/O1\xff", headers=(("ce_id", b"e1"), ("trace", b"\xff"), ("x", None)))
    with store.transaction() as tx:
        tx.add_dead_letter(letter)

    assert store.dead_letter("orders#3", 7) == letter
