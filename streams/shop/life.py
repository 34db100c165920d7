"""What happens in one case, and when we hear of it."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from contracts.times import MINUTE, SECOND


@dataclass(frozen=True)
class Happening:
    """time: its own; heard: when it reaches us; both microseconds since 1970."""

    time: int
    type: str
    data: dict[str, Any]
    heard: int


@dataclass
class Life:
    """What happens in one case, told in any order. data: what each of its events carries."""

    chance: Random
    data: dict[str, Any]
    told: list[Happening] = field(default_factory=list)

    def tell(self, time: int, event_type: str, *, late_by: int = 0, **data: Any) -> None:
        heard = time + late_by + self.chance.randint(1, 60) * SECOND
        self.told.append(Happening(time, event_type, {**self.data, **data}, heard))

    def between(self, least: int, most: int) -> int:
        """Return a length of whole minutes between two."""
        return self.chance.randint(least // MINUTE, most // MINUTE) * MINUTE
