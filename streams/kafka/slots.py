"""Which slot a case belongs to, and what of an event belongs to which: the arithmetic that every producer must agree on."""

from functools import lru_cache
from typing import NamedTuple

from kafka.partitioner import murmur2
from msgspec.structs import replace

from contracts.event import Event

POSITIVE = 0x7FFF_FFFF


@lru_cache(maxsize=65_536)
def slot_of(case: str, slots: int) -> int:
    """Return the slot of a case, where its name is the key: by murmur2, as Kafka's own clients choose a partition."""
    return slot_of_bytes(case.encode(), slots)


def slot_of_bytes(key: bytes, slots: int) -> int:
    hashed: int = murmur2(key)
    return (hashed & POSITIVE) % slots


class Parted(NamedTuple):
    """here: the event for its cases of this slot, None where there are none. elsewhere: the cases to which a copy must go."""

    here: Event | None
    elsewhere: tuple[str, ...]


def parted(event: Event, slot: int, *, slots: int) -> Parted:
    """Return which cases of an event that was read in a slot belong there; also of one that somebody wrote to the wrong slot."""
    cases = event.cases
    if len(cases) == 1 and slot_of(cases[0], slots) == slot:
        return Parted(event, ())
    here = tuple(case for case in cases if slot_of(case, slots) == slot)
    elsewhere = tuple(case for case in cases if slot_of(case, slots) != slot)
    return Parted(replace(event, cases=here) if here else None, elsewhere)
