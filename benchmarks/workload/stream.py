"""A seed and a number of orders in, the bytes of their events out in the order of arrival, with what goes wrong on the way.

1 % of the records come twice, 2 % out of order by up to ten minutes, 0.1 % are no events at all. They have 200 to 600 bytes.
"""

from collections.abc import Iterator
from random import Random

import msgspec

from benchmarks.workload.life import Happened, life_of_an_order
from contracts.times import DAY, HOUR, MINUTE, instant_text

SEED = 4711
BEGINNING = 1_772_442_000_000_000  # 2026-03-02 09:00Z
LENGTH = 14 * DAY
DISORDER = 10 * MINUTE
REPEATED, DISORDERED, MALFORMED = 0.01, 0.02, 0.001
FILLING = "left at the loading bay behind the blue gate, please ring twice and wait for the porter to come down; " * 4


def stream(orders: int, *, seed: int = SEED, beginning: int = BEGINNING) -> list[bytes]:
    """Return the records of so many orders, placed evenly over the two weeks from the beginning on."""
    chance, apart = Random(seed), LENGTH // orders
    arrivals = [arrival for order in range(orders) for arrival in _arrivals(chance, order, beginning + order * apart)]
    arrivals.sort(key=lambda arrival: arrival[0])
    return [raw for _, raw in arrivals]


def _arrivals(chance: Random, order: int, placed_at: int) -> Iterator[tuple[int, bytes]]:
    """Yield (when it arrives, record)."""
    for number, happened in enumerate(life_of_an_order(chance, placed_at)):
        time, raw = placed_at + happened.after, event(chance, order, number, placed_at, happened)
        yield time + (chance.randrange(DISORDER) if chance.random() < DISORDERED else 0), raw
        if chance.random() < REPEATED:
            yield time + chance.randrange(HOUR), raw
        if chance.random() < MALFORMED:
            yield time, spoilt(chance, raw)


def event(chance: Random, order: int, number: int, placed_at: int, happened: Happened) -> bytes:
    """Return one CloudEvent. number: among those of its order."""
    key = f"O{order:08d}"
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": f"{key}-{number:02d}",
            "source": "/shop",
            "type": happened.type,
            "time": instant_text(placed_at + happened.after),
            "subject": f"order/{key}",
            "data": {
                "order_id": key,
                "customer_id": f"C{order // 3:08d}",
                **happened.data,
                "note": FILLING[: chance.randint(1, 300)],
            },
        }
    )


def spoilt(chance: Random, raw: bytes) -> bytes:
    """Return what is no event: cut off, not UTF-8, or a field of another type."""
    return chance.choice((raw[: len(raw) // 2], raw[:-40] + b"\xff" + raw[-39:], raw.replace(b'"time":"', b'"time":7,"was":"')))
