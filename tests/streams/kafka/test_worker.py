"""A worker that hangs: it says so and ends, before the group would have waited for it for ever."""

import asyncio
from types import SimpleNamespace
from typing import Any

from aiokafka import TopicPartition

from streams.kafka.errors import GroupLost
from streams.kafka.shell import POLL_SECONDS
from streams.kafka.worker import Worker
from tests.streams.kafka.small_log import TOPICS, CountingSlots

WORDS = {"bootstrap_servers": ["127.0.0.1:1"], "client_id": "us", "group_id": "tellfirst", "group_instance_id": "worker-1"}


class Silent:
    """A consumer that has a slot, and whose brokers never answer."""

    def __init__(self) -> None:
        self._fetcher = SimpleNamespace(_proc_fetch_request=None)

    def assignment(self) -> set[TopicPartition]:
        return {TopicPartition(topic, 0) for topic in TOPICS}

    async def beginning_offsets(self, where: Any) -> Any:
        await asyncio.Event().wait()


async def nothing() -> None: ...


def test_a_turn_that_does_not_end_ends_the_worker() -> None:
    moment = [0.0]
    worker = Worker(
        CountingSlots(),
        WORDS,
        topics=TOPICS,
        clock=lambda: 0,
        elapsed=lambda: moment[0],
        must_be_ours=nothing,
        lost=lambda how: None,
    )

    async def hang() -> BaseException | None:
        loop = asyncio.get_running_loop()
        worker.begin(Silent(), loop)
        worker._over = loop.create_future()
        turning = asyncio.ensure_future(worker.turn())
        await asyncio.sleep(0)
        moment[0] = POLL_SECONDS + 1
        assert worker._fetching is not None
        await worker._look(worker._fetching)
        turning.cancel()
        return worker._over.exception()

    assert isinstance(asyncio.run(hang()), GroupLost)
