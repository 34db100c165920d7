"""What the courier did, as values: rule tests read their lines from them, metrics their counts."""

from typing import TypeAlias

from msgspec import Struct

from contracts.message import Outcome
from contracts.notice import Notice, Reason

NOTHING_NEW, KNOWN_NOW, CANNOT_SEE = "nothing new yet", "what we know now", "cannot see the newest state"


class Told(Struct, frozen=True):
    """notice: as it was answered, with its channel and customer."""

    notice: Notice
    at: int


class Held(Struct, frozen=True):
    """A hold whose reason or time is new. until: None: until what it waits for changes."""

    notice: Notice
    at: int
    reason: Reason
    until: int | None


class Withheld(Struct, frozen=True):
    """to_a_person: it would have been one notice too many, so that a hand-over speaks in its stead."""

    notice: Notice
    at: int
    reason: Reason
    to_a_person: bool = False


class Tried(Struct, frozen=True):
    """A try was answered, or no answer came: what metrics count beside what was told of its notice."""

    notice: Notice
    at: int
    outcome: Outcome


class News(Struct, frozen=True):
    """A promise was kept. text: one of the three above."""

    notice: Notice
    at: int
    text: str


class HandedOver(Struct, frozen=True):
    notice: Notice
    at: int
    desk: str


Spoken: TypeAlias = Told | Held | Withheld | News | HandedOver
Happening: TypeAlias = Spoken | Tried
