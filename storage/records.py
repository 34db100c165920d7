"""The records that only the store and its readers know; all others travel and stand in contracts."""

from typing import Any

from msgspec import Struct

from contracts.outgoing import Outgoing
from contracts.problem import ProblemPhase
from contracts.telling import ProblemNow


class CaseRow(Struct, frozen=True):
    """ripe_at: the earliest time at which W makes something due, never later than the true one; None: nothing is armed."""

    case: str
    part: int
    layout: int
    memory: bytes
    ripe_at: int | None
    customer: str | None


class SourcePosition(Struct, frozen=True):
    """How far one partition of a source was read. next: of the first record not yet read. state: the watermark's own numbers."""

    source: str
    part: int
    next: int
    state: dict[str, int]


class MinutesRow(Struct, frozen=True):
    """In which minutes something came by a partition of a source, and in which somebody looked: streams/kafka/minutes.py.

    since, newest: the first and the last minute of which something is known, since 1970. heard, looked: packed.
    """

    source: str
    part: int
    since: int
    newest: int
    heard: bytes
    looked: bytes


class Seen(Struct, frozen=True):
    """How far a slot was seen, at a time of the clock. w: for all its cases; None: not at all.

    own_w: by its own inputs, without the copies that come from other slots. lag: how far W stays behind by intent.
    """

    w: int | None
    own_w: int | None
    lag: int
    at: int


class Slot(Struct, frozen=True):
    """A slot as its worker last left it, with what Seen says; seen_at: None while nobody has said."""

    slot: int
    epoch: int
    w: int | None
    own_w: int | None
    lag: int
    seen_at: int | None


class CustomerRow(Struct, frozen=True):
    """profile: field to [value, time, event id] of the newest that carried it. marks: the last 16 events applied."""

    customer: str
    profile: dict[str, list[Any]]
    marks: list[int]


class Complaint(Struct, frozen=True):
    """The newest complaint.raised and complaint.resolved about one case or customer (KIND/ID); None when there was none."""

    about: str
    raised_at: int | None
    resolved_at: int | None


class Known(Struct, frozen=True):
    """What is known of a customer: field to [value, time, event id] of the newest that carried it."""

    customer: str
    profile: dict[str, list[Any]]


class Standing(Struct, frozen=True):
    """How things stand with a notice that is to be told, all of it read at one moment.

    whose: the customer it would be told; row: what is known of that customer, None when nothing is.
    complaints: about its case, and about its customer naming no other.
    """

    problem: ProblemNow
    whose: str | None
    row: Known | None
    complaints: tuple[Complaint, ...]


class Silence(Struct, frozen=True):
    """Notices that match every part that is not None are withheld from `starts` until `ends`."""

    silence: str
    rule: str | None
    case: str | None
    customer: str | None
    starts: int
    ends: int
    why: str


class RecordedPhase(Struct, frozen=True):
    """One phase of a problem as it was recorded, with when we saw it."""

    phase: ProblemPhase
    found_at: int


class Numbered(Struct, frozen=True):
    """A record on its way to a topic. number: grows, and is never used again."""

    number: int
    outgoing: Outgoing
