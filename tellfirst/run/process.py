"""A process of one part or several: they work side by side, answer over HTTP, and drain when the process is asked to stop."""

import asyncio
import signal
import socket
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import structlog

from streams.metrics import Metrics
from streams.metrics.catalogue import CHECKS
from tellfirst.http.apart import Apart, ask, in_a_thread
from tellfirst.http.app import build_app
from tellfirst.http.receipts import Receipts
from tellfirst.http.receiving import Receiver
from tellfirst.http.serving import say_where, server_of
from tellfirst.stopping import Exit

DRAIN_SECONDS = 20.0
LAST_ANSWERS_SECONDS = 5.0
COMES_TO_IT_SECONDS, DEAD_AFTER_SECONDS = 1.0, 180.0
FEEL_EVERY_SECONDS = 0.5

log = structlog.get_logger()


class Part(Protocol):
    """What a process does until it is stopped: a worker, a courier, an intake."""

    async def run(self) -> None:
        """Work until `stop`, end what was begun, and return. Raises what ends the whole process."""

    def stop(self) -> None:
        """Begin nothing more."""

    def checks(self) -> Mapping[str, str | None]:
        """Return each check of readiness with the reason why it fails, at any moment and without waiting."""
        return {}

    def show(self) -> None:
        """Bring the gauges up to date, for a scrape."""
        return


class Ended(NamedTuple):
    """drained: whether all parts ended in time what they had begun. interrupted: whether a person broke it off."""

    drained: bool
    interrupted: bool

    @property
    def code(self) -> Exit:
        if self.interrupted:
            return Exit.INTERRUPTED
        return Exit.OK if self.drained else Exit.PARTLY


class Process:
    """listener: where it answers; None where nobody asks. events, receipts: who takes in what is posted. token: what a sender
    must show."""

    def __init__(
        self,
        parts: Sequence[Part],
        metrics: Metrics,
        *,
        listener: socket.socket | None,
        token: str | None = None,
        events: Receiver | None = None,
        receipts: Receipts | None = None,
    ) -> None:
        self._parts, self._metrics, self._listener = parts, metrics, listener
        self._app = build_app(
            self._checks_outside, metrics=self._text_outside, lives=self._lives, token=token, events=events, receipts=receipts
        )
        self._asked = asyncio.Event()
        self._interrupted = False

    async def run(self) -> Ended:
        """Return once it was asked to stop, or a part ended by itself, and the others drained. Raises what one failed with."""
        self._loop = asyncio.get_running_loop()
        self._woke_at = self._loop.time()
        self._server = server_of(Apart(self._app, self._loop))
        self._heed_signals()
        working = [asyncio.ensure_future(part.run()) for part in self._parts]
        beside = [asyncio.ensure_future(self._serve()), asyncio.ensure_future(self._feel_the_loop())]
        try:
            await self._until_one_ends(working, beside)
            drained = await self._drain(working)
            await self._close(beside)
        finally:
            for each in (*working, *beside):
                each.cancel()
            await asyncio.gather(*working, *beside, return_exceptions=True)
        return Ended(drained, self._interrupted)

    def _heed_signals(self) -> None:
        self._loop.add_signal_handler(signal.SIGTERM, self._asked.set)
        self._loop.add_signal_handler(signal.SIGINT, self._interrupt)

    def _interrupt(self) -> None:
        self._interrupted = True
        self._asked.set()

    async def _until_one_ends(self, working: "Sequence[asyncio.Future[None]]", beside: "Sequence[asyncio.Future[None]]") -> None:
        """Return when we are asked to stop, or when anything has ended by itself, which says that all is done, or failed."""
        asked = asyncio.ensure_future(self._until_asked())
        await asyncio.wait([asked, *working, *beside], return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        self._asked.set()

    async def _until_asked(self) -> None:
        await self._asked.wait()

    async def _drain(self, working: "Sequence[asyncio.Future[None]]") -> bool:
        log.info("draining")
        for part in self._parts:
            part.stop()
        done, late = await asyncio.wait(working, timeout=DRAIN_SECONDS)
        for each in done:
            each.result()
        return not late

    async def _close(self, beside: "Sequence[asyncio.Future[None]]") -> None:
        """Give the last answers. Raises what serving failed with."""
        self._server.should_exit = True
        done, _ = await asyncio.wait(beside[:1], timeout=LAST_ANSWERS_SECONDS)
        for each in done:
            each.result()

    async def _serve(self) -> None:
        if self._listener is None:
            await self._until_asked()
        else:
            say_where(self._listener)
            await in_a_thread(self._server.serve(sockets=[self._listener]))

    async def _feel_the_loop(self) -> None:
        """Measure how late the loop wakes whoever sleeps: as long takes whatever holds it."""
        while True:
            due = self._loop.time() + FEEL_EVERY_SECONDS
            await asyncio.sleep(FEEL_EVERY_SECONDS)
            self._woke_at = self._loop.time()
            self._metrics.loop_woke(self._woke_at - due)

    def checks(self) -> Mapping[str, str | None]:
        """Return the checks of all parts; one that several have fails with the first reason."""
        draining = "we are about to stop" if self._asked.is_set() else None
        checks: dict[str, str | None] = {"source": draining}
        for part in self._parts:
            for name, reason in part.checks().items():
                checks[name] = checks.get(name) or reason
        return checks

    def _text(self) -> bytes:
        self._show(self.checks())
        for part in self._parts:
            part.show()
        return self._metrics.text()

    def _show(self, checks: Mapping[str, str | None]) -> None:
        ready = {name: reason is None for name, reason in checks.items()}
        self._metrics.show_process(ready=dict.fromkeys(CHECKS, True) | ready, draining=self._asked.is_set())

    # what another thread asks

    def _lives(self) -> bool:
        """Whatever is waited for in the loop, nobody waits for minutes."""
        return self._loop.time() - self._woke_at < DEAD_AFTER_SECONDS

    def _checks_outside(self) -> Mapping[str, str | None]:
        """Nothing in the loop waits for anything but the store, so it is the store that keeps it from answering."""
        try:
            return ask(self._loop, self.checks, within=COMES_TO_IT_SECONDS)
        except TimeoutError:
            return {"store": "the database does not answer"}

    def _text_outside(self) -> bytes:
        """Where the loop does not come to it, what was shown last."""
        try:
            return ask(self._loop, self._text, within=COMES_TO_IT_SECONDS)
        except TimeoutError:
            self._show({"store": "the database does not answer"})
            return self._metrics.text()
