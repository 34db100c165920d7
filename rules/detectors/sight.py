"""What a detector sees at one look: the case's memory, the opening of the watch, W, and the event at hand."""

from typing import NamedTuple

from msgspec import Struct

from contracts.event import Event
from rules.memory import Memory


class Sight(Struct, gc=False):
    """One look at one watch.

    w: the watermark, after the event or at the wake-up. start: the opening of the watch.
    event: None at a wake-up. facts, times, windows: a bit for each slot of memory that the event brought something newer for.
    opening: the watch opened at this look.
    """

    memory: Memory
    w: int
    event: Event | None = None
    facts: int = 0
    times: int = 0
    windows: int = 0
    start: int = 0
    opening: bool = False


class Change(NamedTuple):
    """A detector took hold, or let go; at: when it became true."""

    took_hold: bool
    at: int
