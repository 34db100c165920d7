"""A parcel is promised for a day, handed over, and goes one of its ways: most come in time."""

from collections.abc import Callable
from datetime import timedelta

from contracts.times import DAY, HOUR, MINUTE, instant_text
from streams.shop import causes
from streams.shop.days import day_of
from streams.shop.journey import Journey, caught, days_later, delayed, journey, restarted
from streams.shop.life import Life
from streams.shop.outcomes import Cause

CARRIERS = ("Blue Van", "Nordpost", "Swift")
RECEIVERS = ("the customer", "a neighbour", None)
NOBODY_HOME = ({"en": "nobody home", "de": "niemand zu Hause"}, {"en": "no answer at the door", "de": "es hat niemand geöffnet"})
FETCH_AT = (
    {"en": "the kiosk at the station", "de": "Kiosk am Bahnhof"},
    {"en": "the shop at 4 Mill Lane", "de": "Laden, Mühlgasse 4"},
)
CHANGED_MIND = ({"en": "you asked us to", "de": "auf Ihren Wunsch"},)
HOLD_UPS = {
    "customs": {"en": "an invoice is missing", "de": "eine Rechnung fehlt"},
    "address": {"en": "the house number is missing", "de": "die Hausnummer fehlt"},
    "weather": {"en": "a storm on the coast", "de": "Sturm an der Küste"},
}


def parcel(life: Life, name: str, order: str, paid: int) -> None:
    """A parcel is promised for the second or third day, handed over, and goes one of its ways, unless a depot stops it."""
    life.data = {**life.data, "parcel_id": name}
    created = paid + life.between(HOUR, 5 * HOUR)
    planned = journey(life, name, order, created)
    life.tell(created, "shipment.created")
    life.tell(created + MINUTE, "delivery.promised", promised_day=planned.promised.isoformat(), zone=life.who.zone)
    life.tell(planned.handed_over, "shipment.handed_over", carrier=life.chance.choice(CARRIERS))
    if (halted := caught(planned)) is not None:
        stopped(life, planned, halted)
    else:
        life.chance.choices(tuple(WAYS), weights=tuple(WAYS.values()))[0](life, planned)


def arrive(life: Life, taken: Journey, *, late_by: int = 0, broken: bool = False) -> None:
    """Tell of the way and of the delivery. late_by: of the scans. broken: the word of the delivery cannot be read."""
    for time, place in taken.scans:
        life.tell(time, "delivery.scanned", place=place, late_by=late_by)
    life.tell(taken.arrives, "delivery.delivered", received_by=life.chance.choice(RECEIVERS), broken=broken)


def forecast(life: Life, taken: Journey, *, least: float, most: float) -> None:
    """The carrier says which day it expects, a day or two before the promised one ends, and how likely that is too late."""
    time = taken.ends - life.between(25 * HOUR, 46 * HOUR)
    if time > taken.handed_over:
        chance_late = round(life.chance.uniform(least, most), 2)
        expected = day_of(taken.arrives, life.who.zone).isoformat()
        life.tell(time, "delivery.eta", day=expected, zone=life.who.zone, p_late=chance_late)


def in_time(life: Life, planned: Journey) -> None:
    if life.happens(0.3):
        forecast(life, planned, least=0.02, most=0.4)
    arrive(life, planned)


def late(life: Life, planned: Journey) -> None:
    """It comes one to three days late; of half of them the carrier had an idea."""
    taken = days_later(life, planned, life.chance.choice((1, 1, 1, 2, 2, 3)))
    life.trouble(causes.LATE, *taken.cases, begins=taken.handed_over, felt=taken.evening, ends=taken.arrives)
    if life.happens(0.6):
        forecast(life, taken, least=0.5, most=0.98)
    arrive(life, taken)


def lost(life: Life, planned: Journey) -> None:
    """Nobody knows where it is for two or three days; then it turns up and comes, late or just in time."""
    since = planned.handed_over + 5 * HOUR
    halted(life, delayed(life, planned, since=since, until=since + life.between(44 * HOUR, 66 * HOUR)), causes.LOST, since)


def stopped(life: Life, planned: Journey, since: int) -> None:
    """The depot stands still with the parcel in it. Half a day later the carrier has an idea of what will come of it."""
    taken = delayed(life, planned, since=since, until=restarted(life))
    if life.happens(0.4):
        expected = day_of(taken.arrives, life.who.zone).isoformat()
        doubt = round(life.chance.uniform(0.5, 0.99) if taken.is_late else life.chance.uniform(0.2, 0.8), 2)
        life.tell(since + life.between(8 * HOUR, 20 * HOUR), "delivery.eta", day=expected, zone=life.who.zone, p_late=doubt)
    halted(life, taken, causes.DEPOT, since)


def halted(life: Life, taken: Journey, cause: Cause, since: int) -> None:
    if taken.is_late:
        life.trouble(cause, *taken.cases, begins=since, felt=taken.evening, ends=taken.arrives)
    else:
        life.seemed(taken.case, "it stood still for long, and came in time")
    arrive(life, taken)


