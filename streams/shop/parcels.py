"""A parcel is promised for a day, handed over, and goes one of its ways: most come in time."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from contracts.times import DAY, HOUR, MINUTE, first_instant, to_datetime
from streams.shop.life import Life

CARRIERS = ("Blue Van", "Nordpost", "Swift")
PLACES = ("Hamburg", "Hannover", "Leipzig", "Frankfurt", "Munich", "Cologne")
RECEIVERS = ("the customer", "a neighbour", None)


@dataclass(frozen=True)
class Promise:
    """The promised day of a parcel: `begins` and `ends` as instants in the customer's zone."""

    day: str
    zone: str
    begins: int
    ends: int


def parcel(life: Life, name: str, zone: str, paid: int) -> None:
    """A parcel is promised for the second to fourth day, handed over, and goes one of its ways."""
    life.data = {**life.data, "parcel_id": name}
    created = paid + life.between(HOUR, 5 * HOUR)
    promise = promised(created + life.chance.randint(2, 3) * DAY, zone)
    life.tell(created, "shipment.created")
    life.tell(created + MINUTE, "delivery.promised", promised_day=promise.day, zone=zone)
    handed_over = created + life.between(8 * HOUR, 20 * HOUR)
    life.tell(handed_over, "shipment.handed_over", carrier=life.chance.choice(CARRIERS))
    way = life.chance.choices(tuple(WAYS), weights=tuple(WAYS.values()))[0]
    way(life, handed_over, promise)


def promised(around: int, zone: str) -> Promise:
    day = to_datetime(around, ZoneInfo(zone)).date()
    begins = first_instant(day, ZoneInfo(zone))
    return Promise(day.isoformat(), zone, begins, begins + DAY)


def scanned(life: Life, begins: int, ends: int, *, late_by: int = 0) -> None:
    """Scans every four to ten hours, at one place after the other."""
    time, places = begins + life.between(HOUR, 4 * HOUR), life.chance.sample(PLACES, len(PLACES))
    for place in places * 4:
        if time >= ends:
            return
        life.tell(time, "delivery.scanned", place=place, late_by=late_by)
        time += life.between(4 * HOUR, 10 * HOUR)


def delivered(life: Life, begins: int) -> int:
    """Tell of the delivery on the day that begins then, and return its time."""
    time = begins + life.between(9 * HOUR, 18 * HOUR)
    life.tell(time, "delivery.delivered", received_by=life.chance.choice(RECEIVERS))
    return time


def in_time(life: Life, handed_over: int, promise: Promise) -> None:
    scanned(life, handed_over, delivered(life, promise.begins))


def late(life: Life, handed_over: int, promise: Promise) -> None:
    """The promised day passes; one customer in four complains before the parcel comes a day later."""
    scanned(life, handed_over, delivered(life, promise.ends))
    if life.chance.random() < 0.25:
        complained = promise.ends + life.between(HOUR, 6 * HOUR)
        life.tell(complained, "complaint.raised", about="the parcel has not come")
        life.tell(complained + 14 * HOUR, "complaint.resolved")


def lost_for_days(life: Life, handed_over: int, promise: Promise) -> None:
    """Nobody scans it for two days; then it moves, and comes a day late."""
    scanned(life, handed_over, handed_over + 5 * HOUR)
    scanned(life, handed_over + 48 * HOUR, delivered(life, promise.ends))


def scanned_unheard(life: Life, handed_over: int, promise: Promise) -> None:
    """It is scanned as it should be, but a broken line brings us the scans two days late."""
    scanned(life, handed_over, delivered(life, promise.begins), late_by=2 * DAY)


def forecast_late(life: Life, handed_over: int, promise: Promise) -> None:
    """The carrier fears for its day, and then does not any more."""
    doubted, next_day = handed_over + 2 * HOUR, to_datetime(promise.ends + 12 * HOUR, ZoneInfo(promise.zone)).date()
    life.tell(doubted, "delivery.eta", day=next_day.isoformat(), zone=promise.zone, p_late=0.8)
    life.tell(doubted + life.between(6 * HOUR, 16 * HOUR), "delivery.eta", day=promise.day, zone=promise.zone, p_late=0.1)
    in_time(life, handed_over, promise)


def cancelled(life: Life, handed_over: int, promise: Promise) -> None:
    scanned(life, handed_over, handed_over + 12 * HOUR)
    life.tell(handed_over + 30 * HOUR, "order.cancelled", reason="the customer changed their mind")


Way = Callable[[Life, int, Promise], None]
WAYS: dict[Way, int] = {in_time: 66, late: 12, lost_for_days: 8, scanned_unheard: 5, forecast_late: 6, cancelled: 3}
