"""What a detector sees at one look: the case's memory, how its watch stands, W, and the event at hand."""

from typing import NamedTuple

from msgspec import Struct

from contracts.event import Event
from rules.memory import Memory


class Sight(Struct, gc=False):
    """One look at one watch.

    w: the watermark, after the event or at the wake-up. event: None at a wake-up.
    facts, times, windows: a bit for each slot of memory that the event brought something newer for.
    start, is_open: the opening of the watch, and whether it is open now. closing, opening: the event closed it, or opened it.
    """

    memory: Memory
    w: int
    event: Event | None = None
    facts: int = 0
    times: int = 0
    windows: int = 0
    start: int = 0
    is_open: bool = True
    closing: bool = False
    opening: bool = False


class Change(NamedTuple):
    """A detector took hold, or let go; at: when it became true."""

    took_hold: bool
    at: int
