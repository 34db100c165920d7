"""Records written to our own topics by one writer at a time: each handful in a transaction, which fences all writers before."""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError as ClientError

from contracts.outgoing import Outgoing
from streams.kafka.client import aiokafka_words_of, place_of
from streams.kafka.errors import KafkaUnreachable
from streams.kafka.settings import KafkaSettings
from streams.kafka.topics import LARGEST_LETTER

ANSWER_MS = 5_000
TRANSACTION_MS = 15_000
BATCH = 256 << 10
LARGEST_REQUEST = LARGEST_LETTER + (64 << 10)
CONNECTED_WITHIN_SECONDS = 10.0
WRITTEN_WITHIN_SECONDS = 10.0
CLOSED_WITHIN_SECONDS = 1.0
CANCELLED_WITHIN_SECONDS = 0.1


class Writer:
    """Its methods raise KafkaUnreachable for all that goes wrong. Who reads committed sees nothing of a handful that failed."""

    def __init__(self, producer: AIOKafkaProducer, settings: KafkaSettings) -> None:
        self._producer, self._settings = producer, settings

    async def start(self) -> None:
        """Come to the brokers; where that fails, take leave of them."""
        try:
            await self._within(self._producer.start(), CONNECTED_WITHIN_SECONDS)
        except BaseException:
            await self.close()
            raise

    async def write(self, records: Sequence[Outgoing]) -> None:
        """Write them all, those of one key in their order; return once all replicas in sync have them."""
        await self._within(self._write(records), WRITTEN_WITHIN_SECONDS)

    async def _write(self, records: Sequence[Outgoing]) -> None:
        """What fails is not taken back here, which brokers that are away would not hear: whoever writes next ends it."""
        await self._producer.begin_transaction()
        written: list[asyncio.Future[Any]] = []
        try:
            for record in records:
                topic = f"{self._settings.group}.{record.topic}"
                written.append(await self._producer.send(topic, record.value, record.key, headers=list(record.headers)))
        finally:
            outcomes = asyncio.gather(*written, return_exceptions=True)
        for outcome in await outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        await self._producer.commit_transaction()

    async def _within(self, work: Awaitable[None], seconds: float) -> None:
        try:
            await asyncio.wait_for(work, seconds)
        except TimeoutError:
            raise self._unreachable(f"no answer within {seconds:.0f} seconds") from None
        except (ClientError, OSError) as fault:
            raise self._unreachable(str(fault) or type(fault).__name__) from fault

    def _unreachable(self, why: str) -> KafkaUnreachable:
        return KafkaUnreachable(f"{place_of(self._settings)}  what goes on cannot be written: {why} — it waits in the store")

    async def close(self) -> None:
        """Take leave. What the brokers do not answer in time is left alone, and nothing more of it is written."""
        self._hear_failures()
        with suppress(TimeoutError, ClientError, OSError):
            await asyncio.wait_for(self._producer.stop(), CLOSED_WITHIN_SECONDS)
            return
        await self._abandon()

    async def _abandon(self) -> None:
        """aiokafka would go on trying for good: what it has is failed, and its task cancelled, also where that cleans up."""
        self._producer._message_accumulator.fail_all(ClientError("abandoned"))
        sending = self._producer._sender.sender_task
        while sending is not None and not sending.done():
            sending.cancel()
            await asyncio.wait([sending], timeout=CANCELLED_WITHIN_SECONDS)
        with suppress(TimeoutError, ClientError, OSError):
            await asyncio.wait_for(self._producer.client.close(), CLOSED_WITHIN_SECONDS)
        self._hear_failures()

    def _hear_failures(self) -> None:
        """What failed was told to whoever wrote; aiokafka keeps it in futures of its own too, which complain if nobody looks."""
        batches = [each for some in self._producer._message_accumulator._batches.values() for each in some]
        waiting = [self._producer._txn_manager._transaction_waiter, *(each._drain_waiter for each in batches)]
        for future in waiting:
            if future is not None and future.done() and not future.cancelled():
                future.exception()


async def writing(settings: KafkaSettings, folder: Path) -> Writer:
    """Become the one who writes. folder: where the settings' files stand. Raises KafkaUnreachable, OSError, ValueError."""
    producer = AIOKafkaProducer(
        **aiokafka_words_of(settings, folder),
        transactional_id=f"{settings.group}.relay",
        transaction_timeout_ms=TRANSACTION_MS,
        request_timeout_ms=ANSWER_MS,
        max_batch_size=BATCH,
        max_request_size=LARGEST_REQUEST,
    )
    writer = Writer(producer, settings)
    await writer.start()
    return writer
