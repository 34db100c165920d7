"""The stream that everybody is measured by is the same for everybody, and goes wrong as much as it says."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from benchmarks.contestants.floor import READ
from benchmarks.contestants.ours import core
from benchmarks.workload.project import project_of
from benchmarks.workload.rules import THREE, TWENTY
from benchmarks.workload.stream import stream

ORDERS = 1_000


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    return stream(ORDERS)


def events(lines: list[bytes]) -> list[dict[str, str]]:
    """Return what can be read of the lines."""
    read = []
    for line in lines:
        try:
            event = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        if isinstance(event["time"], str):
            read.append(event)
    return read


def test_one_seed_is_one_stream(lines: list[bytes]) -> None:
    assert stream(ORDERS) == lines
    assert stream(ORDERS, seed=1) != lines


def test_events_have_200_to_600_bytes(lines: list[bytes]) -> None:
    sizes = sorted(len(msgspec.json.encode(event)) for event in events(lines))

    assert sizes[0] >= 200
    assert sizes[-1] <= 600


def test_one_in_a_hundred_is_repeated_and_one_in_a_thousand_is_none(lines: list[bytes]) -> None:
    read = events(lines)
    ids = Counter(event["id"] for event in read)

    assert 0.007 < (len(read) - len(ids)) / len(read) < 0.013
    assert 0.0004 < (len(lines) - len(read)) / len(lines) < 0.002


def test_two_in_a_hundred_come_out_of_order(lines: list[bytes]) -> None:
    """Of those some are late by less than the time to the next event, and a repeat is late too."""
    greatest, late = "", 0
    for event in events(lines):
        late += event["time"] < greatest
        greatest = max(greatest, event["time"])

    assert 0.015 < late / len(lines) < 0.035


def test_one_event_in_a_hundred_is_a_problem(lines: list[bytes], tmp_path: Path) -> None:
    ours = core(TWENTY, tmp_path)
    ours.take(lines)
    by_rule = Counter(rule for rule, _ in ours.found())

    assert 0.007 < by_rule.total() / len(lines) < 0.013
    assert len(by_rule) > 15


def test_the_floor_decodes_exactly_the_fields_that_the_rules_read(tmp_path: Path) -> None:
    (plan,) = project_of(tmp_path, TWENTY).ruleset.plans.values()
    read = {
        name: {field for _, field in reading.facts} | {feed.spec.field for feed in reading.feeds if feed.spec.field}
        for name, reading in plan.readings.items()
    }

    assert {name: set(fields) for name, fields in READ.items()} == {name: read[name] for name in READ}


def test_the_three_are_of_the_twenty() -> None:
    assert set(THREE) < set(TWENTY)
    assert len(TWENTY) == 20
