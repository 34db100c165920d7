"""The brokers as aiokafka reaches them, in the thread that Faust gives its consumer; asked for from the loop that applies."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer, OffsetAndMetadata, TopicPartition

from streams.kafka.incoming import Incoming
from streams.kafka.lag import Offsets
from streams.kafka.log import Fetched, Reach, Where

LOG_APPEND_TIME = 1
ANSWER_SECONDS = 10.0
TAKEN_WITHIN_SECONDS = 1.0
"""For so long the brokers are asked for nothing while something that they handed out waits to be taken. Else they would be asked
for the rest, where nothing may be for as long as they are patient, and for what was taken meanwhile only after that.
"""
Answer = TypeVar("Answer")


class Fetching:
    """A streams.kafka.log.Log. consumer: started, in the thread of `loop`.

    Its methods raise what aiokafka raises, and TimeoutError when the brokers do not answer within 10 s.
    """

    def __init__(self, consumer: AIOKafkaConsumer, loop: asyncio.AbstractEventLoop, *, clock: Callable[[], int]) -> None:
        self._consumer, self._loop, self._clock = consumer, loop, clock
        self._asked_at: dict[TopicPartition, int] = {}
        consumer._fetcher._prefetch_backoff = TAKEN_WITHIN_SECONDS
        self._send = consumer._fetcher._proc_fetch_request
        consumer._fetcher._proc_fetch_request = self._fetch_from_broker

    async def there(self, asked: "Coroutine[Any, Any, Answer]") -> Answer:
        """Do something in the consumer's thread. Raises TimeoutError."""
        return await asyncio.wait_for(asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asked, self._loop)), ANSWER_SECONDS)

    def assigned(self) -> frozenset[Where]:
        return frozenset((each.topic, each.partition) for each in self._consumer.assignment())

    async def begins(self, where: Sequence[Where]) -> Offsets:
        return _plain(await self.there(self._consumer.beginning_offsets(_partitions(where))))

    async def ends(self, where: Sequence[Where]) -> Offsets:
        return _plain(await self.there(self._consumer.end_offsets(_partitions(where))))

    async def seek(self, positions: Offsets) -> None:
        """Go there; also in the midst of a rebalance, which would wait for us if this waited for it."""

        async def go() -> None:
            for where, offset in positions.items():
                self._consumer.seek(TopicPartition(*where), offset)

        await self.there(go())

    async def fetch(self, where: Sequence[Where], *, within: float) -> Fetched:
        return await self.there(self._fetch(where, within))

    async def _fetch(self, where: Sequence[Where], within: float) -> Fetched:
        """A rebalance is not waited for: that may take as long as the brokers are away."""
        if self._consumer._subscription.reassignment_in_progress:
            await asyncio.sleep(within)
            return Fetched({}, {})
        found = await self._consumer._fetcher.fetched_records(frozenset(_partitions(where)), timeout=within)
        records = {(each.topic, each.partition): [_incoming(record) for record in own] for each, own in found.items()}
        return Fetched(records, self.reached(where))

    async def _fetch_from_broker(self, assignment: Any, node: int, request: Any) -> bool:
        """Note when an end was asked for: what was written later may not be in the answer, however late that comes."""
        asked_at = self._clock()
        partitions = [TopicPartition(topic, each[0]) for topic, parts in request.topics for each in parts]
        before = {each: _answered(assignment, each) for each in partitions}
        needs_wakeup: bool = await self._send(assignment, node, request)
        for each in partitions:
            if _answered(assignment, each) != before[each]:
                self._asked_at[each] = asked_at
        return needs_wakeup

    def reached(self, where: Sequence[Where]) -> Mapping[Where, Reach]:
        """Return how far these were handed to us, of those whose end is known."""
        return {each: found for each in where if (found := self._reach(TopicPartition(*each))) is not None}

    def _reach(self, partition: TopicPartition) -> Reach | None:
        subscription, asked_at = self._consumer._subscription.subscription, self._asked_at.get(partition)
        assignment = subscription and subscription.assignment
        state = assignment and assignment.state_value(partition)
        if asked_at is None or not state or state.highwater is None or not state.has_valid_position:
            return None
        return Reach(state.position, state.highwater, asked_at)

    async def committed(self, where: Sequence[Where]) -> Offsets:
        found = await self.there(self._consumer._coordinator.fetch_committed_offsets(_partitions(where)))
        return {(each.topic, each.partition): said.offset for each, said in found.items() if said.offset >= 0}

    async def commit(self, positions: Offsets) -> None:
        await self.there(
            self._consumer.commit({TopicPartition(*where): OffsetAndMetadata(offset, "") for where, offset in positions.items()})
        )

    async def join_again(self) -> None:
        async def ask() -> None:
            self._consumer._coordinator.request_rejoin()

        await self.there(ask())


def _answered(assignment: Any, partition: TopicPartition) -> int | None:
    state = assignment.state_value(partition)
    return None if state is None else state.timestamp


def _partitions(where: Sequence[Where]) -> list[TopicPartition]:
    return [TopicPartition(*each) for each in where]


def _plain(offsets: Mapping[TopicPartition, int]) -> Offsets:
    return {(each.topic, each.partition): offset for each, offset in offsets.items()}


def _incoming(record: Any) -> Incoming:
    written_at = record.timestamp if record.timestamp_type == LOG_APPEND_TIME else None
    return Incoming(record.topic, record.partition, record.offset, record.value, record.headers, written_at, record.key)
