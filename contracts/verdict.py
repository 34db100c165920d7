"""What a gate answers: pass, hold until, or withhold because."""

from typing import TypeAlias

from msgspec import Struct

from contracts.notice import Reason


class Pass(Struct, frozen=True):
    pass


class Hold(Struct, frozen=True):
    """until: when to ask again; None: when what it waits for changes."""

    until: int | None
    reason: Reason


class Withhold(Struct, frozen=True):
    reason: Reason


Verdict: TypeAlias = Pass | Hold | Withhold


class GateAnswer(Struct, frozen=True):
    """What one gate said of one notice at one time. answer: pass, hold or withhold."""

    notice: str
    at: int
    gate: str
    answer: str
    reason: str | None = None
    until: int | None = None


Said: TypeAlias = tuple[str, str, str | None, int | None]
"""A gate, its answer, the reason, and until when; as in GateAnswer."""


class Look(Struct, frozen=True):
    """What the gates said of one notice at one time, in the order in which they were asked."""

    notice: str
    at: int
    said: tuple[Said, ...]
