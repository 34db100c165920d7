"""What happened: an event whose fields have their types, or the bytes that could not be taken as one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from contracts.outgoing import Headers


class Citation(Struct, frozen=True, array_like=True, gc=False):
    """The event that a fact, a window, a problem or a claim came from."""

    id: str
    source: str
    type: str
    time: int


class Event(Struct, frozen=True, gc=False):
    """One event of the catalogue, ready for the rules.

    data: field to value, only fields that the event carried; a null is kept as None.
    cases: the cases it concerns as KIND/ID, the subject's first; one to four.
    mark: the 8-byte identity of (source, id).
    """

    id: str
    source: str
    type: str
    time: int
    cases: tuple[str, ...]
    data: Mapping[str, Any]
    mark: bytes

    def cite(self) -> Citation:
        return Citation(self.id, self.source, self.type, self.time)


class DeadReason(StrEnum):
    SIZE = "size"
    SYNTAX = "syntax"
    SCHEMA = "schema"
    UNKNOWN_TYPE = "unknown_type"
    SUBJECT = "subject"
    NO_TIME = "no_time"
    WILD_TIME = "wild_time"
    MAPPING = "mapping"
    POISON = "poison"


class DeadLetter(Struct, frozen=True):
    """Bytes that could not be taken as an event, kept whole with the reason. position: of its record in the source.

    key, headers: of a record that came by Kafka.
    """

    source: str
    position: int
    raw: bytes
    reason: DeadReason
    detail: str
    at: int
    key: bytes | None = None
    headers: Headers = ()


class Fate(StrEnum):
    """What became of one record; every record that was read has exactly one."""

    APPLIED = "applied"
    REPEATED = "repeated"
    UNREAD = "unread"
    DEAD = "dead"
