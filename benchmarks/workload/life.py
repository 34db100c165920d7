"""Chance in, the life of one order out: what happens to it, and how long after it was placed. Most lives go well."""

from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

from contracts.times import DAY, HOUR, MINUTE, instant_text

PLACES = ("Leipzig", "Lyon", "Porto", "Gent", "Malmö", "customs")
COUNTRIES = ("DE", "FR", "PT", "BE", "SE", "NO")
ACTIVE_AT_MOST = 8 * DAY


class Happened(NamedTuple):
    """after: microseconds since the order was placed."""

    after: int
    type: str
    data: dict[str, Any]


def life_of_an_order(chance: Random, placed_at: int) -> list[Happened]:
    """Return what happens to an order, in no order but for its completion, which is last. placed_at: microseconds since 1970."""
    promised = chance.randint(4 * DAY, 6 * DAY)
    delivered = promised + (chance.randint(HOUR, DAY) if chance.random() < 0.01 else -chance.randint(HOUR, DAY))
    handed_over = chance.randint(*((24 * HOUR, 40 * HOUR) if chance.random() < 0.02 else (2 * HOUR, 20 * HOUR)))
    happened = [
        *_placed(chance, placed_at + promised),
        *_payments(chance),
        Happened(handed_over, "order.handed_over", {"carrier": "Blue Van"}),
        *_journey(chance, handed_over, delivered),
        *_at_the_door(chance, delivered),
    ]
    end = max(each.after for each in happened) + 2 * HOUR
    return [*happened, Happened(end, "order.completed", {"received_by": "a neighbour"})]


def _placed(chance: Random, promised_at: int) -> Iterator[Happened]:
    amount, items = round(chance.lognormvariate(4, 0.9), 2), 1 + int(chance.expovariate(1 / 3))
    order = {"amount": amount, "items": items, "country": chance.choice(COUNTRIES), "currency": "EUR", "address": "Hill Street 7"}
    yield Happened(0, "order.placed", order)
    confirmed = chance.randint(2 * HOUR, 4 * HOUR) if chance.random() < 0.01 else chance.randint(MINUTE, HOUR)
    yield Happened(confirmed, "order.confirmed", {"clerk": "Robin"})
    yield Happened(confirmed + MINUTE, "delivery.promised", {"promised_at": instant_text(promised_at)})


def _payments(chance: Random) -> Iterator[Happened]:
    moment = chance.randint(MINUTE, 10 * MINUTE)
    failures = chance.choices((0, 1, 2, 3, 5), (90, 6, 2.5, 1, 0.5))[0]
    for tries in range(1, failures + 1):
        yield Happened(moment, "payment.failed", {"tries": tries, "reason": "card declined"})
        moment += chance.randint(HOUR, 10 * HOUR)
    yield Happened(moment, "payment.succeeded", {"means": "card"})


def _journey(chance: Random, handed_over: int, delivered: int) -> Iterator[Happened]:
    moment, weight = handed_over, round(chance.expovariate(1 / 4), 2)
    while (moment := moment + chance.randint(6 * HOUR, 30 * HOUR)) < delivered:
        yield Happened(moment, "parcel.scanned", {"place": chance.choice(PLACES), "weight": weight, "scanner": "hand-held"})
        if chance.random() < 0.6:
            yield Happened(moment + MINUTE, "delivery.eta", {"chance_late": round(chance.random() ** 30, 4), "model": "v12"})
        moment += 30 * HOUR if chance.random() < 0.01 else 0


def _at_the_door(chance: Random, delivered: int) -> Iterator[Happened]:
    for attempt in range(chance.choices((0, 1, 2), (90, 9.5, 0.5))[0]):
        outcome = "refused" if chance.random() < 0.03 else "nobody home"
        yield Happened(delivered - HOUR + attempt * 30 * HOUR, "delivery.attempted", {"outcome": outcome})
    for _ in range(chance.choices((0, 1, 3), (85, 14, 1))[0]):
        charge = {"amount": round(chance.uniform(5, 60), 2), "reason": "customs"}
        yield Happened(delivered - chance.randint(2 * HOUR, DAY), "charge.made", charge)
