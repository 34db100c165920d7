"""Simulated time: what a perfect clock says, and what the clock of the machine says."""

from collections.abc import Callable

from contracts.times import MINUTE


class Clock:
    """true: microseconds by a perfect clock; ahead: by how much the machine's clock is wrong. each_minute: is called in each."""

    def __init__(self, start: int, each_minute: Callable[[], None]) -> None:
        self.true, self.ahead = start, 0
        self._each_minute = each_minute

    @property
    def now(self) -> int:
        """What the machine's clock says."""
        return self.true + self.ahead

    def jump(self, ahead: int) -> None:
        self.ahead = ahead
        self._each_minute()

    def go_on(self, minutes: int) -> None:
        for _ in range(minutes):
            self.true += MINUTE
            self._each_minute()

    def leap(self, to: int) -> None:
        """Let much time pass at once, a minute at least: the machine sleeps."""
        self.true = max(self.true + MINUTE, to)
        self._each_minute()
