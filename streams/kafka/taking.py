"""Records that somebody else hands over, into the inputs: each answered once all replicas in sync have it, in whatever order."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError as ClientError

from streams.inbox import Full
from streams.kafka.client import aiokafka_words_of, place_of
from streams.kafka.errors import KafkaUnreachable
from streams.kafka.outgoing import LARGEST, Addressed
from streams.kafka.settings import KafkaSettings
from streams.kafka.slots import slot_of_record
from streams.kafka.writing import Writer

ANSWER_MS = 5_000
LINGER_MS = 5
BATCH = 64 << 10
LARGEST_REQUEST = LARGEST + (64 << 10)
WRITTEN_WITHIN_SECONDS = 10.0


class Taking:
    """slots: how many partitions each input has. most: records that may wait for the brokers; waiting: how many do.

    folder: where the settings' files stand. trouble: why nothing can be written; None while all is well.
    What was refused may be written all the same; sent again it does no harm, since events are known by their ids.
    """

    def __init__(self, settings: KafkaSettings, folder: Path, slots: Mapping[str, int], *, most: int) -> None:
        self._settings, self._folder, self._slots, self._most = settings, folder, slots, most
        self._writer: Writer | None = None
        self._producer: Any = None
        self._connecting = asyncio.Lock()
        self.waiting = 0
        self.trouble: str | None = None

    async def write(self, records: Sequence[Addressed]) -> None:
        """Return once the brokers have all of them. Raises Full and KafkaUnreachable."""
        if self.waiting and self.waiting + len(records) > self._most:
            raise Full
        self.waiting += len(records)
        try:
            await self._heeding(self._write(records))
        finally:
            self.waiting -= len(records)

    async def look(self) -> None:
        """Come to the brokers where we are not there, so that trouble ends by itself. Raises KafkaUnreachable."""
        await self._heeding(self._connect())

    async def _heeding(self, work: Any) -> None:
        """Do it in time. After a fault a new producer is made: the numbers of the last one's records may have a gap."""
        try:
            await asyncio.wait_for(work, WRITTEN_WITHIN_SECONDS)
        except (TimeoutError, ClientError, OSError, KafkaUnreachable) as fault:
            self.trouble = f"the brokers cannot be written to: {_why(fault)}"
            await self.close()
            raise KafkaUnreachable(f"{place_of(self._settings)}  {self.trouble}") from fault
        self.trouble = None

    async def _write(self, records: Sequence[Addressed]) -> None:
        await self._connect()
        producer, sent = self._producer, []
        for topic, key, value, headers, _ in records:
            slot = slot_of_record(key, value, self._slots[topic])
            sent.append(await producer.send(topic, value, key and key.encode(), slot, headers=list(headers)))
        for outcome in await asyncio.gather(*sent, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    async def _connect(self) -> None:
        async with self._connecting:
            if self._writer is not None:
                return
            self._producer = AIOKafkaProducer(
                **aiokafka_words_of(self._settings, self._folder),
                enable_idempotence=True,
                request_timeout_ms=ANSWER_MS,
                linger_ms=LINGER_MS,
                max_batch_size=BATCH,
                max_request_size=LARGEST_REQUEST,
            )
            writer = Writer(self._producer, self._settings)
            await writer.start()
            self._writer = writer

    async def close(self) -> None:
        """Take leave of the brokers; what was written is theirs."""
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.close()


def _why(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return f"no answer within {WRITTEN_WITHIN_SECONDS:.0f} seconds"
    cause = fault.__cause__ or fault
    return str(cause) or type(cause).__name__
