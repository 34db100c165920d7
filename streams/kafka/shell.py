"""What we use of Faust: the life of a worker, its consumer's thread, the consumer group and its rebalances; nothing else."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

import faust
from aiokafka import AIOKafkaConsumer
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from faust.app.base import BootStrategy
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport
from mode.threads import WorkerThread

SESSION_SECONDS, HEARTBEAT_SECONDS = 15.0, 1.0
REBALANCE_SECONDS, REQUEST_SECONDS = 25.0, 20.0
POLL_SECONDS = 300.0
COMMIT_SECONDS = 2.0
FETCH_WAIT_MS = 500
FETCH_BYTES = 512 << 10
METADATA_MS = 30_000


class Turns(Protocol):
    """What is done in the shell: streams/kafka/worker.py. Its methods raise nothing."""

    goes_on: bool

    def begin(self, consumer: AIOKafkaConsumer, loop: asyncio.AbstractEventLoop) -> None:
        """The brokers are reached; called in the consumer's thread, whose loop this is."""

    async def turn(self) -> None: ...
    async def tell_kafka(self) -> None: ...
    async def revoked(self) -> None: ...
    def assigned(self) -> None: ...


class Thread(AIOKafkaConsumerThread):
    """Reads what is committed, deals out partition i of every topic together, and jumps nowhere when a position is not there."""

    app: "Shell"

    class Worker(WorkerThread):
        def __init__(self, service: Any, **kwargs: Any) -> None:
            super().__init__(service, **kwargs)
            self.daemon = True

        def run(self) -> None:
            """What fails in here is raised where it was started."""
            with suppress(Exception):
                super().run()

    async def on_start(self) -> None:
        await super().on_start()
        self.app.turns.begin(self._consumer, self.thread_loop)

    def _create_worker_consumer(self, transport: Transport) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            **self.app.words,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            partition_assignment_strategy=(RangePartitionAssignor,),
            session_timeout_ms=int(SESSION_SECONDS * 1_000),
            heartbeat_interval_ms=int(HEARTBEAT_SECONDS * 1_000),
            rebalance_timeout_ms=int(REBALANCE_SECONDS * 1_000),
            request_timeout_ms=int(REQUEST_SECONDS * 1_000),
            max_poll_interval_ms=int(POLL_SECONDS * 1_000),
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_partition_fetch_bytes=FETCH_BYTES,
            metadata_max_age_ms=METADATA_MS,
        )

    def on_crash(self, msg: str, *fmt: Any, **kwargs: Any) -> None:
        """Whoever started us is told by the exception itself."""


class SlotConsumer(Consumer):
    """Faust's own fetching, seeking, acknowledging and committing are off; the app's `turns` do it."""

    app: "Shell"

    def _new_consumer_thread(self) -> Thread:
        return Thread(self, loop=self.loop, beacon=self.beacon)

    async def _drain_messages(self, fetcher: Any) -> None:
        """Turn until Faust stops the fetcher. While it deals with a rebalance, nothing is fetched."""
        while self.app.turns.goes_on and not (self.should_stop or fetcher.should_stop):
            if self.flow_active:
                await self.app.turns.turn()
            else:
                await self.wait_first(self.can_resume_flow.wait(), timeout=1.0)

    async def perform_seek(self) -> None:
        """Only the loop seeks."""

    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:
        await self.app.turns.tell_kafka()
        return True

    force_commit = commit

    def verify_event_path(self, now: float, tp: Any) -> None:
        """Faust's streams are not used, so they are not slow either."""

    async def on_partitions_revoked(self, revoked: Any) -> None:
        self.stop_flow()
        await self.app.turns.revoked()
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: Any, generation_id: int = 0) -> None:
        self.app.turns.assigned()
        await super().on_partitions_assigned(assigned, generation_id)


class SlotTransport(Transport):
    Consumer = SlotConsumer


class ConsumerOnly(BootStrategy):
    enable_kafka_producer = False
    enable_web = False
    enable_sensors = False


class Shell(faust.App):
    """turns: what is done in it. words: by which aiokafka reaches the brokers. topics: that are subscribed to."""

    BootStrategy = ConsumerOnly

    def __init__(self, turns: Turns, words: Mapping[str, Any], topics: Sequence[str]) -> None:
        super().__init__(
            words["group_id"],
            broker=f"kafka://{';'.join(words['bootstrap_servers'])}",
            store="memory://",
            web_enabled=False,
            topic_disable_leader=True,
            topic_allow_declare=False,
            table_standby_replicas=0,
            stream_wait_empty=False,
            broker_session_timeout=SESSION_SECONDS,
            broker_request_timeout=REQUEST_SECONDS,
            broker_commit_interval=COMMIT_SECONDS,
        )
        self.turns, self.words = turns, words
        self.transport = SlotTransport(self.conf.broker_consumer, self)
        self.topics.add(self.topic(*topics, key_serializer="raw", value_serializer="raw"))

    def _create_directories(self) -> None:
        """Nothing is kept on disk."""

    def on_rebalance_return(self) -> None:
        """Nobody measures rebalances by Faust's sensors."""
