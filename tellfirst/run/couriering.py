"""A courier as part of a process: round after round for as long as the database is there, beside any number of others."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import structlog

from notifiers.channels.opening import close
from notifiers.courier import Courier
from storage.errors import StoreGone, Unreachable
from storage.sql_store import SqlStore
from streams.kafka.awaited import kinds_by_copy
from streams.kafka.errors import KafkaError
from streams.kafka.sights import Sights
from streams.metrics import Metrics
from streams.metrics.catalogue import COURIER
from streams.project import Project
from streams.rounds import Rounds
from streams.telling import courier_of
from tellfirst import clock
from tellfirst.kafka.brokers import kafka_of
from tellfirst.restoring import must_be_whole
from tellfirst.run.live import take_over
from tellfirst.run.process import Part
from tellfirst.run.reporting import Reporting
from tellfirst.run.showing import ShowingStore, stuck
from tellfirst.wiring import reach_of

if TYPE_CHECKING:
    from tellfirst.tracing.spans import Tracing

AWAY = (StoreGone, Unreachable)
TELL_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 10.0

log = structlog.get_logger()


class Couriering(Part):
    """A database that is away is waited for; whom a round had in hand is told when it is back.

    must_be_whole: raises Stopped where what came back is a copy that lacks something, such as another server's, a moment older.
    """

    def __init__(
        self,
        courier: Courier,
        store: SqlStore,
        sights: Sights,
        *,
        metrics: Metrics,
        reporting: Reporting,
        clock: Callable[[], int],
        must_be_whole: Callable[[], None],
        at_the_end: Callable[[], Awaitable[None]],
    ) -> None:
        self._courier, self._store, self._sights, self._at_the_end = courier, store, sights, at_the_end
        self._reporting, self._metrics, self._clock, self._must_be_whole = reporting, metrics, clock, must_be_whole
        self._of_store = ShowingStore(store, metrics, clock=clock)
        self._stopping = asyncio.Event()
        self._pause = TELL_SECONDS
        self._due: int | None = None
        self._away: str | None = None

    async def run(self) -> None:
        rounds = Rounds(self._round)
        try:
            while not self._stopping.is_set():
                self._begin(rounds)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), self._pause)
                rounds.look()
        finally:
            await rounds.end()
            await self._at_the_end()

    def _begin(self, rounds: Rounds) -> None:
        """Begin a round when something is due. While the database is away, ask for it again after pauses that grow."""
        now = self._clock()
        try:
            if self._away is not None:
                self._must_be_whole()
            self._due = self._store.next_ask()
            if self._due is not None and self._due <= now:
                self._sights.look()
                rounds.begin(now)
        except (*AWAY, KafkaError) as fault:
            self._is_away(fault)
            self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS)
        else:
            self._is_there()

    async def _round(self, now: int) -> None:
        try:
            self._reporting.told(await self._courier.round(now))
        except AWAY as fault:
            self._is_away(fault)

    def _is_away(self, fault: Exception) -> None:
        if self._away is None:
            log.warning("the database is away", fault=str(fault))
        self._away = str(fault)

    def _is_there(self) -> None:
        if self._away is not None:
            log.info("the database is back")
        self._away, self._pause = None, TELL_SECONDS

    def stop(self) -> None:
        self._stopping.set()

    def checks(self) -> Mapping[str, str | None]:
        return {"store": self._away, "outbox": stuck(self._due, self._clock())}

    def show(self) -> None:
        self._metrics.show_role(COURIER)
        self._metrics.show_resting(self._courier.resting())
        if self._away is None:
            with suppress(*AWAY):
                self._of_store.show()


def couriering(
    project: Project,
    store: SqlStore,
    metrics: Metrics,
    reporting: Reporting,
    *,
    slots: int,
    tracing: "Tracing | None",
) -> Couriering:
    """Return a courier that is ready to begin. slots: how many there are. Raises Stopped."""
    take_over(store, project)
    by_copy = kinds_by_copy(project.ruleset, project.catalogue, kafka_of(project))
    reach, sights = reach_of(project, tracing), Sights(store, slots=slots, by_copy=by_copy)
    return Couriering(
        courier_of(project, project.ruleset, store, reach, sight=sights, says_when_late=True, clock=clock.now),
        store,
        sights,
        metrics=metrics,
        reporting=reporting,
        clock=clock.now,
        must_be_whole=partial(must_be_whole, project, store),
        at_the_end=partial(close, reach.channels),
    )
