"""The records that only the store and its readers know; all others travel and stand in contracts."""

from msgspec import Struct

from contracts.outgoing import Outgoing
from contracts.problem import ProblemPhase
from contracts.telling import Known


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


class CustomerRow(Known, frozen=True):
    """marks: the last 16 events applied."""

    marks: list[int]


class RecordedPhase(Struct, frozen=True):
    """One phase of a problem as it was recorded, with when we saw it. hand_over_at: of an opening, when a person takes over."""

    phase: ProblemPhase
    found_at: int
    hand_over_at: int | None = None


class Numbered(Struct, frozen=True):
    """A record on its way to a topic. number: grows, and is never used again."""

    number: int
    outgoing: Outgoing
