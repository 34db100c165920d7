"""A seed in, a small shop's week as the lines of a file out: CloudEvents, some of them repeated or late, some broken."""

from collections import deque
from collections.abc import Callable, Iterator
from random import Random

from msgspec import json

from contracts.times import instant_text
from streams.shop.life import Happening
from streams.shop.week import week

SOURCE = "shop"
REPEATED = 0.02
BROKEN_EVERY = 170
REMEMBERED = 60


def generate(seed: int) -> Iterator[bytes]:
    """Yield about 2,000 lines, without line ends, in the order in which they reach us; the same seed yields the same."""
    chance, lately = Random(seed), deque[bytes](maxlen=REMEMBERED)
    breakages = 0
    for number, happening in enumerate(week(chance), start=1):
        line = cloud_event(happening, number)
        lately.append(line)
        yield line
        if chance.random() < REPEATED:
            yield chance.choice(lately)
        if number % BROKEN_EVERY == 0:
            yield BREAKAGES[breakages % len(BREAKAGES)](chance.choice(lately))
            breakages += 1


def cloud_event(happening: Happening, number: int) -> bytes:
    """Return the event as JSON. number: of its line; ids grow with it."""
    event = {
        "specversion": "1.0",
        "id": f"e{number:05}",
        "source": SOURCE,
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
    return line.replace(b'"source":"shop"', '"source":"Café"'.encode("latin-1"))


BREAKAGES: tuple[Callable[[bytes], bytes], ...] = (
    cut_off,
    of_no_known_type,
    without_a_time,
    without_its_customer,
    in_another_encoding,
)
