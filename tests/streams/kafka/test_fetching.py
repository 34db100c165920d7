"""What is fetched next, and as of when an end counts as reached: when it was asked for, however late the answer comes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.kafka.fetching import Fetching
from streams.kafka.log import Fetched, Reach
from tests.tellfirst.mock_kafka import MockKafka

WHERE = ("orders", 3)
PART = TopicPartition(*WHERE)
REQUEST = SimpleNamespace(topics=[("orders", [(3, 0, 1_000)])])
PATIENCE_MS, APPLYING_SECONDS = 4_000, 0.3


@dataclass
class Answering:
    """What of aiokafka's consumer says how far a partition is. answers: what becomes of the state when an answer comes."""

    answers: Callable[[Any], object]
    now: int = 100
    state: Any = field(
        default_factory=lambda: SimpleNamespace(position=5, highwater=None, timestamp=None, has_valid_position=True)
    )

    def __post_init__(self) -> None:
        self.assignment = SimpleNamespace(state_value=lambda part: self.state if part == PART else None)
        self._fetcher = SimpleNamespace(_proc_fetch_request=self.answer)
        self._subscription = SimpleNamespace(subscription=SimpleNamespace(assignment=self.assignment))

    async def answer(self, assignment: Any, node: int, request: Any) -> bool:
        self.now += 40
        self.answers(self.state)
        return True

    def fetched(self) -> dict[tuple[str, int], Reach]:
        async def fetch() -> dict[tuple[str, int], Reach]:
            fetching = Fetching(self, asyncio.get_running_loop(), clock=lambda: self.now)
            await self._fetcher._proc_fetch_request(self.assignment, 1, REQUEST)
            return dict(fetching.reached([WHERE, ("usage", 3)]))

        return asyncio.run(fetch())


def told_the_end(state: Any) -> None:
    state.highwater, state.timestamp = 5, 77


def test_an_end_is_known_as_of_when_it_was_asked_for() -> None:
    reach = Answering(told_the_end).fetched()

    assert reach == {WHERE: Reach(position=5, highwater=5, as_of=100)}
    assert reach[WHERE].is_at_the_end


def test_an_answer_that_was_thrown_away_says_nothing() -> None:
    """After a seek, what was asked for before is of no use; its time is not that of the end that is known."""
    answering = Answering(lambda state: None)
    answering.state.highwater = 5

    assert answering.fetched() == {}


def test_what_is_hidden_by_an_open_transaction_is_not_the_end() -> None:
    def told_more(state: Any) -> None:
        state.highwater, state.timestamp = 9, 77

    (reach,) = Answering(told_more).fetched().values()

    assert (reach.is_at_the_end, reach.lag) == (False, 4)


def test_without_a_position_nothing_is_reached() -> None:
    answering = Answering(told_the_end)
    answering.state.has_valid_position = False

    assert answering.fetched() == {}


def test_while_slots_are_dealt_out_nobody_waits_for_records() -> None:
    """That may take as long as brokers are away, and a rebalance would wait for whoever waits for it."""

    async def fetch() -> Fetched:
        dealing = SimpleNamespace(
            _subscription=SimpleNamespace(reassignment_in_progress=True), _fetcher=Answering(told_the_end)._fetcher
        )
        return await Fetching(dealing, asyncio.get_running_loop(), clock=lambda: 100).fetch([WHERE], within=0.0)

    assert asyncio.run(fetch()) == Fetched({}, {})


def test_what_waits_to_be_taken_keeps_nobody_from_asking_for_more() -> None:
    """Were they asked for the rest meanwhile, they would keep that question until there is some, and us without what came."""

    async def second(kafka: MockKafka) -> Fetched:
        consumer = AIOKafkaConsumer(bootstrap_servers=kafka.address, check_crcs=False, fetch_max_wait_ms=PATIENCE_MS)
        await consumer.start()
        try:
            where = [("orders", 0), ("usage", 0)]
            consumer.assign([TopicPartition(*each) for each in where])
            fetching = Fetching(consumer, asyncio.get_running_loop(), clock=lambda: 100)
            await fetching.seek(dict.fromkeys(where, 0))
            while not consumer._fetcher._records:
                await asyncio.sleep(0.01)
            await asyncio.sleep(APPLYING_SECONDS)
            kafka.write("orders", b"second", partition=0)
            kafka.flush()
            assert [each.value for each in (await fetching.fetch(where, within=0.0)).records[where[0]]] == [b"first"]
            return await fetching.fetch(where, within=PATIENCE_MS / 2_000)
        finally:
            await consumer.stop()

    kafka = MockKafka()
    kafka.write("orders", b"first", partition=0)
    kafka.flush()

    assert [each.value for each in asyncio.run(second(kafka)).records["orders", 0]] == [b"second"]
