"""Chance: how often what goes wrong, and for how long; every draw comes from the run's own seed."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from contracts.times import HOUR, MINUTE
from streams.simulator.teller import Fate

Turn = TypeVar("Turn")

FATES = {
    Fate.ACCEPTED: 42,
    Fate.BOUNCED: 4,
    Fate.REPLY_LOST: 8,
    Fate.TIMED_OUT: 6,
    Fate.BUSY: 7,
    Fate.ASKED_LATER: 4,
    Fate.REFUSED: 9,
    Fate.KILLED_BEFORE: 6,
    Fate.KILLED_AFTER: 7,
    Fate.STALLED: 7,
}
RACES = {Fate.ACCEPTED: 3, Fate.REPLY_LOST: 1, Fate.KILLED_AFTER: 3, Fate.STALLED: 3}
WAKES = (
    Fate.ACCEPTED, Fate.ACCEPTED, Fate.REPLY_LOST, Fate.TIMED_OUT, Fate.BUSY, Fate.ASKED_LATER, Fate.REFUSED, Fate.KILLED_AFTER,
)  # fmt: skip


class Schedule:
    """calm: from now on nothing goes wrong any more."""

    def __init__(self, seed: int) -> None:
        self._random = Random(f"schedule {seed}")
        self.calm = False

    def breaks(self) -> bool:
        """Whether a connection breaks during the next turn."""
        return self._happens(0.07)

    def overtakes(self) -> bool:
        """Whether somebody else acts in the middle of the next turn."""
        return self._happens(0.25)

    def goes_down(self) -> bool:
        return self._happens(0.01)

    def clock_jumps(self) -> bool:
        return self._happens(0.04)

    def loses_reply(self) -> bool:
        return self._happens(0.5)

    def _happens(self, chance: float) -> bool:
        return not self.calm and self._random.random() < chance

    def order(self, turns: Sequence[Turn]) -> list[Turn]:
        """Return the turns in the order in which they come this time."""
        return self._random.sample(turns, len(turns))

    def pause(self) -> int:
        """Return how many minutes pass until anybody has a turn."""
        return self._random.randint(1, 40)

    def absence(self) -> int:
        """Return how many minutes a paused process is away: longer than a claim lasts, and than W settles."""
        return self._random.randint(6, 12)

    def outage(self) -> int:
        """Return for how long a process is down, in microseconds: mostly not long, at times for a night."""
        return self._random.choice((0, 10 * MINUTE, HOUR, 3 * HOUR, 9 * HOUR))

    def jump(self) -> int:
        """Return by how much a clock jumps, in microseconds."""
        return self._random.choice((-HOUR, HOUR))

    def batch(self) -> int:
        return 1_000 if self.calm else self._random.choice((1, 3, 10, 50, 1_000))

    def statements(self) -> int:
        """Return after how many statements a connection breaks."""
        return self._random.randint(0, 40)

    def transactions(self) -> int:
        """Return before which of its next transactions somebody overtakes a courier; the first, a claim, is not worth it."""
        return self._random.choice((1, 1, 2, 3))

    def fate(self, *, in_a_race: bool) -> Fate:
        """Return what becomes of a message. in_a_race: another courier is in the middle of something."""
        weights = RACES if in_a_race else FATES
        return Fate.ACCEPTED if self.calm else self._random.choices(list(weights), list(weights.values()))[0]

    def fate_after_all(self) -> Fate:
        """Return what becomes of a message that was on its way for too long."""
        return Fate.ACCEPTED if self.calm else self._random.choice(WAKES)
