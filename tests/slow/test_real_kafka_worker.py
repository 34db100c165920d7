"""Workers on a real broker and a real database: events are applied once, whatever becomes of workers, brokers and topics."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from kafka import KafkaProducer, TopicPartition

from tests.slow.real_kafka import Broker
from tests.slow.real_workers import SLOTS, Shop, a_shop
from tests.storage.server import database


@pytest.fixture
def shop(tmp_path: Path, broker: Broker, schema: str) -> Iterator[Shop]:
    with a_shop(tmp_path, broker, schema) as shop:
        yield shop


def test_a_worker_applies_what_was_and_what_will_be_written_and_ends_when_it_is_asked_to(shop: Shop) -> None:
    shop.write(300)
    (worker,) = shop.start()
    shop.eventually(shop.all_is_applied)
    shop.write(200)
    shop.eventually(shop.all_is_applied)

    assert worker.shows("consumer_lag_events", topic="customers") == 0
    assert worker.shows("events_total", topic="customers", outcome="applied") == 500
    assert worker.shows("source_partitions", topic="customers") == SLOTS
    assert worker.shows("commits_total", outcome="ok") > 0
    assert worker.stop() == 0


def test_how_far_it_is_is_told_to_kafka_before_it_ends(shop: Shop) -> None:
    shop.write(100)
    (worker,) = shop.start()
    shop.eventually(shop.all_is_applied)
    worker.stop()

    with shop.broker.admin() as client:
        said = client.list_group_offsets("tellfirst")["tellfirst"]
    assert sum(said[TopicPartition("customers", slot)].offset for slot in range(SLOTS)) == 100


def test_slots_are_shared_and_taken_over_as_workers_come_and_go(shop: Shop) -> None:
    first, second = shop.start(2)
    shop.write(200)
    shop.eventually(shop.all_is_applied)
    assert {worker.shows("events_total", topic="customers", outcome="applied") > 0 for worker in (first, second)} == {True}

    first.kill()
    shop.write(200)
    (third,) = shop.start()
    shop.eventually(shop.all_is_applied)
    second.stop()
    shop.write(200)

    shop.eventually(shop.all_is_applied)
    assert third.shows("consumer_lag_events", topic="customers") == 0


def test_a_worker_that_is_killed_and_started_again_disturbs_nobody(shop: Shop) -> None:
    first, _ = shop.start(2)
    before = shop.epochs()

    first.kill()
    shop.start()

    after = shop.epochs()
    assert sum(after[slot] - before[slot] for slot in before) == SLOTS // 2


def test_connections_of_the_database_that_are_cut_cost_a_moment_and_nothing_else(shop: Shop, schema: str) -> None:
    (worker,) = shop.start()
    for _ in range(5):
        shop.write(50)
        with psycopg.connect(database(), autocommit=True) as cutting:
            cutting.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tellfirst'")

    shop.eventually(shop.all_is_applied)
    assert worker.shows("commits_total", outcome="failed") > 0
    shop.eventually(worker.ready)


@pytest.mark.parametrize("how", [(), ("--kill",)])
def test_a_broker_that_restarts_is_waited_for(shop: Shop, how: tuple[str, ...]) -> None:
    (worker,) = shop.start()
    shop.write(100)
    shop.broker.stop(*how)
    time.sleep(3)
    shop.broker.start()
    shop.write(100)

    shop.eventually(shop.all_is_applied)
    assert worker.stop() == 0


def test_what_is_not_committed_to_a_topic_yet_is_waited_for(shop: Shop) -> None:
    """An open transaction of a producer hides what stands behind it."""
    (worker,) = shop.start()
    with closing(KafkaProducer(bootstrap_servers=shop.broker.address, transactional_id="a sender")) as sender:
        sender.init_transactions()
        sender.begin_transaction()
        sender.send("customers", b"{}", partition=0).get(10)
        shop.write(50)
        shop.eventually(lambda: worker.shows("consumer_lag_events", topic="customers") > 0)
        sender.abort_transaction()

    shop.eventually(shop.all_is_applied)


def test_of_two_workers_with_one_name_one_ends_and_says_so(shop: Shop) -> None:
    first, second = shop.worker("same"), shop.worker("same")
    first.begin()
    shop.eventually(first.ready)
    second.begin()

    shop.eventually(lambda: any(each.process and each.process.poll() is not None for each in (first, second)))
    ended = next(each for each in (first, second) if each.process and each.process.poll() is not None)
    assert ended.ended() == 6
    assert "another worker has our name `same` — give each worker a name of its own" in ended.said().splitlines()[-1]


def test_without_brokers_without_topics_and_without_the_database_a_worker_does_not_start(shop: Shop) -> None:
    settings = shop.project / "tellfirst.yaml"
    sound = settings.read_text()
    faults = {
        "the brokers cannot be reached": sound.replace(shop.broker.address, "127.0.0.1:1"),
        "missing: `other.routed`": sound.replace("partitions: 4", "partitions: 4, group: other"),
        "is PostgreSQL there, and may we in?": sound.replace("dbname=postgres", "dbname=nowhere"),
    }
    for said, text in faults.items():
        settings.write_text(text)
        worker = shop.worker()
        with pytest.raises(AssertionError):
            worker.begin()
            assert worker.ended() is None
        assert worker.ended() == 4
        assert said in worker.said().splitlines()[-1]


def test_a_topic_that_was_made_anew_ends_a_worker_also_when_it_is_longer_than_before(shop: Shop) -> None:
    shop.write(100)
    (worker,) = shop.start()
    shop.eventually(shop.all_is_applied)
    with shop.broker.admin() as client:
        client.delete_topics(["customers"])
    time.sleep(1)
    shop.broker.make("customers", partitions=SLOTS)
    shop.write(500)

    assert worker.ended() == 6
    assert "customers  it was made anew since it was read" in worker.said().splitlines()[-1]


def test_events_that_were_removed_before_they_were_read_end_a_worker(shop: Shop) -> None:
    shop.write(100)
    (worker,) = shop.start()
    shop.eventually(shop.all_is_applied)
    worker.stop()
    shop.write(400)
    with shop.broker.admin() as client:
        client.delete_records({TopicPartition("customers", slot): 60 for slot in range(SLOTS)})

    again = shop.worker()
    again.begin()

    assert again.ended() == 6
    assert "records were removed before we read them — keep events for longer" in again.said().splitlines()[-1]
