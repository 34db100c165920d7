"""How far a courier knows each case to be seen."""

from contracts.times import MINUTE
from storage.records import Seen
from storage.sqlite import open_memory
from streams.kafka.sights import Sights
from streams.kafka.slots import slot_of

NOON = 1_772_625_600_000_000


def test_a_case_is_seen_as_far_as_its_slot_was_when_looked_at_last() -> None:
    store, slot = open_memory(), slot_of("parcel/P1", 6)
    sights = Sights(store, slots=6, by_copy=frozenset())
    with store.transaction() as tx:
        epoch = tx.claim_slot(slot)
        tx.hold_slot(slot, epoch=epoch, seen=Seen(w=NOON, own_w=NOON, lag=MINUTE, at=NOON))
    assert sights("parcel/P1") == (0, 0)

    sights.look()

    assert sights("parcel/P1") == (NOON, MINUTE)


def test_a_kind_that_other_slots_can_reach_is_seen_as_far_as_their_copies() -> None:
    store, slot = open_memory(), slot_of("parcel/P1", 6)
    with store.transaction() as tx:
        tx.hold_slot(slot, epoch=tx.claim_slot(slot), seen=Seen(w=NOON - MINUTE, own_w=NOON, lag=MINUTE, at=NOON))
    own, copied = (Sights(store, slots=6, by_copy=frozenset(kinds)) for kinds in ((), ("parcel",)))
    for sights in (own, copied):
        sights.look()

    assert (own("parcel/P1")[0], copied("parcel/P1")[0]) == (NOON, NOON - MINUTE)


def test_a_slot_that_nobody_has_read_is_not_seen_at_all() -> None:
    store = open_memory()
    with store.transaction() as tx:
        tx.claim_slot(slot_of("parcel/P1", 6))
    sights = Sights(store, slots=6, by_copy=frozenset())
    sights.look()

    assert sights("parcel/P1") == (0, 0)
    assert all(sights(f"parcel/P{number}") == (0, 0) for number in range(20))