def scanned_unheard(life: Life, planned: Journey) -> None:
    """It is scanned as it should be, but a broken line brings us the scans almost two days late."""
    life.seemed(planned.case, "its scans reached us two days late")
    arrive(life, planned, late_by=44 * HOUR)


def delivery_unheard(life: Life, planned: Journey) -> None:
    life.seemed(planned.case, "the word of its delivery could not be read")
    arrive(life, planned, broken=True)


def feared_late(life: Life, planned: Journey) -> None:
    """The carrier fears for its day, and then does not any more."""
    doubted = planned.handed_over + 2 * HOUR
    next_day = (planned.promised + timedelta(days=1)).isoformat()
    life.seemed(planned.case, "the carrier feared for its day")
    life.tell(doubted, "delivery.eta", day=next_day, zone=life.who.zone, p_late=round(life.chance.uniform(0.5, 0.9), 2))
    again = doubted + life.between(6 * HOUR, 16 * HOUR)
    life.tell(again, "delivery.eta", day=planned.promised.isoformat(), zone=life.who.zone, p_late=0.1)
    arrive(life, planned)


def missed_at_the_door(life: Life, planned: Journey) -> None:
    """Nobody is home; the carrier comes again the next day, or leaves it where it can be fetched."""
    tried, taken = planned.arrives, days_later(life, planned, 1)
    pick_up = life.one_of(FETCH_AT) if life.happens(0.4) else None
    next_day = None if pick_up else day_of(taken.arrives, life.who.zone).isoformat()
    life.tell(
        tried,
        "delivery.attempted",
        outcome=life.one_of(NOBODY_HOME),
        pick_up_at=pick_up,
        next_day=next_day,
        zone=life.who.zone,
    )
    life.trouble(causes.DOOR, *taken.cases, begins=tried, felt=tried, ends=taken.arrives)
    arrive(life, taken)


def taken_in_next_door(life: Life, planned: Journey) -> None:
    """Nobody is home, a neighbour takes it at once, and the word of it takes hours."""
    life.seemed(planned.case, "a neighbour had it, and the word came late")
    life.tell(planned.arrives - 5 * MINUTE, "delivery.attempted", outcome=life.one_of(NOBODY_HOME))
    for time, place in planned.scans:
        life.tell(time, "delivery.scanned", place=place)
    life.tell(planned.arrives, "delivery.delivered", received_by="a neighbour", late_by=life.between(2 * HOUR, 9 * HOUR))


def held_up(life: Life, planned: Journey) -> None:
    """Customs, the address or a storm keep it for one to three days; without an answer it goes back."""
    time, kind = planned.handed_over + life.between(6 * HOUR, 20 * HOUR), life.chance.choice(tuple(HOLD_UPS))
    released, goes_back = time + life.between(20 * HOUR, 3 * DAY), kind != "weather" and life.happens(0.2)
    taken = delayed(life, planned, since=time, until=released)
    _exception(life, time, kind, instant_text(released) if goes_back else None)
    ends = None if goes_back else taken.arrives
    life.trouble(causes.HELD_UP, *taken.cases, begins=time, felt=max(time, taken.ends - DAY), ends=ends)
    if goes_back:
        life.tell(released, "parcel.returned")
    else:
        life.tell(released, "delivery.released")
        arrive(life, taken)


def held_up_by_mistake(life: Life, planned: Journey) -> None:
    time = planned.handed_over + 3 * HOUR
    life.seemed(planned.case, "it was noted as held up by mistake")
    _exception(life, time, life.chance.choice(tuple(HOLD_UPS)), None)
    life.tell(time + life.between(HOUR, 5 * HOUR), "delivery.released")
    arrive(life, planned)


def _exception(life: Life, time: int, kind: str, goes_back_at: str | None) -> None:
    reason = life.who.words(HOLD_UPS[kind])
    life.tell(time, "delivery.exception", kind=kind, reason=reason, act_by=goes_back_at)


def comes_damaged(life: Life, planned: Journey) -> None:
    """It comes in time, and no event says what the customer finds in it."""
    cause = life.chance.choice((causes.DAMAGED, causes.DAMAGED, causes.OTHER))
    arrive(life, planned)
    life.trouble(cause, *planned.cases, begins=planned.arrives + HOUR, felt=planned.arrives + HOUR, ends=None)


def cancelled(life: Life, planned: Journey) -> None:
    called_off = planned.handed_over + 20 * HOUR
    for time, place in planned.scans:
        if time < called_off:
            life.tell(time, "delivery.scanned", place=place)
    life.tell(called_off, "order.cancelled", reason=life.one_of(CHANGED_MIND))


Way = Callable[[Life, Journey], None]
WAYS: dict[Way, int] = {
    in_time: 700,
    late: 95,
    lost: 35,
    missed_at_the_door: 45,
    held_up: 25,
    comes_damaged: 28,
    scanned_unheard: 22,
    feared_late: 22,
    taken_in_next_door: 10,
    held_up_by_mistake: 6,
    delivery_unheard: 5,
    cancelled: 12,
}
