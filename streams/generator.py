"""A seed in, a shop's week as the lines of a file out: CloudEvents, some of them repeated, late or wild, some broken."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle
from random import Random

from msgspec import json

from contracts.times import instant_text
from streams.shop.life import Happening
from streams.shop.week import CUSTOMERS, week

SENDERS = {
    **dict.fromkeys(("shipment", "delivery", "parcel"), "carrier"),
    **dict.fromkeys(("payment", "refund", "card"), "billing"),
    **dict.fromkeys(("usage", "allowance"), "network"),
}
REPEATED = 0.02
BROKEN_EVERY = 240
REMEMBERED = 60


def generate(seed: int, *, customers: int = CUSTOMERS) -> Iterator[bytes]:
    """Yield about 20 lines per customer, without line ends, in the order in which they reach us; a seed yields the same again."""
    return in_lines(week(seed, customers).heard, seed)


def in_lines(heard: Iterable[Happening], seed: int) -> Iterator[bytes]:
    """Yield what is heard as CloudEvents, with repeats of them and broken copies in between."""
    chance, lately, breakages = Random(f"{seed} lines"), deque[bytes](maxlen=REMEMBERED), cycle(BREAKAGES)
    for number, happening in enumerate(heard, start=1):
        line = cloud_event(happening, number)
        lately.append(line)
        yield next(breakages)(line) if happening.broken else line
        if not happening.broken and chance.random() < REPEATED:
            yield chance.choice(lately)
        if number % BROKEN_EVERY == 0:
            yield next(breakages)(chance.choice(lately))


def cloud_event(happening: Happening, number: int) -> bytes:
    """Return the event as JSON. number: of its line; ids grow with it."""
    event = {
        "specversion": "1.0",
        "id": f"e{number:05}",
        "source": SENDERS.get(happening.type.partition(".")[0], "shop"),
        "type": happening.type,
        "time": instant_text(happening.time),
        "data": {name: value for name, value in happening.data.items() if value is not None},
    }
    return json.encode(event)


def cut_off(line: bytes) -> bytes:
    return line[: len(line) * 2 // 3]


def of_no_known_type(line: bytes) -> bytes:
    return line.replace(b'"type":"', b'"type":"legacy_')


def without_a_time(line: bytes) -> bytes:
    return line.replace(b'"time":', b'"when":')


def without_its_customer(line: bytes) -> bytes:
    return line.replace(b'"customer_id":', b'"client":')


def in_another_encoding(line: bytes) -> bytes:
    return line.replace(b'"source":"', '"source":"Café '.encode("latin-1"))


BREAKAGES: tuple[Callable[[bytes], bytes], ...] = (
    cut_off,
    of_no_known_type,
    without_a_time,
    without_its_customer,
    in_another_encoding,
)
