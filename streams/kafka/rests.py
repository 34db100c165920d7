"""What must wait before it is tried again: pauses that grow with every failure, one for each slot, and one for all of them."""

from collections.abc import Callable, Hashable

FIRST_SECONDS, LONGEST_SECONDS = 0.1, 5.0


class Rests:
    """elapsed: seconds, which never run back."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._pauses: dict[Hashable, float] = {}
        self._until: dict[Hashable, float] = {}

    def begin(self, what: Hashable) -> float:
        """Let it rest, twice as long as the last time; return for how many seconds."""
        pause = self._pauses.get(what, FIRST_SECONDS)
        self._pauses[what] = min(pause * 2, LONGEST_SECONDS)
        self._until[what] = self._elapsed() + pause
        return pause

    def goes_on(self, what: Hashable) -> bool:
        """Whether it rests."""
        return self._elapsed() < self._until.get(what, 0.0)

    def worked(self, what: Hashable) -> None:
        self._pauses.pop(what, None)
        self._until.pop(what, None)
