"""`events send|generate|replay --to kafka` against a real broker: what stands in the topics afterwards."""

import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.event import Event
from contracts.times import SECOND
from rules.shipped import shipped_catalogue
from streams.generator import generate
from streams.intake import Intake
from streams.kafka.incoming import Incoming, TopicReader
from streams.kafka.slots import slot_of
from tellfirst.init.folder import make_project
from tests.slow.conftest import Ask
from tests.slow.real_kafka import Broker, running
from tests.streams.shop import an_event
from tests.tellfirst.house import TELLFIRST

INPUTS = ("orders", "deliveries", "usage", "customers", "complaints")
CATALOGUE, UTC = shipped_catalogue(), ZoneInfo("UTC")


@pytest.fixture
def week(tmp_path: Path) -> Path:
    file = tmp_path / "week.jsonl"
    file.write_bytes(b"\n".join(generate(1, customers=60)))
    return file


def in_topics(broker: Broker) -> list[tuple[Any, tuple[Event, ...]]]:
    """Return every record of the inputs with the events that a worker reads from it."""
    readers = {topic: TopicReader(topic, CATALOGUE, mapping=None, zone=UTC) for topic in INPUTS}
    return [(each, events_of(each, readers[topic])) for topic in INPUTS for each in broker.records(topic)]


def events_of(record: Any, reader: TopicReader) -> tuple[Event, ...]:
    return reader.read(Incoming(record.topic, record.partition, record.offset, record.value, record.headers), now=2**53).events


@pytest.mark.parametrize("form", [[], ["--binary"]])
def test_a_file_stands_in_the_topics_each_case_in_its_slot_and_in_order(
    ask: Ask, broker: Broker, week: Path, form: list[str]
) -> None:
    ask("kafka", "init")
    direct = Intake(CATALOGUE, source="file", zone=UTC)
    expected = [event for line in week.read_bytes().splitlines() for event in direct.read(line, arrived=None, position=0).events]

    answer = ask("events", "send", str(week), "--to", "kafka", "--json", *form)
    found = in_topics(broker)

    tally = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert tally["written"] == tally["read"] == tally["sent"] + tally["unreadable"] == len(found)
    assert sorted((event.id, event.time) for _, events in found for event in events) == sorted((e.id, e.time) for e in expected)
    for record, events in found:
        for event in events:
            assert (record.key.decode(), record.partition) == (event.cases[0], slot_of(event.cases[0], 4))
    assert in_order_by_case(event for _, events in found for event in events) == in_order_by_case(expected)


def in_order_by_case(events: Any) -> dict[tuple[str, str], list[str]]:
    """Return the ids of each first case and topic's noun in the order in which they came."""
    order: dict[tuple[str, str], list[str]] = {}
    for event in events:
        order.setdefault((event.cases[0], event.type), []).append(event.id)
    return order


def test_foreign_records_become_events_on_their_way(ask: Ask, broker: Broker, shop: Path) -> None:
    ask("kafka", "init")

    answer = ask("events", "send", str(shop / "samples" / "shop.jsonl"), "--to", "kafka", "--mapping", "shop", "--json")

    tally = json.loads(answer.stdout)
    assert tally["sent"] == tally["read"] > 0
    assert tally["written"] == len(in_topics(broker)) >= tally["read"]
    assert all(events for _, events in in_topics(broker))


def test_generated_events_stand_in_the_topics_too(ask: Ask, broker: Broker) -> None:
    ask("kafka", "init")

    tally = json.loads(ask("events", "generate", "--seed", "3", "--to", "kafka", "--json").stdout)

    assert tally["written"] == sum(len(broker.records(topic)) for topic in INPUTS) == sum(1 for _ in generate(3))


def test_a_replay_keeps_the_pace_of_what_happened(ask: Ask, broker: Broker, tmp_path: Path) -> None:
    ask("kafka", "init")
    file = tmp_path / "paced.jsonl"
    file.write_bytes(b"\n".join(an_event(n, "customer.visited", n * 60 * SECOND, customer_id="C1") for n in range(4)))

    began = time.monotonic()
    ask("events", "replay", str(file), "--to", "kafka", "--speed", "120")
    took = time.monotonic() - began

    (first, *_, last) = broker.records("customers")
    assert 1.0 < (last.timestamp - first.timestamp) / 1_000 < 3.0 and took > 1.5


