"""The relay: what the store has for Kafka's topics is written there, in its order, and let go once the brokers have it.

One process at a time has the turn. Whoever takes it fences all who had it before (streams/kafka/writing.py), so that nobody who
hung and wakes again writes something old after something new. A crash between the brokers' answer and letting go writes the same
records again: at least once, with ids that are computed, and those of one key always in their order.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Protocol

from contracts.outgoing import Outgoing
from storage.errors import StoreError
from storage.records import Numbered
from storage.turn import Turn
from streams.kafka.errors import KafkaError

RELAY = "relay"
MOST_AT_ONCE = 1_000
IDLE_SECONDS = 0.05
TURN_SECONDS = 1.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
DRAIN_SECONDS = 5.0


class LetsGo(Protocol):
    def sent_on(self, numbers: Sequence[int]) -> None: ...


class Outbox(Protocol):
    """Where records wait."""

    def turn(self, name: str) -> Turn: ...
    def outgoing(self, *, limit: int) -> Sequence[Numbered]: ...
    def transaction(self) -> AbstractContextManager[LetsGo]: ...


class Writes(Protocol):
    """Writes records to topics: all of them, or none."""

    async def write(self, records: Sequence[Outgoing]) -> None: ...
    async def close(self) -> None: ...


class Relay:
    """connect: comes to the brokers. It and what it returns raise KafkaError. dressed: a record as it is to be written.

    relayed: how many records the brokers have taken from here. trouble: why nothing goes on; None while all is well, or while
    it is not our turn.
    """

    def __init__(
        self,
        outbox: Outbox,
        connect: Callable[[], Awaitable[Writes]],
        *,
        most_at_once: int = MOST_AT_ONCE,
        dressed: Callable[[Outgoing], Outgoing] = lambda record: record,
    ) -> None:
        self._outbox, self._connect, self._most, self._dressed = outbox, connect, most_at_once, dressed
        self._turn = outbox.turn(RELAY)
        self._writer: Writes | None = None
        self._pause = SHORTEST_PAUSE
        self._draining, self._ended = asyncio.Event(), asyncio.Event()
        self.relayed = 0
        self.trouble: str | None = None

    async def run(self) -> None:
        """Relay until `stop`, and then what there still is, as long as it is our turn and the brokers take it."""
        self._ended.clear()
        pause = 0.0
        try:
            while not (self._draining.is_set() and pause > IDLE_SECONDS):
                pause = await self.step()
                if self._draining.is_set() and pause:
                    return
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._draining.wait(), pause)
        finally:
            await self._step_back()
            self._turn.give_back()
            self._ended.set()

    def stop(self) -> None:
        """Have `run` relay what there is, and return."""
        self._draining.set()

    async def drain(self) -> None:
        """Stop, and wait for that, but no longer than some seconds."""
        self.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), DRAIN_SECONDS)

    async def step(self) -> float:
        """Relay some records; return how many seconds to wait before the next step, 0 where more may be there."""
        try:
            return await self._step()
        except (KafkaError, StoreError) as fault:
            self.trouble = str(fault)
            await self._step_back()
            self._pause, pause = min(2 * self._pause, LONGEST_PAUSE), self._pause
            return pause

    async def _step(self) -> float:
        if not self._turn.ours():
            self._is_well()
            await self._step_back()
            return TURN_SECONDS
        some = self._outbox.outgoing(limit=self._most)
        if not some:
            self._is_well()
            return IDLE_SECONDS
        await self._while_ours(self._write([self._dressed(each.outgoing) for each in some]))
        with self._outbox.transaction() as tx:
            tx.sent_on([each.number for each in some])
        self.relayed += len(some)
        self._is_well()
        return 0

    def _is_well(self) -> None:
        self._pause, self.trouble = SHORTEST_PAUSE, None

    async def _write(self, records: Sequence[Outgoing]) -> None:
        if self._writer is None:
            self._writer = await self._connect()
        await self._writer.write(records)

    async def _while_ours(self, work: Awaitable[None]) -> None:
        """Wait for work, and keep the turn meanwhile: it is lost where nobody asks for it. Others fence us then."""
        working = asyncio.ensure_future(work)
        try:
            while not working.done():
                await asyncio.wait([working], timeout=TURN_SECONDS)
                self._turn.ours()
        finally:
            working.cancel()
        await working

    async def _step_back(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.close()
