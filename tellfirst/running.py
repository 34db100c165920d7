"""The process that runs: sources in, customers told, decisions taken up, HTTP answered, until it is stopped and has drained."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path

import structlog
from msgspec import to_builtins

from contracts.times import MINUTE
from storage.sql_store import SqlStore
from streams.embedded import Embedded
from streams.metrics import Metrics
from streams.redriving import Redriving
from streams.tally import Tally, tally_of
from tellfirst import letterbox
from tellfirst.decisions import Decision, Redrive, carry_out
from tellfirst.http.app import build_app
from tellfirst.http.serving import Server, server_of
from tellfirst.showing import Showing
from tellfirst.taking_receipts import TakingReceipts

DRAIN_SECONDS = 25.0
LOOK_EVERY_SECONDS = 0.5
LOOK_FOR_STOP_SECONDS = 0.05
OUTBOX_STUCK = 15 * MINUTE
HTTP = "http"

log = structlog.get_logger()


class Desk:
    """What HTTP asks of the runtime: to take records in, and how it is."""

    def __init__(
        self,
        runtime: Embedded,
        store: SqlStore,
        mappings: Iterable[str],
        *,
        clock: Callable[[], int],
    ) -> None:
        self._runtime, self._store, self._clock = runtime, store, clock
        self.mappings = frozenset(mappings)

    async def submit(self, records: Sequence[bytes], *, mapping: str | None) -> Mapping[str, int]:
        counts: Mapping[str, int] = to_builtins(await self._runtime.submit(HTTP, records, mapping=mapping))
        return counts

    def checks(self) -> Mapping[str, str | None]:
        draining = "we are about to stop" if self._runtime.inbox.draining else None
        return {"source": draining, "rules": None, **self._of_store()}

    def _of_store(self) -> Mapping[str, str | None]:
        try:
            next_ask = self._store.next_ask()
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is the reason why we are not ready
            return {"store": str(fault), "outbox": None}
        stuck = next_ask is not None and next_ask < self._clock() - OUTBOX_STUCK
        return {"store": None, "outbox": "what is due to be told has waited for more than 15 minutes" if stuck else None}


class Running:
    """feeds: sources that come to an end, by name, each with the mapping to read it by. at_the_end: takes leave of providers.

    resting: which providers are left alone for now.

    It runs until it is told to stop; without a listener, until every feed has ended and what it brought is told.
    """

    def __init__(
        self,
        runtime: Embedded,
        store: SqlStore,
        data: Path,
        *,
        clock: Callable[[], int],
        metrics: Metrics,
        feeds: Mapping[str, tuple[AsyncIterator[bytes], str | None]],
        listener: socket.socket | None,
        mappings: Iterable[str],
        token: str | None,
        redriving: Redriving,
        resting: Callable[[], Mapping[str, bool]],
        at_the_end: Callable[[], Awaitable[None]],
    ) -> None:
        self._runtime, self._store, self._data, self._clock, self._metrics = runtime, store, data, clock, metrics
        self._feeds, self._listener, self._redriving, self._at_the_end = feeds, listener, redriving, at_the_end
        self._desk = Desk(runtime, store, mappings, clock=clock)
        self._showing = Showing(runtime, store, metrics, checks=self._desk.checks, resting=resting, clock=clock)
        self._server = self._server_of(token)
        self._before = store.counts()["records"]
        self.interrupted = False

    def _server_of(self, token: str | None) -> Server | None:
        if self._listener is None:
            return None
        receipts = TakingReceipts(self._store, clock=self._clock, hear=self._metrics.receipt)
        return server_of(build_app(self._desk, metrics=self._showing.text, token=token, events=self._desk, receipts=receipts))

    async def run(self) -> bool:
        """Return whether it drained in time. Raises what broke the runtime."""
        self._heed_signals()
        working = asyncio.ensure_future(self._runtime.run())
        beside = [asyncio.ensure_future(each) for each in self._beside()]
        try:
            await self._until_draining([working, *beside])
            log.info("draining", waiting=self._runtime.inbox.waiting)
            drained = await self._drained(working, beside[-1])
            _raise_first(beside)
            return drained
        finally:
            for each in beside:
                each.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await self._at_the_end()

    def _beside(self) -> Sequence[Awaitable[None]]:
        """Return what goes on beside the runtime; serving comes last."""
        return self._take_up_letters(), self._feel_the_loop(), self._feed(), self._serve()

    def tallies(self) -> Mapping[str, Tally]:
        """Return what became of the records that were read since the start, by source."""
        return {
            source: tally_of({fate: number - self._before.get(source, {}).get(fate, 0) for fate, number in fates.items()})
            for source, fates in self._store.counts()["records"].items()
        }

    def _heed_signals(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self.stop)
        loop.add_signal_handler(signal.SIGINT, self._interrupt)

    def _interrupt(self) -> None:
        self.interrupted = True
        self.stop()

    def stop(self) -> None:
        """Take nothing more in; what was taken in is committed, then `run` returns."""
        self._runtime.drain()

    async def _until_draining(self, parts: "Sequence[asyncio.Future[None]]") -> None:
        """Return when we are asked to stop, or when a part of us has failed, which stops the others."""
        while not self._runtime.inbox.draining:
            done, _ = await asyncio.wait(parts, timeout=LOOK_FOR_STOP_SECONDS, return_when=asyncio.FIRST_EXCEPTION)
            if any(each.exception() for each in done):
                self.stop()

    async def _drained(self, working: "asyncio.Future[None]", serving: "asyncio.Future[None]") -> bool:
        done, _ = await asyncio.wait([working], timeout=DRAIN_SECONDS)
        if self._server is not None:
            self._server.should_exit = True
            await asyncio.wait([serving], timeout=DRAIN_SECONDS / 5)
        if working in done:
            working.result()
        return working in done

    async def _feed(self) -> None:
        """Read every feed to its end; when nobody listens, that is the end."""
        for name, (records, mapping) in self._feeds.items():
            tally = await self._runtime.feed(name, records, mapping=mapping)
            log.info("source ended", source=name, **to_builtins(tally))
        if self._listener is None:
            await self._nothing_due()
            self.stop()

    async def _nothing_due(self) -> None:
        """Wait until the courier has told what can be told now."""
        while (due := self._store.next_ask()) is not None and due <= self._clock():
            await asyncio.sleep(0.05)

    async def _serve(self) -> None:
        if self._server is not None and self._listener is not None:
            await self._server.serve(sockets=[self._listener])

    async def _take_up_letters(self) -> None:
        while True:
            if taken := letterbox.take_up(self._data, self._decided):
                log.info("decisions taken up", number=taken)
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _decided(self, decision: Decision) -> None:
        """Between two batches nothing is uncommitted, so that dead letters can be taken in here."""
        match decision:
            case Redrive(letters, mapping):
                self._redriving.redrive(letters, mapping=mapping)
            case _:
                carry_out(decision, self._store, now=self._clock())

    async def _feel_the_loop(self) -> None:
        """Measure how late the loop wakes whoever sleeps: as long takes whatever holds it."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LOOK_EVERY_SECONDS
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            self._metrics.loop_woke(loop.time() - due)


def _raise_first(parts: "Sequence[asyncio.Future[None]]") -> None:
    """Raise what a part failed with, if one did."""
    for part in parts:
        if part.done() and (failure := part.exception()) is not None:
            raise failure
