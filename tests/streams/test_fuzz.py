"""Lines mutated from valid ones: whatever comes, each one is an event or a dead letter with its bytes and the reason."""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import msgpack

from contracts.event import DeadReason
from contracts.values import from_plain, to_plain
from rules.shipped import shipped_catalogue
from streams.generator import generate
from streams.intake import Intake, Record
from streams.mapping import load_mapping

LINES = 100_000
STILL_VALID = 0.3
HUGE = (b"9" * 40, b"-1e999", b"1e308", b"9" * 5000, b"0." + b"1" * 400, b"18446744073709551616")
HOSTILE = (
    b"\xff",
    b"\xed\xa0\x80",
    b"\\ud800",
    b"\\u0000",
    b"\x00",
    b"NaN",
    b"-Infinity",
    b"\\",
    b'"',
    b"{",
    b"}",
    b"\xc2\x85",
    b"\xe2\x80\xae",
)
ODD: tuple[Any, ...] = (
    None,
    True,
    "",
    "x" * 300,
    -1,
    2**63,
    1e300,
    [],
    {},
    "2026-02-30",
    "9999-12-31T23:59:59Z",
    "\u2028",
    {"amount": "x"},
)
FOREIGN = """\
mapping: shop
else: ignore
events:
  - when: raw.type == "order.placed"
    type: order.placed
    time: raw.time
    data: {order_id: raw.data.order_id, customer_id: raw.data.customer_id, amount: decimal(raw.data.amount)}
  - when: raw.type != "order.placed" and has(raw.data.parcel_id)
    type: delivery.eta
    id: raw.id
    time: instant(raw.time)
    data:
      parcel_id: text(raw.data.parcel_id)
      customer_id: trim(raw.data.customer_id)
      day: day_before_midnight(split(raw.time, "T", 0) + "T00:00", "Europe/Berlin")
      p_late: default(raw.data.p_late, 1 / 2.0)
customer: {customer_id: raw.data.customer_id, name: raw.data.name}
"""


def flipped(line: bytes, others: Random, pool: list[bytes]) -> bytes:
    place = others.randrange(len(line))
    return line[:place] + bytes([line[place] ^ (1 << others.randrange(8))]) + line[place + 1 :]


def spliced(line: bytes, others: Random, pool: list[bytes]) -> bytes:
    other = others.choice(pool)
    return line[: others.randrange(len(line))] + other[others.randrange(len(other)) :]


def truncated(line: bytes, others: Random, pool: list[bytes]) -> bytes:
    return line[: others.randrange(len(line))]


def with_hostile_bytes(line: bytes, others: Random, pool: list[bytes]) -> bytes:
    place = others.randrange(len(line))
    return line[:place] + others.choice(HOSTILE) * others.randint(1, 3) + line[place:]


def with_a_huge_number(line: bytes, others: Random, pool: list[bytes]) -> bytes:
    start = line.rindex(b":") + 1 if others.random() < 0.5 else line.index(b'"data":{') + 8
    return line[:start] + others.choice(HUGE) + line[start:] if others.random() < 0.5 else with_value(line, others, pool)


def nested(line: bytes, others: Random, pool: list[bytes]) -> bytes:
    depth = others.choice((3, 63, 64, 1000, 5000))
    return line[:-1] + b',"extra":' + b'{"a":[' * depth + b"1" + b"]}" * depth + b"}"


def with_value(line: bytes, others: Random, pool: list[bytes]) -> bytes:
    """Put an odd value under a key of the event or of its data."""
    event = json.loads(line)
    part = event["data"] if others.random() < 0.7 else event
    part[others.choice(list(part))] = others.choice(ODD)
    return json.dumps(event).encode()


def swapped(line: bytes, others: Random, pool: list[bytes]) -> bytes:
    """Exchange the values of two keys, of this line or of another."""
    event, other = json.loads(line), json.loads(others.choice(pool))
    key = others.choice(list(event))
    event[key] = other.get(others.choice([key, "id", "data"]))
    return json.dumps(event).encode()


def reordered(line: bytes, others: Random, pool: list[bytes]) -> bytes:
    """Mean the same in other words: keys in another order, blanks, escapes, fields that nobody knows."""
    event = json.loads(line)
    keys = others.sample(list(event), len(event))
    data = {**event["data"], f"extra_{others.randrange(9)}": others.choice(ODD)}
    return json.dumps({**{key: event[key] for key in keys}, "data": data}, indent=others.choice((None, 1))).encode()


def renamed(line: bytes, others: Random, pool: list[bytes]) -> bytes:
    """Give the event another id, which may hold anything but control characters."""
    event = json.loads(line)
    event["id"] = "".join(others.choice("aZ0/ #é✓\U0001f600'\"\\") for _ in range(others.randint(1, 256)))
    return json.dumps(event, ensure_ascii=others.random() < 0.5).encode()


BREAKING = (flipped, spliced, truncated, with_hostile_bytes, with_a_huge_number, nested, with_value, swapped)
KEEPING = (reordered, renamed)
Mutation = Callable[[bytes, Random, list[bytes]], bytes]


def mutated(seed: int, count: int) -> Iterator[bytes]:
    others, pool = Random(seed), [line for line in generate(seed, customers=100) if is_whole(line)]
    for _ in range(count):
        kinds: tuple[Mutation, ...] = KEEPING if others.random() < 0.4 else BREAKING
        yield others.choice(kinds)(others.choice(pool), others, pool)


def is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line)["data"], dict)
    except (ValueError, KeyError, TypeError):
        return False


def is_well(record: Record, line: bytes, position: int) -> bool:
    """Whether a record is an event of one to four cases, or a dead letter that tells why, with its bytes."""
    letter = record.letter
    if letter is None:
        return all(1 <= len(event.cases) <= 4 and isinstance(event.time, int) and event.id for event in record.events)
    told = letter.detail and letter.reason in DeadReason and len(letter.detail) < 600
    return bool(told) and not record.events and letter.raw == line and letter.position == position


def test_every_mutated_line_is_an_event_or_a_dead_letter_with_its_bytes_and_reason() -> None:
    intake = Intake(shipped_catalogue(), source="fuzz", zone=ZoneInfo("Europe/Berlin"))
    taken = 0

    for position, line in enumerate(mutated(seed=1, count=LINES)):
        record = intake.read(line, arrived=None, position=position)
        assert is_well(record, line, position), line
        taken += bool(record.events)

    assert STILL_VALID <= taken / LINES < 0.9


def test_every_mutated_line_has_its_fate_by_a_mapping_too() -> None:
    catalogue = shipped_catalogue()
    intake = Intake(catalogue, source="fuzz", mapping=load_mapping(FOREIGN, "shop.yaml", catalogue), zone=ZoneInfo("UTC"))
    taken = 0

    for position, line in enumerate(mutated(seed=2, count=LINES // 5)):
        record = intake.read(line, arrived=None, position=position)
        assert is_well(record, line, position), line
        taken += bool(record.events)

    assert taken > LINES // 5 * 0.1


def test_every_value_that_is_taken_survives_being_kept() -> None:
    catalogue = shipped_catalogue()
    intake = Intake(catalogue, source="fuzz", zone=ZoneInfo("UTC"))

    for position, line in enumerate(mutated(seed=3, count=2000)):
        for event in intake.read(line, arrived=None, position=position).events:
            kinds = {name: catalogue[event.type].fields[name].type for name in event.data}
            kept = msgpack.encode({name: to_plain(value) for name, value in event.data.items()})
            assert {name: from_plain(kinds[name], plain) for name, plain in msgpack.decode(kept).items()} == event.data
