"""When the customer hears again: a length becomes a deadline that the customer's clock can read, and the time to keep it."""

from contracts.customer import Customer
from contracts.times import DAY, HOUR, MINUTE
from notifiers.local_time import full_hour, next_full_hour, quiet_end

LEAST_HEAD_START = 30 * MINUTE


def deadline(sent_at: int, length: int, customer: Customer) -> int:
    """Return by when the customer hears again, for a message sent at `sent_at` that promised news in `length` microseconds.

    It is rounded down to the full hour, further back to the last one outside quiet hours; where that leaves less than half
    of the length, it is the first full hour at or after the end of them instead.
    """
    due = sent_at + length
    earlier = _last_decent_hour(due, customer)
    return earlier if earlier - sent_at >= length / 2 else _first_decent_hour(due, customer)


def keep_at(due: int, length: int, customer: Customer) -> int:
    """Return from when on a message keeps a promise: its head start before the deadline, and not in quiet hours."""
    start = person_at(due, length)
    return quiet_end(start, customer) or start


def person_at(due: int, length: int) -> int:
    """Return when a person takes a promise over, who has no quiet hours: the deadline less 30 minutes or 10 % of its length."""
    return due - max(LEAST_HEAD_START, length // 10)


def _last_decent_hour(due: int, customer: Customer) -> int:
    hour = earliest = full_hour(due, customer.zone)
    while quiet_end(hour, customer) is not None and earliest - hour <= DAY:
        hour = full_hour(hour - HOUR, customer.zone)
    return hour


def _first_decent_hour(due: int, customer: Customer) -> int:
    hour = next_full_hour(quiet_end(due, customer) or due, customer.zone)
    end = quiet_end(hour, customer)
    return hour if end is None else next_full_hour(end, customer.zone)
