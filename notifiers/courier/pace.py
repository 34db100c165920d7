"""How fast a provider is given messages: a bucket that fills evenly, and a queue for what comes when it is empty."""

from contracts.times import SECOND
from notifiers.channels.providers import Rate


class Pace:
    """As many at once as a second brings, at least one; after that one by one, evenly. Times in microseconds."""

    def __init__(self, rate: Rate) -> None:
        self._each = max(1, rate.per // rate.count)
        self._at_once = max(0, SECOND // self._each - 1) * self._each
        self._full_at = 0
        self._last_in_queue = 0

    def turn(self, now: int, *, has_waited: bool) -> int | None:
        """Return None when a message may go now, else when to come back. has_waited: who comes back goes before who is new."""
        earliest = self._full_at - self._at_once
        if earliest <= now and (has_waited or self._last_in_queue <= now):
            self._full_at = max(self._full_at, now) + self._each
            return None
        if has_waited:
            return max(earliest, now + self._each)
        self._last_in_queue = max(self._last_in_queue, earliest, now) + self._each
        return self._last_in_queue
