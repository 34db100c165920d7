"""Events that happen now: first every order is placed, then things happen to orders by chance; one in a hundred is a finding."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from benchmarks.workload.life import Happened
from benchmarks.workload.stream import event

PLACED = Happened(0, "order.placed", {"amount": 50.0, "items": 1, "country": "FR"})
KINDS: Mapping[str, Mapping[str, Any]] = {
    "order.confirmed": {"clerk": "Robin"},
    "payment.succeeded": {"means": "card"},
    "order.handed_over": {"carrier": "Blue Van"},
    "parcel.scanned": {"place": "Lyon", "weight": 1.5, "scanner": "hand-held"},
    "delivery.eta": {"chance_late": 0.05, "model": "v12"},
}
LATE = Happened(0, "delivery.eta", {"chance_late": 0.95, "model": "v12"})
LATE_EVERY = 200
"""Of such an order it is found that it will be late, and by the next `delivery.eta` that it will not."""


def live(orders: int, count: int, *, first: int, at: int) -> Iterator[bytes]:
    """Yield so many events. first: the number of the first, from 0 on; at: their time, microseconds since 1970."""
    chance = Random(first)
    for number in range(first, first + count):
        if number < orders:
            yield event(chance, number, number, at, PLACED)
        else:
            yield event(chance, chance.randrange(orders), number, at, _any_kind(chance) if number % LATE_EVERY else LATE)


def _any_kind(chance: Random) -> Happened:
    name = chance.choice(list(KINDS))
    return Happened(0, name, dict(KINDS[name]))
