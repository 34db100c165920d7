"""A worker from its first claim to its last commit: Faust around it, the loop within, the group watched beside it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError as ClientError

from streams.kafka.courtesy import Courtesy
from streams.kafka.errors import GroupLost, KafkaUnreachable, LogMismatch, TornSlot
from streams.kafka.fences import Fences
from streams.kafka.fetching import Fetching
from streams.kafka.group_watch import EVERY_SECONDS, GroupWatch
from streams.kafka.log import Reach, Where
from streams.kafka.shell import POLL_SECONDS, Shell
from streams.kafka.turning import DOUBTS, Slots, Turning

COURTESY_SECONDS, TOPICS_EVERY_SECONDS = 3.0, 15.0
STOP_SECONDS = 15.0

log = structlog.get_logger()


class Worker:
    """words: by which aiokafka reaches the brokers, with our group and our name in it. topics: each slot has a part of each.

    clock: microseconds since 1970; elapsed: seconds that never run back.
    must_be_ours: raises when the topics are no longer those that were read. lost: hears how each slot was lost.
    goes_on: false once it drains.
    """

    def __init__(
        self,
        slots: Slots,
        words: Mapping[str, Any],
        *,
        topics: Sequence[str],
        clock: Callable[[], int],
        elapsed: Callable[[], float],
        must_be_ours: Callable[[], Awaitable[None]],
        lost: Callable[[str], None],
    ) -> None:
        self._slots, self._words, self._topics = slots, words, topics
        self._clock, self._elapsed, self._must_be_ours, self._lost = clock, elapsed, must_be_ours, lost
        self._over: asyncio.Future[None] | None = None
        self._fetching: Fetching | None = None
        self._dealt_out = False
        self.goes_on = True

    async def run(self) -> None:
        """Work until drained. Raises KafkaError and whatever a fault of the program raises."""
        self._over = asyncio.get_running_loop().create_future()
        app = Shell(self, self._words, self._topics)
        beside = [asyncio.ensure_future(each) for each in (self._live(app), self._watch(), self._watch_topics())]
        try:
            if self.goes_on:
                await self._over
        finally:
            self.goes_on = False
            if self._fetching is not None:
                self._group.leave()
            await self._stop(app)
            for each in beside:
                each.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    def drain(self) -> None:
        """Finish the batch at hand, tell Kafka how far we are, and let `run` return."""
        if self._fetching is not None:
            self._turning.cut()
        self._end(None)

    def _end(self, why: BaseException | None) -> None:
        self.goes_on = False
        if self._over is None or self._over.done():
            return
        if why is None:
            self._over.set_result(None)
        else:
            self._over.set_exception(why)

    async def _live(self, app: Shell) -> None:
        try:
            await app.start()
            await app.wait_until_stopped()
        except ClientError as fault:
            self._end(KafkaUnreachable(f"kafka  the brokers cannot be reached: {fault} — see that they run"))
        except Exception as fault:  # noqa: BLE001 - it is raised where `run` was called
            self._end(fault)
        else:
            self._end(app.crash_reason)

    async def _stop(self, app: Shell) -> None:
        try:
            await asyncio.wait_for(app.stop(), STOP_SECONDS)
        except TimeoutError:
            log.warning("the consumer group was not left in time")

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            if self._fetching is not None:
                await self._look(self._fetching)

    async def _look(self, fetching: Fetching) -> None:
        since = self._turning.since
        try:
            if since is not None and self._elapsed() - since > POLL_SECONDS:
                raise GroupLost("the worker  it hangs — see the log before this line")
            await fetching.there(self._group.look())
        except TimeoutError:
            log.warning("the consumer's thread does not answer")
        except Exception as fault:  # noqa: BLE001 - it is raised where `run` was called
            self._end(fault)

    async def _watch_topics(self) -> None:
        """One that is made anew while we read may be longer than before by the time it is fetched from."""
        while True:
            await asyncio.sleep(TOPICS_EVERY_SECONDS)
            try:
                await self._must_be_ours()
            except (LogMismatch, TornSlot) as fault:
                self._end(fault)
            except DOUBTS as doubt:
                log.debug("the topics cannot be looked at", reason=str(doubt))

    # what the shell asks for

    def begin(self, consumer: AIOKafkaConsumer, loop: asyncio.AbstractEventLoop) -> None:
        fetching = Fetching(consumer, loop, clock=self._clock)
        self._group, self._courtesy = GroupWatch(consumer), Courtesy(fetching)
        self._turning = Turning(
            self._slots,
            fetching,
            topics=self._topics,
            must_be_ours=self._must_be_ours,
            fences=Fences(self._words["group_instance_id"], self._elapsed),
            elapsed=self._elapsed,
            lost=self._lost,
        )
        self._fetching = fetching

    async def turn(self) -> None:
        try:
            await self._turning.turn()
        except Exception as fault:  # noqa: BLE001 - it is raised where `run` was called
            self._end(fault)

    async def tell_kafka(self) -> None:
        """At most 3 s: nobody waits for it."""
        if self._fetching is not None:
            try:
                await asyncio.wait_for(self._courtesy.tell(self._slots.claims), COURTESY_SECONDS)
            except TimeoutError:
                self._courtesy.failed += 1

    async def revoked(self) -> None:
        self._dealt_out = False
        self._turning.cut()
        await self.tell_kafka()
        self._turning.forget()
        self._courtesy.forget()

    def assigned(self) -> None:
        self._dealt_out = True
        self._turning.cut()
        self._turning.forget()

    # what others ask

    @property
    def trouble(self) -> Exception | None:
        """Why all slots are being claimed again, None when none are."""
        return self._turning.trouble if self._fetching is not None else None

    def waits_for_slots(self) -> bool:
        """Whether the group has given us slots that are not claimed yet, or is about to deal them out."""
        if self._fetching is None or not self._dealt_out:
            return True
        return not {slot for _, slot in self._fetching.assigned()} <= self._slots.claims.keys()

    def reached(self) -> Mapping[Where, Reach]:
        """Return how far the partitions of our slots were read, of those whose end is known."""
        if self._fetching is None:
            return {}
        return self._fetching.reached([(topic, slot) for slot in self._slots.claims for topic in self._topics])
