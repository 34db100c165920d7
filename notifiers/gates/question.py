"""What a gate is asked: one notice with all that may be known about it, and the limits of the house."""

from msgspec import Struct

from contracts.customer import Customer
from contracts.notice import Notice
from contracts.tell import RuleTelling
from contracts.telling import Heard, ProblemNow, RuleState, Told
from notifiers.limits import Limits


class Question(Struct, frozen=True, kw_only=True):
    """customer: None when nobody knows who or how.

    told_of_problem: every notice sent of this problem, oldest first.
    told_lately: sent to this customer in the last 7 days, whatever the problem, oldest first.
    complained: an unresolved complaint on this case, or on its customer naming no other case.
    cause_open: a live, not withheld problem of a rule in `unless_open` on this case or on one that an event named with it.
    corrects: for a told fact corrected after the end, the newest message that stated it; None when none is wrong.
    seen_up_to: W of the case's source, None where no source runs; lag: the source's own disorder or delay, in microseconds.
    keeps_promise: its problem's promise is due, so that it passes caps and does not wait for the digest.
    says_when_late: whether a message admits that we noticed late; replays and backtests do not.
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
    limits: Limits = Limits()
    keeps_promise: bool = False
    says_when_late: bool = True

    @property
    def was_late(self) -> bool:
        """Whether the notice was found long after it became true (S21)."""
        return self.notice.found_at - self.notice.at > self.limits.late
