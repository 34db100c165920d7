"""What goes on to Kafka, on a real broker: whole, in order, from one process at a time; and dead letters written back."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from contracts.event import DeadLetter, DeadReason
from contracts.message import Outcome
from contracts.outgoing import Outgoing, Word
from contracts.problem import Phase
from storage.noting import Noting
from storage.sqlite import SqliteStore, open_store
from streams.kafka.admin import administering
from streams.kafka.errors import KafkaUnreachable
from streams.kafka.relay import Relay
from streams.kafka.settings import KafkaSettings
from streams.kafka.told import ToldTopic
from streams.kafka.topics import wanted_of
from streams.kafka.writing import writing
from tests.slow.conftest import Ask
from tests.slow.real_kafka import Broker
from tests.storage.builders import NOON, a_notice, a_phase, add, an_end
from tests.storage.test_sending_on import begin, end

HERE = Path()


@pytest.fixture
def settings(broker: Broker) -> KafkaSettings:
    """The settings of a broker that has all topics."""
    settings = KafkaSettings(brokers=(broker.address,), partitions=3)
    with administering(settings, HERE) as admin:
        admin.make(wanted_of(settings, admin.cluster(), {}))
    return settings


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return open_store(tmp_path / "data", noting=Noting(sends_on=True))


def relayed(settings: KafkaSettings, store: SqliteStore) -> int:
    """Relay all that waits; return how many records that were."""

    async def relay() -> int:
        relay = Relay(store, lambda: writing(settings, HERE), most_at_once=50)
        running = asyncio.ensure_future(relay.run())
        await asyncio.sleep(0)
        await relay.drain()
        await running
        assert relay.trouble is None
        return relay.relayed

    return asyncio.run(relay())


def lines(broker: Broker, topic: str) -> list[Any]:
    return [json.loads(record.value) for record in broker.records(topic) if record.value is not None]


def numbered(topic: Word, numbers: range, *, keys: int = 7) -> list[Outgoing]:
    return [Outgoing(topic=topic, key=f"k{number % keys}".encode(), value=str(number).encode()) for number in numbers]


def by_key(broker: Broker, topic: str) -> dict[bytes, list[int]]:
    found: dict[bytes, list[int]] = {}
    for record in broker.records(topic):
        found.setdefault(record.key, []).append(int(record.value))
    return found


def test_whoever_reads_the_topics_reads_the_export(broker: Broker, settings: KafkaSettings, store: SqliteStore) -> None:
    for number in range(20):
        names = {"problem": f"prb_{number}", "case": f"parcel/P{number}"}
        add(store, a_phase(**names), a_phase(Phase.UPDATED, at=NOON + 1, **names), an_end(**names))
        add(store, a_notice(f"ntc_{number}", problem=f"prb_{number}", case=f"parcel/P{number}"))

    assert relayed(settings, store) == 80

    problems = lines(broker, "tellfirst.problems")
    assert sorted(problems, key=str) == sorted(store.export("problems"), key=str)
    assert [line["phase"] for line in problems if line["case"] == "parcel/P7"] == ["opened", "updated", "solved"]
    assert sorted(lines(broker, "tellfirst.notices"), key=str) == sorted(store.export("notices"), key=str)
    assert not store.outgoing(limit=1)


def test_records_of_one_key_come_in_their_order(broker: Broker, settings: KafkaSettings, store: SqliteStore) -> None:
    with store.transaction() as tx:
        tx.send_on(numbered(Word.NOTICES, range(1_000)))

    assert relayed(settings, store) == 1_000

    found = by_key(broker, "tellfirst.notices")
    assert sum(len(numbers) for numbers in found.values()) == 1_000
    assert all(numbers == sorted(numbers) for numbers in found.values())


def test_whoever_wakes_after_another_took_over_writes_nothing_more(broker: Broker, settings: KafkaSettings) -> None:
    async def both() -> None:
        hung, present = await writing(settings, HERE), None
        await hung.write(numbered(Word.TOLD, range(3), keys=1))
        present = await writing(settings, HERE)
        await present.write(numbered(Word.TOLD, range(3, 6), keys=1))
        with pytest.raises(KafkaUnreachable, match="ProducerFenced"):
            await hung.write(numbered(Word.TOLD, range(3), keys=1))
        await hung.close()
        await present.close()

    asyncio.run(both())

    assert by_key(broker, "tellfirst.told") == {b"k0": [0, 1, 2, 3, 4, 5]}


def test_brokers_that_go_away_and_come_back_get_it_all_in_order(
    broker: Broker, settings: KafkaSettings, store: SqliteStore
) -> None:
    async def relay() -> None:
        relay = Relay(store, lambda: writing(settings, HERE), most_at_once=100)
        running = asyncio.ensure_future(relay.run())
        await wait_for(store, [numbered(Word.NOTICES, range(200))])
        broker.stop("--kill")
        with store.transaction() as tx:
            tx.send_on(numbered(Word.NOTICES, range(200, 400)))
        while relay.trouble is None:
            await asyncio.sleep(0.1)
        await asyncio.to_thread(broker.start)
        await wait_for(store, [])
        await relay.drain()
        await running

    asyncio.run(asyncio.wait_for(relay(), 90))

    found = by_key(broker, "tellfirst.notices")
    assert {number for numbers in found.values() for number in numbers} == set(range(400))
    assert all(list(dict.fromkeys(numbers)) == sorted(set(numbers)) for numbers in found.values())


async def wait_for(store: SqliteStore, records: Sequence[Sequence[Outgoing]]) -> None:
    """Have records sent on, and wait until nothing waits."""
    for some in records:
        with store.transaction() as tx:
            tx.send_on(some)
    while store.outgoing(limit=1):
        await asyncio.sleep(0.05)


def test_what_was_told_is_read_back_line_by_line(settings: KafkaSettings, store: SqliteStore) -> None:

    add(store, a_phase(), a_notice())
    begin(store)
    end(store, Outcome.RETRY)
    relayed(settings, store)

    told = ToldTopic(settings, HERE)
    assert [(line.notice, line.hearing is None) for line in told.lines()] == [("ntc_1", False), ("ntc_1", True)]
    assert list(told.newest(1)) == list(told.lines())[-1:]


def test_a_dead_letter_goes_back_to_its_topic_to_the_byte(broker: Broker, ask: Ask, shop: Path) -> None:
    assert ask("kafka", "init").exit_code == 0
    headers = (("ce_id", b"e1"), ("trace", b"\xff"))
    letter = DeadLetter("orders#2", 7, b"{\xff", DeadReason.POISON, "ZeroDivisionError", NOON, b"order/O1", headers)
    store = open_store(shop / "data")
    with store.transaction() as tx:
        tx.add_dead_letter(letter)
    store.close()

    answer = ask("dlq", "redrive", "--json")

    assert (answer.exit_code, json.loads(answer.stdout)) == (0, {"tried": 1, "taken_in": 0, "sent_back": 1, "stayed": []})
    [record] = broker.records("orders")
    assert (record.partition, record.key, record.value) == (2, b"order/O1", b"{\xff")
    assert tuple(record.headers) == headers
    assert json.loads(ask("dlq", "list", "--json").stdout) == []
    assert json.loads(ask("stats", "--json").stdout)["dead_letters_gone"] == {"redriven": {"poison": 1}}
