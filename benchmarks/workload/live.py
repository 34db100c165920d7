"""Events that happen now, to orders drawn by chance: what a live run hears while nothing is awaited in vain."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from benchmarks.workload.life import Happened
from benchmarks.workload.stream import event

KINDS: Mapping[str, Mapping[str, Any]] = {
    "order.confirmed": {"clerk": "Robin"},
    "payment.succeeded": {"means": "card"},
    "order.handed_over": {"carrier": "Blue Van"},
    "parcel.scanned": {"place": "Lyon", "weight": 1.5, "scanner": "hand-held"},
    "delivery.eta": {"chance_late": 0.05, "model": "v12"},
}


def live(orders: int, count: int, *, first: int, at: int) -> Iterator[bytes]:
    """Yield so many events. first: the number of the first; at: their time, microseconds since 1970."""
    chance = Random(first)
    for number in range(first, first + count):
        name = chance.choice(list(KINDS))
        yield event(chance, chance.randrange(orders), number, at, Happened(0, name, dict(KINDS[name])))
