"""A seed and a number of households in, what happens to their orders, parcels and meters out: a few minutes in whole seconds.

What a rule finds must not depend on which topic was read first. So where something falls due for a case, nothing more is heard
of that case until `LATE` seconds later: by then every runtime has seen that it was due.
"""

from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

LATE = 115.0
LONGEST = 225.0
"""From the first event of a household to the last moment at which something of it falls due, seconds."""

PLACES = ("Leipzig", "Halle", "Hamburg", "Aachen")
PARCELS = ("good",) * 10 + ("silent", "predicted", "flickering", "not_handed_over", "nobody_home", "returned", "lost")
ORDERS = ("good",) * 9 + ("unconfirmed", "cancelled")


class Happened(NamedTuple):
    """after: seconds since all began."""

    after: float
    type: str
    data: dict[str, Any]


def household(chance: Random, number: int, begins: float) -> Iterator[Happened]:
    """Yield what happens to a customer with two orders, a parcel each, and an account with a meter; in no order."""
    customer = {"customer_id": f"C{number}"}
    for each in range(2):
        order = customer | {"order_id": f"O{number}-{each}", "parcel_id": f"P{number}-{each}"}
        yield from (Happened(begins + after, name, order | data) for after, name, data in _order(chance))
    if chance.random() < 0.1:
        failed = (customer | {"order_id": f"O{number}-{each % 2}", "amount": 20.0} for each in range(3))
        yield from (Happened(begins + 1 + each, "payment.failed", data) for each, data in enumerate(failed))
    account = customer | {"account_id": f"A{number}"}
    yield from (Happened(begins + after, name, account | data) for after, name, data in _account(chance, number))


def _order(chance: Random) -> Iterator[Happened]:
    fate, parcel = chance.choice(ORDERS), chance.choice(PARCELS)
    yield Happened(0, "order.placed", {"amount": 20.0})
    if fate == "unconfirmed":
        yield Happened(20 + LATE, "order.cancelled", {})
    elif fate == "cancelled":
        yield from _parcel(chance, "good")[:8]
        yield Happened(15, "order.cancelled", {})
    else:
        yield Happened(chance.uniform(5, 19), "order.confirmed", {})
        travelled = _parcel(chance, parcel)
        yield from travelled
        if _may_be_dispatched(parcel, travelled[-1].after):
            yield Happened(15, "order.dispatched", {})


def _may_be_dispatched(parcel: str, arrived: float) -> bool:
    """Whether it arrives within the minute after that, or when everybody knows that it did not."""
    return parcel == "lost" or (parcel == "silent" and arrived > 75 + LATE) or (parcel != "returned" and arrived <= 75)


def _parcel(chance: Random, fate: str) -> list[Happened]:
    """Return the way of a parcel."""
    handed_over = 20 + LATE if fate in ("not_handed_over", "predicted") else 10.0
    way = [Happened(1, "shipment.created", {})]
    if fate != "predicted":
        way.append(Happened(2, "shipment.planned", {"hand_over_by": 16.0}))
    if fate in ("predicted", "flickering"):
        way.append(Happened(3, "delivery.eta", {"p_late": 0.9}))
        way.append(Happened(handed_over + 2 if fate == "predicted" else 8, "delivery.eta", {"p_late": 0.1}))
    way.append(Happened(handed_over, "shipment.handed_over", {"carrier": "Blue Van"}))
    return way + list(_on_the_road(chance, fate, handed_over + 1))


def _on_the_road(chance: Random, fate: str, now: float) -> Iterator[Happened]:
    for _ in range(chance.randint(4, 8)):
        yield Happened(now, "delivery.scanned", {"place": chance.choice(PLACES)})
        yield Happened(now + 0.5, "delivery.eta", {"p_late": chance.uniform(0.35, 0.6)})
        now += chance.uniform(3, 6)
    if fate == "lost":
        return
    if fate == "silent":
        now += 25 + LATE
        yield Happened(now, "delivery.scanned", {"place": chance.choice(PLACES)})
    if fate in ("nobody_home", "returned"):
        yield Happened(now, "delivery.attempted", {"outcome": "nobody home"})
        yield Happened(now + 4, "delivery.attempted", {"outcome": "nobody home"})
    last = "parcel.returned" if fate == "returned" else "delivery.delivered"
    yield Happened(now + 8, last, {})


def _account(chance: Random, number: int) -> Iterator[Happened]:
    """A quarter has a meter of its own; some of these count six times within ten seconds, and then are quiet."""
    yield Happened(0, "allowance.granted", {"quota": 100.0})
    meter = {"meter_id": f"M{number}"} if number % 4 == 0 else {}
    used = {"metric": "power", "amount": chance.choice((0.5, 0.5, 0.5, 3.0))} | meter
    bursts, now, last = bool(meter) and chance.random() < 0.4, chance.uniform(1, 6), chance.uniform(110, 160)
    while now < last:
        yield Happened(now, "usage.recorded", used)
        if bursts and now > 30:
            yield from (Happened(now + each, "usage.recorded", used) for each in (1, 2, 3, 4, 5))
            return
        now += chance.uniform(4, 7)
    if chance.random() < 0.9:
        yield Happened(now, "account.closed", {})
