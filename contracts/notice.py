"""The wish to tell one customer one thing, and the closed list of reasons for not telling it now."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from contracts.times import MINUTE

LEASE = 5 * MINUTE
"""How long a courier's claim on a notice lasts."""


class NoticePhase(StrEnum):
    OPENED = "opened"
    UPDATED = "updated"
    CLEARED = "cleared"
    SOLVED = "solved"
    CORRECTED = "corrected"
    NEWS = "news"
    HANDED_OVER = "handed_over"

    @property
    def begins(self) -> bool:
        """Whether it opens or updates: what every end cancels while it waits."""
        return self in BEGINS

    @property
    def ends(self) -> bool:
        return self in ENDS


BEGINS = frozenset((NoticePhase.OPENED, NoticePhase.UPDATED))
ENDS = frozenset((NoticePhase.CLEARED, NoticePhase.SOLVED, NoticePhase.CORRECTED))


class Answer(StrEnum):
    WAITING = "waiting"
    HELD = "held"
    TOLD = "told"
    WITHHELD = "withheld"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    NOT_OPEN = "not_open"
    CUSTOMER_UNKNOWN = "customer_unknown"
    NOT_CAUGHT_UP = "not_caught_up"
    SILENCED = "silenced"
    COMPLAINED = "complained"
    CAUSE_SPEAKS = "cause_speaks"
    CONSENT = "consent"
    URGENCY = "urgency"
    QUIET_HOURS = "quiet_hours"
    CAPS = "caps"
    GROUPING = "grouping"
    BREAKER = "breaker"
    BEFORE_THE_RULE = "before_the_rule"
    MISSED = "missed"


class Urgency(StrEnum):
    NOW = "now"
    SOON = "soon"
    DIGEST = "digest"


class NoticeClass(StrEnum):
    SERVICE = "service"
    ACCOUNT = "account"
    MARKETING = "marketing"


class Notice(Struct, frozen=True, kw_only=True):
    """One notice as the store keeps it.

    number: notices of this phase of the problem before it; fact: the told fact that changed, where one did.
    ask_at: when the courier asks the gates next; None: when something that it waits for changes, or never more.
    claim: fences couriers; grows with each claim.
    """

    notice: str
    problem: str
    rule: str
    case: str
    customer: str | None
    phase: NoticePhase
    number: int
    detector: str | None
    fact: str | None = None
    says: str
    at: int
    found_at: int
    urgency: Urgency
    graver: bool = False
    answer: Answer = Answer.WAITING
    reason: Reason | None = None
    ask_at: int | None
    claim: int = 0
    channel: str | None = None
    sent_at: int | None = None

    @property
    def corrects_a_fact(self) -> bool:
        """Whether it says, after the problem's end, that a fact which was told is no longer so."""
        return self.phase is NoticePhase.CORRECTED and self.fact is not None


def in_order(notices: Iterable[Notice]) -> Sequence[Notice]:
    """Return notices in the order in which they are decided: (at, case, rule)."""
    return sorted(notices, key=lambda notice: (notice.at, notice.case, notice.rule, notice.notice))
