"""How a parcel travels: promised for a day, handed over, scanned from place to place, through a depot that may stand still."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from contracts.times import DAY, HOUR, MINUTE, end_of_day, parse_instant
from streams.shop.days import at, day_of
from streams.shop.life import Life

STOPPED_DEPOT = "Leipzig"
OTHER_DEPOTS = ("Hannover", "Cologne")
PLACES = ("Hamburg", "Bremen", "Frankfurt", "Munich", "Stuttgart", "Dresden")
STOPS = parse_instant("2026-03-27T14:00:00Z")
RESTARTS = STOPS + 36 * HOUR
MOST_SCANS = 40


@dataclass(frozen=True)
class Journey:
    """scans: (time, place) on the way; ends: of the promised day."""

    parcel: str
    order: str
    promised: date
    ends: int
    handed_over: int
    scans: tuple[tuple[int, str], ...]
    arrives: int

    @property
    def case(self) -> str:
        return f"parcel/{self.parcel}"

    @property
    def cases(self) -> tuple[str, str]:
        return self.case, f"order/{self.order}"

    @property
    def is_late(self) -> bool:
        return self.arrives > self.ends

    @property
    def evening(self) -> int:
        """When it is felt that the promised day passes without the parcel."""
        return self.ends - 5 * HOUR


def journey(life: Life, parcel: str, order: str, created: int) -> Journey:
    """Return a journey that brings the parcel on its promised day, or the day before."""
    zone = life.who.zone
    promised = day_of(created, zone) + timedelta(days=life.chance.randint(2, 3))
    handed_over = created + life.between(6 * HOUR, 16 * HOUR)
    arrives = at_the_door(life, promised - timedelta(days=life.happens(0.25) and promised > day_of(handed_over + DAY, zone)))
    scans = tuple(stops(life, handed_over, arrives, (STOPPED_DEPOT, *OTHER_DEPOTS)))
    return Journey(parcel, order, promised, end_of_day(promised, ZoneInfo(zone)), handed_over, scans, arrives)


def at_the_door(life: Life, day: date) -> int:
    """Return a time of that day at which parcels are brought."""
    return at(day, life.chance.randint(9 * 60, 18 * 60), life.who.zone)


def stops(life: Life, begins: int, ends: int, depots: tuple[str, ...] = OTHER_DEPOTS) -> list[tuple[int, str]]:
    """Return scans every four to ten hours: two places, a depot, more places."""
    places = life.chance.sample(PLACES, len(PLACES))
    names = [*places[:2], life.chance.choice(depots), *places[2:] * (MOST_SCANS // len(PLACES))]
    time, found = begins + life.between(HOUR, 4 * HOUR), []
    for place in names:
        if time >= ends:
            break
        found.append((time, place))
        time += life.between(4 * HOUR, 10 * HOUR)
    return found


def delayed(life: Life, planned: Journey, *, since: int, until: int) -> Journey:
    """Return the journey without the scans from a time on; it goes on at a later time, and arrives on the first day after."""
    before = tuple(scan for scan in planned.scans if scan[0] < since)
    day = max(day_of(until + 12 * HOUR, life.who.zone), day_of(planned.arrives, life.who.zone))
    arrives = max(at_the_door(life, day), until + 6 * HOUR)
    return replace(planned, scans=(*before, *stops(life, until - HOUR, arrives)), arrives=arrives)


def days_later(life: Life, planned: Journey, days: int) -> Journey:
    """Return the journey with its arrival some days after the promised one."""
    arrives = at_the_door(life, planned.promised + timedelta(days=days))
    return replace(planned, scans=tuple(stops(life, planned.handed_over, arrives)), arrives=arrives)


def caught(planned: Journey) -> int | None:
    """Return when the journey comes to a halt in the depot that stands still, or None."""
    for (time, place), (leaves, _) in pairwise([*planned.scans, (planned.arrives, "")]):
        if place == STOPPED_DEPOT and time < RESTARTS and leaves >= STOPS:
            return max(time, STOPS)
    return None


def restarted(life: Life) -> int:
    """Return when the depot has come to this parcel again: what waited is worked off within a day."""
    return RESTARTS + life.between(30 * MINUTE, DAY)
