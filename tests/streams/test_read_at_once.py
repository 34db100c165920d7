"""Events of types met before are read at once, all others with care: whatever a line holds, both come to the same."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from contracts.times import parse_instant
from rules.shipped import shipped_catalogue
from streams.generator import generate
from streams.intake import Intake
from tests.streams.test_fuzz import is_whole, mutated

LINES = 4_000
ARRIVED = parse_instant("2026-03-03T12:00:00Z")
TIMES = (
    "2026-03-02t10:00:00z",
    "2026-03-02 10:00:00+01:00",
    "2026-03-02T10:00Z",
    "2026-03-02T10:00-03:00",
    "2026-03-02T10:00:00.123Z",
    "2026-03-02T10:00:00.123456789-12:00",
    "0001-12-31T23:59:59Z",
    "0002-01-01T00:00:00+01:00",
    "9998-12-31T23:59:59-01:00",
    "2026-02-30T10:00:00Z",
    "2026-03-02T24:00:00Z",
    "2026-03-02T23:59:60Z",
    "2026-03-02T10:00:00",
    "2026-03-02T10:00:00+24:00",
    "2026-03-02T10:00:00+0100",
    "\uff12026-03-02T10:00:00Z",
    "2026-03-02",
    "",
)
STATED: dict[str, tuple[Any, ...]] = {
    "time": TIMES,
    "specversion": ("0.3", 1, None),
    "datacontenttype": ("application/json", "application/json; charset=utf-8", "text/xml", None, 5),
    "data_base64": (None, "e30=", 0, 1),
    "subject": (None, "", "x" * 513, "parcel/\x85", 5),
    "id": ("", "x" * 256, "x" * 257, "a\x7f", "\u2028"),
    "source": ("", "\u00e9" * 256, "x" * 257, "a\x85", None),
    "type": ("order.placed", "source.complete", "", 5),
}


def restated(seed: int, count: int) -> Iterator[bytes]:
    """Yield lines of which one attribute is what it seldom is, or stands twice."""
    others, pool = Random(seed), [line for line in generate(seed) if is_whole(line)]
    for _ in range(count):
        event, name = json.loads(others.choice(pool)), others.choice(list(STATED))
        odd = {name: others.choice(STATED[name])}
        if others.random() < 0.1:
            yield json.dumps(event).encode()[:-1] + b", " + json.dumps(odd).encode()[1:]
        else:
            yield json.dumps(event | odd, ensure_ascii=others.random() < 0.5).encode()


def test_a_line_comes_to_the_same_whether_its_type_was_met_before_or_not() -> None:
    catalogue, berlin = shipped_catalogue(), ZoneInfo("Europe/Berlin")
    practised = Intake(catalogue, source="fuzz", zone=berlin)
    for line in [line for line in generate(4) if is_whole(line)] * 2:
        practised.read(line, arrived=None, position=0)

    for position, line in enumerate([*mutated(seed=4, count=LINES), *restated(seed=5, count=LINES)]):
        for arrived in (None, ARRIVED):
            careful = Intake(catalogue, source="fuzz", zone=berlin).read(line, arrived=arrived, position=position)
            assert practised.read(line, arrived=arrived, position=position) == careful, line


def test_records_read_together_come_to_the_same_as_each_by_itself() -> None:
    catalogue, berlin = shipped_catalogue(), ZoneInfo("Europe/Berlin")
    together, alone = (Intake(catalogue, source="fuzz", zone=berlin) for _ in range(2))
    plain = [line for line in generate(4) if is_whole(line)]
    for lines in (plain, list(mutated(seed=6, count=1_000)), [*plain[:150], b"{}", *plain[150:290], b"\xff", *plain[290:]], []):
        each = [alone.read(line, arrived=ARRIVED, position=position) for position, line in enumerate(lines, 7)]

        assert together.read_all(lines, arrived=ARRIVED, first=7) == each
