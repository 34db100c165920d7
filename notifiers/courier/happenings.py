"""What the courier did, as values: rule tests read their lines from them, metrics their counts."""

from typing import TypeAlias

from msgspec import Struct

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
    notice: Notice
    at: int
    reason: Reason


class News(Struct, frozen=True):
    """A promise was kept. text: one of the three above."""

    notice: Notice
    at: int
    text: str


class HandedOver(Struct, frozen=True):
    notice: Notice
    at: int
    desk: str


Happening: TypeAlias = Told | Held | Withheld | News | HandedOver
