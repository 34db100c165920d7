"""All that the gates may ask about one notice: its problem, its customer, what was told before, what was seen last."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from contracts.customer import Customer
from contracts.message import Claim
from contracts.notice import Notice, NoticePhase, Urgency
from contracts.problem import Facts, Phase
from contracts.tell import RuleTelling


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


class Telling(Struct, frozen=True, kw_only=True):
    """One notice with what its gates ask.

    customer: None when nobody knows who or how. told_of_problem: every notice sent of this problem, oldest first.
    told_lately: sent to this customer in the last 7 days, whatever the problem, oldest first.
    complained: an unresolved complaint on this case, or on its customer naming no other case.
    cause_open: a live, not withheld problem of a rule in `unless_open` on this case or on one that an event named with it.
    seen_up_to: W of the case's source; lag: the source's own disorder or delay, in microseconds; both None where no source runs.
    corrects: for a told fact corrected after the end, the newest message that stated it; None when none is wrong.
    kept_promise: a notice that keeps a promise passes caps.
    """

    notice: Notice
    rule: RuleTelling
    state: RuleState
    problem: ProblemNow
    customer: Customer | None
    told_of_problem: tuple[Told, ...] = ()
    told_lately: tuple[Told, ...] = ()
    silenced: bool = False
    complained: bool = False
    cause_open: bool = False
    corrects: Heard | None = None
    seen_up_to: int | None = None
    lag: int = 0
