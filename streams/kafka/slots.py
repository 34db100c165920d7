"""Which slot a case belongs to, and what of an event belongs to which: the arithmetic that every producer must agree on."""

from functools import lru_cache

from kafka.partitioner import murmur2

from contracts.customer import UPDATED
from contracts.event import Event

POSITIVE = 0x7FFF_FFFF


@lru_cache(maxsize=65_536)
def slot_of(case: str, slots: int) -> int:
    """Return the slot of a case, where its name is the key: by murmur2, as Kafka's own clients choose a partition."""
    return slot_of_bytes(case.encode(), slots)


def slot_of_bytes(key: bytes, slots: int) -> int:
    hashed: int = murmur2(key)
    return (hashed & POSITIVE) % slots


def home_of(event: Event) -> str:
    """Return the case in whose slot is taken up what an event says about people: its first one; of a profile, its customer."""
    if event.type == UPDATED and (customer := f"customer/{event.data.get('customer_id')}") in event.cases:
        return customer
    return event.cases[0]


def slot_of_record(key: str | None, value: bytes, slots: int) -> int:
    """Return the slot in which a record is written; one without a key is somewhere, and always at the same place."""
    return slot_of_bytes(value, slots) if key is None else slot_of(key, slots)


def parted(event: Event, slot: int, *, slots: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the cases of an event that belong to the slot in which it was read, and those that do not.

    Somebody may have written it to the wrong slot.
    """
    cases = event.cases
    if len(cases) == 1 and slot_of(cases[0], slots) == slot:
        return cases, ()
    here = tuple([case for case in cases if slot_of(case, slots) == slot])
    return here, tuple([case for case in cases if case not in here])
