"""What a gate is asked: one notice with all that may be known about it, and the limits of the house."""

from contracts.telling import Telling
from notifiers.limits import Limits


class Question(Telling, frozen=True, kw_only=True):
    """keeps_promise: its problem's promise is due, so that it passes caps and does not wait for the digest."""

    limits: Limits = Limits()
    keeps_promise: bool = False
