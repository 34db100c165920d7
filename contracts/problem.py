"""What a rule found wrong with a case, phase by phase, as the rules hand it on."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeAlias

from msgspec import Struct

from contracts.event import Citation


class Phase(StrEnum):
    OPENED = "opened"
    UPDATED = "updated"
    CLEARED = "cleared"
    SOLVED = "solved"
    MOOT = "moot"
    CORRECTED = "corrected"

    @property
    def ends(self) -> bool:
        return self in ENDS


ENDS = frozenset((Phase.CLEARED, Phase.SOLVED, Phase.MOOT, Phase.CORRECTED))


class Fact(Struct, frozen=True, gc=False):
    """The newest value of one field, None while unknown, and the event it came from."""

    value: Any
    event: Citation | None


Facts: TypeAlias = Mapping[str, Fact]

LABEL = "case.label"
"""Among a problem's facts: what messages call its case, where the catalogue names a field for it that is not the id."""


class ProblemPhase(Struct, frozen=True, kw_only=True):
    """One line of a problem's life.

    detector: that took hold or let go; None for solved and moot, whose event type is `ended_by`.
    says: the wording of the detector that opened or updated the problem last.
    at: when it became true; opened_at: the `at` of the problem's opening.
    graver: an update by a detector further down than every one before.
    reopened: an update that follows a clear.
    facts: every fact of the rule as it is now; fired: the `by` facts as they were when their detector fired.
    """

    problem: str
    rule: str
    case: str
    customer: str | None
    watch_start: int
    number: int
    phase: Phase
    detector: str | None
    ended_by: str | None = None
    says: str
    at: int
    opened_at: int
    graver: bool = False
    reopened: bool = False
    tries: int | None = None
    facts: Facts
    fired: Facts
    cites: tuple[Citation, ...] = ()


class FactsChanged(Struct, frozen=True, kw_only=True):
    """The facts of a problem, open or ended, changed. at: of the event that changed them; customer: the case's by then."""

    problem: str
    rule: str
    case: str
    customer: str | None
    at: int
    changed: tuple[str, ...]
    facts: Facts


Finding: TypeAlias = ProblemPhase | FactsChanged
