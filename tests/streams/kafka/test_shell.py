"""What Faust is made to be: a consumer that reads what is committed, whole slots, and jumps nowhere."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.coordinator.assignors.range import RangePartitionAssignor

from streams.kafka.shell import Shell

WORDS = {"bootstrap_servers": ["127.0.0.1:1"], "client_id": "us", "group_id": "tellfirst", "group_instance_id": "worker-1"}


class Nothing:
    """Does nothing in a shell."""

    goes_on = True

    def begin(self, consumer: AIOKafkaConsumer, loop: asyncio.AbstractEventLoop) -> None: ...
    async def turn(self) -> None: ...
    async def tell_kafka(self) -> None: ...
    async def revoked(self) -> None: ...
    def assigned(self) -> None: ...


def with_consumer(look: Callable[[Shell, AIOKafkaConsumer], object]) -> None:
    """Make a shell and its consumer, which is not started, and look at them."""

    async def looking() -> None:
        shell = Shell(Nothing(), WORDS, ["orders", "usage"])
        thread: Any = shell.consumer._thread
        look(shell, thread._create_worker_consumer(shell.transport))

    asyncio.run(looking())


def test_the_consumer_reads_what_is_committed_and_whole_slots_and_jumps_nowhere() -> None:
    def look(shell: Shell, consumer: AIOKafkaConsumer) -> None:
        assert consumer._isolation_level == "read_committed"
        assert consumer._partition_assignment_strategy == (RangePartitionAssignor,)
        assert consumer._auto_offset_reset == "none"
        assert not consumer._enable_auto_commit
        assert (consumer._group_id, consumer._group_instance_id) == ("tellfirst", "worker-1")

    with_consumer(look)


def test_a_member_that_is_gone_is_missed_within_fifteen_seconds() -> None:
    """A fetch ends, and slots are dealt out, before anybody is given up: all slots stand still meanwhile."""

    def look(shell: Shell, consumer: AIOKafkaConsumer) -> None:
        assert consumer._session_timeout_ms == 15_000
        assert consumer._heartbeat_interval_ms * 3 <= consumer._session_timeout_ms <= consumer._request_timeout_ms
        assert consumer._request_timeout_ms < consumer._rebalance_timeout_ms <= 30_000
        assert consumer._client._request_timeout_ms >= consumer._session_timeout_ms

    with_consumer(look)


def test_of_faust_there_is_no_page_no_producer_no_leader_and_no_table() -> None:
    def look(shell: Shell, consumer: AIOKafkaConsumer) -> None:
        services = {type(service).__name__ for service in shell.boot_strategy.server()}
        assert not services & {"Web", "Producer", "Monitor"}
        assert not shell.conf.web_enabled
        assert shell.conf.topic_disable_leader
        assert not shell.tables

    with_consumer(look)


def test_seeks_and_commits_of_faust_do_nothing_of_its_own() -> None:
    async def look() -> None:
        shell = Shell(Nothing(), WORDS, ["orders"])
        await shell.consumer.perform_seek()
        assert await shell.consumer.commit()

    asyncio.run(look())
