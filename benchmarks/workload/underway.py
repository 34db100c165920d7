"""Orders on their way, nothing wrong with any: what a case looks like in the middle of its life."""

from collections.abc import Iterator
from random import Random

from benchmarks.workload.life import Happened
from benchmarks.workload.stream import BEGINNING, event
from contracts.times import DAY, HOUR, MINUTE, instant_text

STEPS = (
    Happened(0, "order.placed", {"amount": 40.0, "items": 2, "country": "DE", "currency": "EUR", "address": "Hill Street 7"}),
    Happened(20 * MINUTE, "order.confirmed", {"clerk": "Robin"}),
    Happened(30 * MINUTE, "delivery.promised", {"promised_at": instant_text(BEGINNING + 5 * DAY)}),
    Happened(40 * MINUTE, "payment.succeeded", {"means": "card"}),
    Happened(5 * HOUR, "order.handed_over", {"carrier": "Blue Van"}),
    Happened(20 * HOUR, "parcel.scanned", {"place": "Lyon", "weight": 1.5, "scanner": "hand-held"}),
    Happened(21 * HOUR, "delivery.eta", {"chance_late": 0.05, "model": "v12"}),
)


def underway(orders: int) -> Iterator[bytes]:
    """Yield the steps of so many orders, step by step; each order's within the same minute."""
    chance = Random(5)
    for number, step in enumerate(STEPS):
        for order in range(orders):
            yield event(chance, order, number, BEGINNING + order * MINUTE // orders, step)
