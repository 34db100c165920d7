"""How often and how long: the numbers of telling that a project may set."""

from datetime import time

from msgspec import Struct

from contracts.times import DAY, HOUR, MINUTE, WEEK


class Limits(Struct, frozen=True, kw_only=True):
    """Lengths in microseconds.

    soon_per_window: notices of urgency `soon` that open or update, per customer and `window`.
    before_end: notices of one problem before its end, which is kept free; updates: how many of them may be updates.
    news: how often "nothing new yet" keeps a promise before a person does.
    customer_wait: how long a notice waits for its customer; look_again: how soon one that is not caught up is asked again.
    behind: how far sight may lie behind the clock, beside the source's own lag; late: from when on we say that we noticed late.
    digest_at: local time of the one digest a day.
    """

    soon_per_window: int = 3
    window: int = WEEK
    before_end: int = 3
    updates: int = 1
    news: int = 2
    customer_wait: int = DAY
    behind: int = 5 * MINUTE
    look_again: int = MINUTE
    late: int = 24 * HOUR
    digest_at: time = time(9)
