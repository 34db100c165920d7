"""Whether a provider is left alone for a while: it does not take what it is given, and more of it would help nobody."""

from contracts.message import Outcome
from contracts.times import HOUR, MINUTE, SECOND

LONGEST_REST = 15 * MINUTE
PROBE = 3 * MINUTE  # longer than any one message is waited for
ANSWER = 20 * SECOND  # by then most probes are answered
AWAY = HOUR + 5 * MINUTE + MINUTE // 2  # as long as the tries of one message take


class Breaker:
    """Opens after so many tries in a row that were not answered, or put off; then lets one through after each rest.

    after: how many. rest: the first one, in microseconds; each next is twice as long, up to a quarter of an hour.
    What it knows is kept in memory: a process that starts again asks the provider anew, which costs so many tries at most.
    """

    def __init__(self, *, after: int, rest: int) -> None:
        self._after, self._first_rest = after, rest
        self._in_a_row = 0
        self._rest = rest
        self._rests_until = 0
        self._is_probed = False
        self.open_since: int | None = None

    def rests_until(self, now: int) -> int | None:
        """Return until when nothing may be sent, None when something may; while a probe is out, when to ask for its answer."""
        if self.open_since is None or now >= self._rests_until:
            return None
        return min(self._rests_until, now + ANSWER) if self._is_probed else self._rests_until

    def let_through(self, now: int) -> None:
        """Hear that one message goes; while it is open this is the probe, and all others wait for its answer."""
        if self.open_since is not None:
            self._is_probed, self._rests_until = True, now + PROBE

    def is_away(self, now: int) -> bool:
        """Whether it has been open for so long that its customers should hear by another channel."""
        return self.open_since is not None and now - self.open_since >= AWAY

    def saw(self, outcome: Outcome, now: int) -> None:
        """A refusal is an answer: it says something of one message and nothing of the provider."""
        if outcome in (Outcome.ACCEPTED, Outcome.REFUSED):
            self._in_a_row, self.open_since = 0, None
            return
        self._in_a_row += 1
        if self.open_since is None and self._in_a_row >= self._after:
            self.open_since = now
            self._let_rest(self._first_rest, now)
        elif self._is_probed:
            self._let_rest(min(2 * self._rest, max(LONGEST_REST, self._first_rest)), now)

    def _let_rest(self, rest: int, now: int) -> None:
        self._rest, self._rests_until, self._is_probed = rest, now + rest, False
