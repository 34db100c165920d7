"""What happens in one case, when we hear of it, and what is true of it that nobody tells us."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from contracts.times import MINUTE, SECOND
from streams.shop.days import ENDS, awake
from streams.shop.outcomes import Cause, Seeming, Trouble, Words
from streams.shop.people import Person


@dataclass(frozen=True)
class Happening:
    """time: its own; heard: when it reaches us; both microseconds since 1970. broken: it reaches us as a broken line."""

    time: int
    type: str
    data: dict[str, Any]
    heard: int
    broken: bool = False


@dataclass(frozen=True)
class Complaint:
    """trouble: what it is of, with the time; about: in the customer's words; data: the ids that it names."""

    trouble: Trouble
    who: Person
    about: str
    data: dict[str, Any]


@dataclass
class Life:
    """What happens in one case, told in any order. data: what each of its events carries."""

    chance: Random
    who: Person
    data: dict[str, Any]
    told: list[Happening] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    seemings: list[Seeming] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.data = {**self.data, "customer_id": self.who.id}

    def tell(self, time: int, event_type: str, *, late_by: int = 0, broken: bool = False, **data: Any) -> None:
        heard = time + late_by + self.chance.randint(1, 60) * SECOND
        self.told.append(Happening(time, event_type, {**self.data, **data}, heard, broken))

    def trouble(self, cause: Cause, *cases: str, begins: int, felt: int, ends: int | None) -> None:
        """Something goes wrong here; whether the customer complains of it is decided now, by the customer's nature alone."""
        complains = self._complains(cause, felt, ends)
        trouble = Trouble(self.who.id, cases, cause.name, begins, felt, ends, complains)
        self.troubles.append(trouble)
        if complains is not None:
            self.complaints.append(Complaint(trouble, self.who, self.who.words(cause.about), self.data))

    def _complains(self, cause: Cause, felt: int, ends: int | None) -> int | None:
        bears = int(cause.bears * self.who.patience * self.chance.lognormvariate(0, 0.5))
        at = awake(felt + bears // SECOND * SECOND, self.who.zone)
        put_right = ends is not None and ends <= at
        return at if self.happens(cause.share * self.who.voice) and not put_right and at < ENDS else None

    def seemed(self, case: str, why: str) -> None:
        """Nothing goes wrong here, but it may look so."""
        self.seemings.append(Seeming(case, why))

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def between(self, least: int, most: int) -> int:
        """Return a length of whole minutes between two."""
        return self.chance.randint(least // MINUTE, most // MINUTE) * MINUTE

    def one_of(self, texts: tuple[Words, ...]) -> str:
        """Return one of some texts, in the customer's language."""
        return self.who.words(self.chance.choice(texts))
