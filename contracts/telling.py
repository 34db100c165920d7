"""What the telling half knows of rules, problems and what was told: as decided, as they are now, as they were heard."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from contracts.message import Claim
from contracts.notice import NoticePhase, Urgency
from contracts.problem import Facts, Phase


class Stage(StrEnum):
    """How far a rule's notices go: recorded only, told, or stopped by a person."""

    SHADOW = "shadow"
    LIVE = "live"
    PAUSED = "paused"


class RuleState(Struct, frozen=True, kw_only=True):
    """What people and the breaker decided about a rule. live_since: None while it never was live.
    breaker_open: a person must decide."""

    rule: str
    stage: Stage
    live_since: int | None
    fingerprint: str = ""
    breaker_open: bool = False


class ProblemNow(Struct, frozen=True, kw_only=True):
    """A problem as the store has it now. at: of its opening. phase: its newest.
    graver_at: `at` of the update by a graver detector, if any.
    later: the facts as they are since, where one changed after the problem's end."""

    problem: str
    rule: str
    case: str
    customer: str | None
    watch_start: int
    number: int
    phase: Phase
    detector: str | None
    says: str
    at: int
    phase_at: int
    found_at: int
    tries: int | None = None
    facts: Facts
    fired: Facts
    handed_over_at: int | None = None
    later: Facts | None = None

    @property
    def ended(self) -> bool:
        return self.phase.ends


class Told(Struct, frozen=True, kw_only=True):
    """A notice that was sent, accepted or ambiguous. sorry: whether its message said so."""

    notice: str
    problem: str
    phase: NoticePhase
    urgency: Urgency
    customer: str
    channel: str
    sent_at: int
    sorry: bool


class Heard(Struct, frozen=True):
    """What a customer heard by the message of one notice. sections: as they were sent."""

    notice: str
    problem: str
    customer: str
    sent_at: int
    claims: tuple[Claim, ...]
    sections: Mapping[str, str]


class Known(Struct, frozen=True):
    """What is known of a customer: field to [value, time, event id] of the newest that carried it."""

    customer: str
    profile: dict[str, list[Any]]


class Complaint(Struct, frozen=True):
    """The newest complaint.raised and complaint.resolved about one case or customer (KIND/ID); None when there was none."""

    about: str
    raised_at: int | None
    resolved_at: int | None


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
