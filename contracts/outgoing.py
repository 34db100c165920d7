"""A record on its way to a topic of our own: written with what it tells of, or not at all, and relayed once that is committed."""

from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

Headers: TypeAlias = tuple[tuple[str, bytes | None], ...]


class Word(StrEnum):
    """Which of our own topics; its whole name begins with the group's."""

    ROUTED = "routed"
    PROBLEMS = "problems"
    NOTICES = "notices"
    RECEIPTS = "receipts"
    DEAD_LETTERS = "dead-letters"
    TOLD = "told"


class Outgoing(Struct, frozen=True, kw_only=True):
    """key: by which its partition is chosen; records of one key arrive in their order. None: any partition.

    value: None takes back what was said under this key. lane: the slot that wrote it, None for who has none.
    """

    topic: Word
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    lane: int | None = None
