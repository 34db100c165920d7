"""What a gate is asked: one notice with all that may be known about it, and the limits of the house."""

from contracts.telling import Telling
from notifiers.limits import Limits


class Question(Telling, frozen=True, kw_only=True):
    """keeps_promise: its problem's promise is due, so that it passes caps and does not wait for the digest.

    says_when_late: whether a message admits that we noticed late; replays and backtests do not.
    """

    limits: Limits = Limits()
    keeps_promise: bool = False
    says_when_late: bool = True

    @property
    def was_late(self) -> bool:
        """Whether the notice was found long after it became true (S21)."""
        return self.notice.found_at - self.notice.at > self.limits.late
