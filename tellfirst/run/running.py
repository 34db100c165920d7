"""The embedded runtime as part of a process: sources in, customers told, until it is stopped and has drained."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial

import structlog
from msgspec import to_builtins

from storage.sql_store import SqlStore
from streams.embedded import Embedded
from streams.metrics import Metrics
from streams.metrics.catalogue import ROLES
from streams.tally import Tally, tally_of
from streams.traceparent import Hear, say_none
from tellfirst.http.receiving import HTTP
from tellfirst.run.process import Part
from tellfirst.run.showing import ShowingStore, stuck

LOOK_EVERY_SECONDS = 0.05

Feed = tuple[AsyncIterator[list[bytes]], str | None]

log = structlog.get_logger()


class Running(Part):
    """What the embedded runtime does in a process, and what takes in what is posted to /events.

    feeds: sources that come to an end, by name, each with the mapping to read it by. stays: whether it goes on after that; else
    it ends when what they brought is told. resting: which providers are left alone for now. at_the_end: takes leave of them.
    hear: gets the traces that records belong to; None where nobody asks.
    """

    def __init__(
        self,
        runtime: Embedded,
        store: SqlStore,
        metrics: Metrics,
        *,
        feeds: Mapping[str, Feed],
        stays: bool,
        mappings: Iterable[str],
        clock: Callable[[], int],
        resting: Callable[[], Mapping[str, bool]],
        at_the_end: Callable[[], Awaitable[None]],
        hear: Hear | None = None,
    ) -> None:
        self._runtime, self._store, self._metrics, self._clock = runtime, store, metrics, clock
        self._feeds, self._stays, self._resting, self._at_the_end = feeds, stays, resting, at_the_end
        self._hear = hear
        self._of_store = ShowingStore(store, metrics, clock=clock)
        self._before = store.counts()["records"]
        self.mappings = frozenset(mappings)

    async def submit(self, records: Sequence[bytes], *, mapping: str | None, traceparent: str | None = None) -> Mapping[str, int]:
        on_take = self._hearing(traceparent, records)
        tally = await self._runtime.submit(HTTP, records, mapping=mapping, on_take=on_take)
        counts: Mapping[str, int] = to_builtins(tally)
        return counts

    def _hearing(self, traceparent: str | None, records: Sequence[bytes]) -> Callable[[], None]:
        if self._hear is None or traceparent is None or not say_none(records):
            return lambda: None
        return partial(self._hear, traceparent)

    async def run(self) -> None:
        """Raises what broke the runtime or a source."""
        feeding = asyncio.ensure_future(self._feed())
        try:
            await self._runtime.run()
            if feeding.done():
                feeding.result()
        finally:
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)
            await self._at_the_end()

    async def _feed(self) -> None:
        """Read every feed to its end. One that breaks ends us, and what it brought until then is committed."""
        try:
            for name, (records, mapping) in self._feeds.items():
                tally = await self._runtime.feed(name, records, mapping=mapping)
                log.info("source ended", source=name, **to_builtins(tally))
            await self._nothing_more()
        finally:
            self.stop()

    async def _nothing_more(self) -> None:
        """Wait until the courier has told what can be told now, and for ever where we stay."""
        while self._stays or ((due := self._store.next_ask()) is not None and due <= self._clock()):
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        """Take nothing more in; what was taken in is committed, then `run` returns."""
        self._runtime.drain()

    def tallies(self) -> Mapping[str, Tally]:
        """Return what became of the records that were read since the start, by source."""
        return {
            source: tally_of({fate: number - self._before.get(source, {}).get(fate, 0) for fate, number in fates.items()})
            for source, fates in self._store.counts()["records"].items()
        }

    def checks(self) -> Mapping[str, str | None]:
        try:
            due = self._store.next_ask()
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is the reason why we are not ready
            return {"rules": None, "store": str(fault), "outbox": None}
        return {"rules": None, "store": None, "outbox": stuck(due, self._clock())}

    def show(self) -> None:
        self._metrics.show_role(*ROLES)
        self._metrics.show_waiting(self._runtime.inbox.waiting)
        self._metrics.show_cached(self._runtime.cases_cached)
        self._metrics.show_sources({name: source.mark for name, source in self._runtime.sources.items()}, now=self._clock())
        self._metrics.show_resting(self._resting())
        if self.checks()["store"] is None:
            self._of_store.show()
