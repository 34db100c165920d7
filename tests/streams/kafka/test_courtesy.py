"""What Kafka is told of our positions: what changed, never less than it knows, and never at the price of the worker."""

import asyncio

from streams.kafka.claims import Claim
from streams.kafka.courtesy import Courtesy
from tests.streams.kafka.small_log import SmallLog


def tell(courtesy: Courtesy, **reached: int) -> None:
    asyncio.run(courtesy.tell({3: Claim(3, 1, dict(reached))}))


def test_kafka_is_told_how_far_we_are() -> None:
    log = SmallLog()
    courtesy = Courtesy(log)

    tell(courtesy, orders=5, usage=0)
    tell(courtesy, orders=9, usage=0)

    assert log.told == {("orders", 3): 9}


def test_kafka_is_never_told_less_than_it_knows() -> None:
    """A database that was restored is behind it; that must stay to be seen."""
    log = SmallLog(told={("orders", 3): 7})

    tell(Courtesy(log), orders=5)

    assert log.told == {("orders", 3): 7}


def test_what_another_worker_told_meanwhile_is_asked_for_anew() -> None:
    log = SmallLog()
    courtesy = Courtesy(log)
    tell(courtesy, orders=5)
    courtesy.forget()
    log.told["orders", 3] = 8

    tell(courtesy, orders=6)

    assert log.told == {("orders", 3): 8}


def test_brokers_that_do_not_answer_are_counted_and_told_the_next_time() -> None:
    log = SmallLog()
    courtesy = Courtesy(log)

    def fail() -> None:
        log.before.clear()
        raise TimeoutError

    log.before["commit"] = fail
    tell(courtesy, orders=5)
    assert (courtesy.failed, log.told) == (1, {})

    tell(courtesy, orders=5)
    assert log.told == {("orders", 3): 5}
