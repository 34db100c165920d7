"""A seed comes in, a small world goes out: a log of events with their arrivals, repeats among them, and what they make so.

What happens stands on a grid of two hours, what falls due half an hour beside it, so that no fault of at most an hour can move an
event to the other side of a deadline: every run of a world must find the same problems, however much broke on the way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from contracts.event import Event
from contracts.ids import mark_of
from contracts.times import DAY, HOUR, MINUTE, parse_instant
from contracts.values import Day, Money, day_in, to_plain

START = parse_instant("2026-03-02T09:00:00Z")
LENGTH = 3 * DAY
STEP = 2 * HOUR
JITTER = 9 * MINUTE
DELAY = 10 * MINUTE
SOURCE = "world"
KINDS = {"shipment": "parcel", "delivery": "parcel", "parcel": "parcel", "customer": "customer"}
CHANNELS = ("push", "sms", "email", "webhook")
TOLD_FACTS = {
    "promised": ("delivery.promised", "promised_day"),
    "slot_ends": ("delivery.slotted", "slot_ends"),
    "due": ("invoice.issued", "due"),
}
MAY_BE_LATE = ("delivery.promised", "invoice.issued", "delivery.scanned", "delivery.delivered", "payment.failed")


@dataclass(frozen=True)
class Arrival:
    """One record of the log. at: when it can be read, mostly within 8 minutes of its own time. repeat: of an earlier one."""

    at: int
    event: Event
    repeat: bool = False


@dataclass(frozen=True)
class World:
    """log: by arrival. customers: whose profiles, with their order of channels, come with the first records."""

    log: tuple[Arrival, ...]
    customers: tuple[str, ...]

    def now(self, case: str, fact: str) -> Any:
        """Return what a fact that messages state is at the end of the log, None where nobody ever said."""
        event_type, field = TOLD_FACTS[fact]
        events = [arrival.event for arrival in self.log if arrival.event.type == event_type and case in arrival.event.cases]
        newest = max(events, key=lambda event: (event.time, event.id), default=None)
        return newest and to_plain(newest.data[field])


def make_world(seed: int) -> World:
    random = Random(seed)
    customers = tuple(f"C{number}" for number in range(1, random.randint(2, 4)))
    events = [_customer(random, customer) for customer in customers]
    for number in range(random.randint(2, 4)):
        events += _parcel(random, f"P{number}", customers)
    for number in range(random.randint(1, 2)):
        events += _order(random, f"O{number}", random.choice(customers))
    first = [Arrival(event.time + random.randint(0, 8) * MINUTE + _delay(random, event), event) for event in events]
    repeats = [_repeated(random, arrival) for arrival in first if random.random() < 0.15]
    return World(tuple(sorted(first + repeats, key=lambda arrival: (arrival.at, arrival.event.id))), customers)


def _delay(random: Random, event: Event) -> int:
    """Now and then an event comes hours late, when W has passed it long ago."""
    return random.randint(1, 5) * STEP if event.type in MAY_BE_LATE and random.random() < 0.08 else 0


def _repeated(random: Random, arrival: Arrival) -> Arrival:
    """A repeat comes soon, or so late that the last 16 events of its case no longer name it."""
    later = random.choice((MINUTE, STEP, 4 * STEP, 9 * STEP))
    return Arrival(arrival.at + later, arrival.event, repeat=True)


def _customer(random: Random, customer: str) -> Event:
    """Some name the channels they wish, in their order; the rest take what comes."""
    wished = random.sample(CHANNELS, random.randint(0, len(CHANNELS)))
    return _happened(random, 0, "customer.updated", customer_id=customer, **({"channels": wished} if wished else {}))


def _parcel(random: Random, parcel: str, customers: tuple[str, ...]) -> Iterator[Event]:
    """A parcel is created, promised, slotted, handed over and scanned; most arrive, some late, some never, some go back."""
    names = {"parcel_id": parcel, "customer_id": random.choice(customers)}
    first = step = random.randint(0, 6)
    yield _happened(random, step, "shipment.created", **names)
    yield from _slots(random, step, names)
    step += random.randint(0, 2)
    if random.random() < 0.9:
        yield _happened(random, step, "shipment.handed_over", **names)
    for _ in range(random.randint(0, 4)):
        step += random.randint(1, 8)
        yield _happened(random, step, "delivery.scanned", **names)
    if random.random() < 0.7:
        step += random.randint(1, 6)
        yield _happened(random, step, "parcel.returned" if random.random() < 0.1 else "delivery.delivered", **names)
    yield from _days(random, first, names, customers)


def _slots(random: Random, step: int, names: dict[str, str]) -> Iterator[Event]:
    """A slot is given mostly, and now and then moved."""
    for _ in range(random.choice((0, 1, 1, 1, 2))):
        slot = START + (step + random.randint(4, 16)) * STEP + 20 * MINUTE
        yield _happened(random, step, "delivery.slotted", slot_ends=slot, **names)
        step += random.randint(1, 9)


def _days(random: Random, step: int, names: dict[str, str], customers: tuple[str, ...]) -> Iterator[Event]:
    """A day is promised mostly, and moved, also when all is over; now and then the parcel is another customer's by then."""
    for _ in range(random.choice((0, 1, 2, 4, 6, 8))):
        whose = names | ({"customer_id": random.choice(customers)} if random.random() < 0.1 else {})
        yield _happened(random, step, "delivery.promised", promised_day=_a_day(random), **whose)
        step += random.randint(1, 10)


def _a_day(random: Random) -> Day:
    return day_in(f"2026-03-{random.randint(4, 14):02}", ZoneInfo("UTC"))


def _order(random: Random, order: str, customer: str) -> Iterator[Event]:
    """A payment fails now and then; between failures somebody may look at the order more often than a case remembers."""
    names = {"order_id": order, "customer_id": customer}
    first = step = random.randint(0, 4)
    yield _happened(random, step, "order.placed", **names)
    for _ in range(random.randint(1, 5)):
        step += random.randint(1, 6)
        yield _happened(random, step, "payment.failed", amount=float(random.randint(5, 90)), **names)
        if random.random() < 0.5:
            yield from (_happened(random, step + 1, "order.viewed", **names) for _ in range(18))
    if random.random() < 0.6:
        yield _happened(random, step + random.randint(1, 9), "payment.succeeded", **names)
    yield from _invoices(random, first, names)


def _invoices(random: Random, step: int, names: dict[str, str]) -> Iterator[Event]:
    """What is due is billed mostly, and billed anew, also after it was paid."""
    for _ in range(random.choice((0, 1, 2, 4))):
        due = Money(Decimal(random.choice((20, 30, 45, 60))), "EUR")
        yield _happened(random, step, "invoice.issued", due=due, **names)
        step += random.randint(1, 12)


def _happened(random: Random, step: int, event_type: str, **data: Any) -> Event:
    """Return an event of this step of the grid."""
    time = START + step * STEP + random.randint(0, JITTER // MINUTE) * MINUTE
    event_id = f"{random.getrandbits(40):010x}"
    kind = KINDS.get(event_type.partition(".")[0], "order")
    cases = (f"{kind}/{data[f'{kind}_id']}",)
    return Event(event_id, SOURCE, event_type, time, cases, data, mark_of(SOURCE, event_id))
