"""A time by which a message said the customer will hear again."""

from enum import StrEnum

from msgspec import Struct


class PromiseState(StrEnum):
    MADE = "made"
    KEPT = "kept"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    HANDED_OVER = "handed_over"
    BROKEN = "broken"


class Promise(Struct, frozen=True, kw_only=True):
    """notice: whose message made it. keep_at: from when the courier keeps it. news_before: 'nothing new yet' said before it."""

    notice: str
    problem: str
    rule: str
    case: str
    customer: str
    made_at: int
    deadline: int
    keep_at: int
    news_before: int = 0
    state: PromiseState = PromiseState.MADE
    ended_at: int | None = None
