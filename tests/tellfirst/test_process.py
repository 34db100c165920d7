"""A process of several parts: it answers, it drains, and it ends when one of them breaks."""

import asyncio
import os
import signal
import threading
from collections.abc import Mapping

import httpx
import pytest

from streams.metrics import Metrics
from tellfirst.http.serving import listen_on
from tellfirst.run import process
from tellfirst.run.process import Ended, Process
from tellfirst.stopping import Exit


class Working:
    """A part that works until it is stopped, and needs `takes` seconds to end; or breaks at once."""

    def __init__(
        self, takes: float = 0.0, *, breaks: Exception | None = None, check: str = "store", trouble: str | None = None
    ) -> None:
        self._takes, self._breaks, self._checks = takes, breaks, {check: trouble}
        self._stopped = asyncio.Event()
        self.ended = False

    async def run(self) -> None:
        if self._breaks:
            raise self._breaks
        await self._stopped.wait()
        await asyncio.sleep(self._takes)
        self.ended = True

    def stop(self) -> None:
        self._stopped.set()

    def checks(self) -> Mapping[str, str | None]:
        return self._checks

    def show(self) -> None:
        return None


def test_a_process_whose_loop_hangs_for_minutes_is_not_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    async def live() -> None:
        monkeypatch.setattr(process, "DEAD_AFTER_SECONDS", -1.0)
        working, listener = Working(), listen_on("127.0.0.1", 0)
        metrics = Metrics(rules=[], sources=[], channels=[], version="0")
        living = asyncio.ensure_future(Process([working], metrics, listener=listener).run())
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
            assert (await client.get("/livez")).status_code == 503
        working.stop()
        await living

    asyncio.run(live())


async def lived(*parts: Working, ends_by: signal.Signals = signal.SIGTERM) -> tuple[Ended, httpx.Response, httpx.Response]:
    """Return how it ended, and what it answered about its readiness and to a scrape before it was asked to stop."""
    listener = listen_on("127.0.0.1", 0)
    metrics = Metrics(rules=[], sources=[], channels=[], version="0")
    living = asyncio.ensure_future(Process(parts, metrics, listener=listener).run())
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
        ready, scraped = await client.get("/readyz"), await client.get("/metrics")
    os.kill(os.getpid(), ends_by)
    return await living, ready, scraped


def test_asked_to_stop_it_lets_every_part_end_what_it_began() -> None:
    async def live() -> None:
        parts = Working(), Working(0.05)
        ended, ready, scraped = await lived(*parts)
        assert ended.code is Exit.OK and all(part.ended for part in parts)
        assert ready.status_code == 200
        assert 'tellfirst_ready_check{check="store"} 1.0' in scraped.text

    asyncio.run(live())


def test_a_part_that_does_not_end_in_time_is_broken_off_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "DRAIN_SECONDS", 0.05)

    async def live() -> None:
        slow = Working(60)
        ended, *_ = await lived(slow)
        assert ended.code is Exit.PARTLY and not slow.ended

    asyncio.run(live())


def test_a_check_that_fails_in_one_part_makes_all_of_it_unready() -> None:
    async def live() -> None:
        _, ready, _ = await lived(Working(), Working(trouble="the database is away"))
        assert ready.status_code == 503
        assert ready.json()["checks"]["store"] == {"ok": False, "reason": "the database is away"}

    asyncio.run(live())


def test_while_a_part_keeps_the_loop_what_asks_is_answered_from_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "COMES_TO_IT_SECONDS", 0.1)
    listener, serves, kept, answered = listen_on("127.0.0.1", 0), threading.Event(), threading.Event(), threading.Event()
    answers: dict[str, httpx.Response] = {}

    class Keeping(Working):
        async def run(self) -> None:
            await asyncio.to_thread(serves.wait, 10)
            kept.set()
            assert answered.wait(10)
            await super().run()

    def ask() -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
            assert client.get("/livez").status_code == 200
            serves.set()
            assert kept.wait(10)
            answers.update({path: client.get(path) for path in ("/livez", "/readyz", "/metrics")})
        answered.set()

    async def live() -> Ended:
        asking = asyncio.ensure_future(asyncio.to_thread(ask))
        metrics = Metrics(rules=[], sources=[], channels=[], version="0")
        living = asyncio.ensure_future(Process([Keeping()], metrics, listener=listener).run())
        await asking
        os.kill(os.getpid(), signal.SIGTERM)
        return await living

    assert asyncio.run(live()).code is Exit.OK
    assert answers["/livez"].json() == {"alive": True}
    assert answers["/readyz"].json() == {
        "ready": False,
        "checks": {"store": {"ok": False, "reason": "the database does not answer"}},
    }
    assert 'tellfirst_ready_check{check="store"} 0.0' in answers["/metrics"].text


def test_what_breaks_a_part_stops_the_others_and_is_raised() -> None:
    async def live() -> None:
        well, listener = Working(), listen_on("127.0.0.1", 0)
        metrics = Metrics(rules=[], sources=[], channels=[], version="0")
        with pytest.raises(ValueError, match="broken"):
            await Process([well, Working(breaks=ValueError("broken"))], metrics, listener=listener).run()
        assert well.ended

    asyncio.run(live())


def test_a_person_who_interrupts_it_gets_the_code_for_that() -> None:
    async def live() -> None:
        ended, *_ = await lived(Working(), ends_by=signal.SIGINT)
        assert ended.code is Exit.INTERRUPTED

    asyncio.run(live())


def test_where_nobody_asks_it_ends_with_the_first_part_that_has_done_its_work() -> None:
    async def live() -> None:
        done, stays = Working(), Working()
        done.stop()
        ended = await Process([done, stays], Metrics(rules=[], sources=[], channels=[], version="0"), listener=None).run()
        assert ended.code is Exit.OK and stays.ended

    asyncio.run(live())