def test_what_no_topic_carries_or_takes_is_a_finding(ask: Ask, broker: Broker, shop: Path, tmp_path: Path) -> None:
    settings = (shop / "tellfirst.yaml").read_text()
    (shop / "tellfirst.yaml").write_text(settings.replace("partitions: 4", "topics: {orders: {carries: order}}"))
    ask("kafka", "init")
    file = tmp_path / "some.jsonl"
    file.write_bytes(
        b"\n".join(
            [
                an_event(1, "order.placed", 1, order_id="O1", customer_id="C1"),
                an_event(2, "customer.visited", 1, customer_id="C1"),
                b'"' + b"x" * 1_000_001 + b'"',
            ]
        )
    )

    answer = ask("events", "send", str(file), "--to", "kafka", "--json")

    tally = json.loads(answer.stdout)
    assert answer.exit_code == 1
    assert (tally["sent"], tally["no_topic"], tally["too_large"], tally["written"]) == (1, 1, 1, 1)


def test_topics_that_are_missing_are_said_before_anything_is_written(ask: Ask, broker: Broker, week: Path) -> None:
    answer = ask("events", "send", str(week), "--to", "kafka")

    assert (answer.exit_code, answer.stdout) == (4, "")
    assert answer.stderr.startswith(f"kafka {broker.address}  missing: `orders`, ")
    assert answer.stderr.endswith(" — `tellfirst kafka init` makes what is missing\n")


def test_topics_of_unequal_partitions_take_no_events(ask: Ask, broker: Broker, week: Path) -> None:
    ask("kafka", "init")
    with broker.admin() as client:
        client.create_partitions({"usage": 5})

    assert ask("events", "send", str(week), "--to", "kafka").exit_code == 6


@pytest.mark.parametrize("words", [["--to", "nowhere"], ["--to", "kafka", "--until", "2026-03-02T09:00:00Z"]])
def test_words_that_do_not_go_together_are_refused(ask: Ask, week: Path, words: list[str]) -> None:
    assert ask("events", "replay", str(week), *words).exit_code == 2


@pytest.mark.timeout(300)
def test_a_broker_that_restarts_in_the_middle_takes_every_event_once(tmp_path: Path) -> None:
    with running(tmp_path / "kafka") as broker:
        shop = a_shop_at(broker, tmp_path)
        pipe = tmp_path / "slow.jsonl"
        events = [an_event(n, "customer.visited", n * SECOND, customer_id=f"C{n}") for n in range(6_400)]
        slowly(pipe, events, broken_at=3_200, meanwhile=lambda: (broker.stop("--kill"), broker.start()))

        done = tell(shop, "events", "send", str(pipe), "--to", "kafka", "--json")

        assert done.returncode == 0, done.stderr
        values = [record.value for record in broker.records("customers")]
        assert (len(values), set(values)) == (6_400, set(events))


@pytest.mark.timeout(300)
def test_a_broker_that_goes_for_good_is_said_with_what_it_has(tmp_path: Path) -> None:
    with running(tmp_path / "kafka") as broker:
        shop = a_shop_at(broker, tmp_path)
        pipe = tmp_path / "slow.jsonl"
        events = [an_event(n, "customer.visited", n * SECOND, customer_id=f"C{n}") for n in range(12_000)]
        slowly(pipe, events, broken_at=9_000, meanwhile=lambda: broker.stop("--kill"))

        done = tell(shop, "events", "send", str(pipe), "--to", "kafka")

        assert (done.returncode, done.stdout) == (5, "")
        (taken,) = re.findall(r"they have taken ([0-9,]+) records, and all may be written again", done.stderr)
        broker.start()
        assert int(taken.replace(",", "")) == len(broker.records("customers")) > 5_000


def a_shop_at(broker: Broker, folder: Path) -> Path:
    shop = folder / "shop"
    make_project(shop)
    (shop / "tellfirst.yaml").write_text(f"kafka: {{brokers: {broker.address}, partitions: 4}}\n")
    assert tell(shop, "kafka", "init").returncode == 0
    return shop


def tell(shop: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*TELLFIRST, "--project", str(shop), *words], capture_output=True, text=True, timeout=200)


def slowly(pipe: Path, events: list[bytes], *, broken_at: int, meanwhile: Callable[[], Any]) -> None:
    """Write events into a pipe from beside; after some of them something else is done first."""
    os.mkfifo(pipe)

    def write() -> None:
        with suppress(BrokenPipeError), pipe.open("wb") as stream:
            stream.write(b"\n".join(events[:broken_at]) + b"\n")
            stream.flush()
            meanwhile()
            stream.write(b"\n".join(events[broken_at:]))

    threading.Thread(target=write, daemon=True).start()
