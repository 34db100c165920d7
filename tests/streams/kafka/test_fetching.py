"""As of when an end counts as reached: when it was asked for, however late the answer comes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from aiokafka import TopicPartition

from streams.kafka.fetching import Fetching
from streams.kafka.log import Fetched, Reach

WHERE = ("orders", 3)
PART = TopicPartition(*WHERE)
REQUEST = SimpleNamespace(topics=[("orders", [(3, 0, 1_000)])])


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
