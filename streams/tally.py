"""How many records were read, and what became of them; read is the sum of the others."""

from collections.abc import Mapping

from msgspec import Struct

from contracts.event import Fate


class Tally(Struct, frozen=True, kw_only=True):
    read: int
    applied: int
    repeated: int
    unread: int
    dead_letters: int


def tally_of(fates: Mapping[Fate, int] | Mapping[str, int]) -> Tally:
    """Return the tally of records by fate."""
    return Tally(
        read=sum(fates.values()),
        applied=fates.get(Fate.APPLIED, 0),
        repeated=fates.get(Fate.REPEATED, 0),
        unread=fates.get(Fate.UNREAD, 0),
        dead_letters=fates.get(Fate.DEAD, 0),
    )
