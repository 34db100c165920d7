"""A run that is killed again and again while providers on a bad day get its messages, until it has nothing left to tell."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

from contracts.times import SECOND
from storage.sqlite import open_store
from tellfirst import clock
from tests.slow.bad_providers import MAIL, WEBHOOKS
from tests.slow.book import Entry, Reader
from tests.slow.crowd import Crowd, make_project
from tests.tellfirst.house import House
from tests.tellfirst.killing import Sender

LATER_SECONDS = 360  # at each start, so that claims of the killed have ended and most retries are due
MUCH_LATER_SECONDS = 3_700  # towards the end: every retry is due
MOST_ENDINGS = 8
QUIET_SECONDS = 2.5  # longer than any provider is waited for


@contextmanager
def bad_providers(folder: Path, *, seed: int) -> Iterator[dict[str, int]]:
    """Yield the port of each, by name."""
    folder.mkdir()
    started = {name: _provider(name, folder, seed) for name in (MAIL, WEBHOOKS)}
    try:
        yield {name: _port(folder / f"{name}.port", process) for name, process in started.items()}
    finally:
        for process in started.values():
            process.kill()
            process.wait(timeout=30)


def _provider(name: str, folder: Path, seed: int) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "tests.slow.bad_providers", name, str(folder), str(seed)]
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=log, stderr=log)


def _port(file: Path, process: "subprocess.Popen[bytes]") -> int:
    for _ in range(600):
        if file.exists():
            return int(file.read_text())
        assert process.poll() is None, "the provider ended at once"
        time.sleep(0.05)
    raise AssertionError("the provider does not listen within 30 s")


class BadDay:
    """launch: what is started, before the seconds by which its clock is ahead. lives: these seconds, of each start."""

    def __init__(
        self, folder: Path, crowd: Crowd, ports: dict[str, int], *, seed: int, launch: Sequence[str] = ("tests.slow.ahead",)
    ) -> None:
        self._crowd, self._chance = crowd, Random(seed)
        self._books = [Reader(folder / "providers" / f"{name}.book") for name in ports]
        self.house = House(make_project(folder / "shop", mail=ports[MAIL], webhooks=ports[WEBHOOKS]))
        self._launch = [sys.executable, "-m", *launch]
        self.lives: list[int] = []

    def live_through(self, *, kills: int, within_seconds: float) -> None:
        """Send the events of all customers, kill so many times, and go on until nothing is left to tell."""
        until = time.monotonic() + within_seconds
        self.live_badly(kills=kills, until=until)
        for _ in range(MOST_ENDINGS):
            if self.when_quiet(until) is None:
                break
            assert self.house.stop() == 0
            self._start(later=MUCH_LATER_SECONDS)
        assert self.when_quiet(until) is None
        assert self.house.stop() == 0

    def live_badly(self, *, kills: int, until: float) -> None:
        """Send the events of all customers, and kill so many times on the way. until: a moment of the monotonic clock."""
        self._start()
        sender = Sender(self.house, self._crowd)
        sender.start()
        for number in range(1, kills + 1):
            self._wait_for(number * len(self._crowd.customers) // (kills + 1), until)
            time.sleep(self._chance.uniform(0, 0.3))
            self.house.kill()
            self._start(later=LATER_SECONDS)
        sender.join(timeout=60)
        assert not sender.is_alive()

    def came(self) -> list[Entry]:
        """Return what came to the providers, one provider after the other."""
        return [entry for book in self._books for entry in book.entries()]

    def _start(self, *, later: int = 0) -> None:
        self.lives.append(later + (self.lives[-1] if self.lives else 0))
        self.house.command = [*self._launch, str(self.lives[-1])]
        self.house.start()

    def _wait_for(self, messages: int, until: float) -> None:
        while self._came_so_far() < messages:
            assert time.monotonic() < until, f"fewer than {messages} messages came in time"
            time.sleep(0.1)

    def _came_so_far(self) -> int:
        return sum(book.number for book in self._books)

    def when_quiet(self, until: float) -> int | None:
        """Wait until nothing is due by the house's clock, nor on its way; return when something will be due, None for never."""
        before, since = None, time.monotonic()
        with closing(open_store(self.house.project / "data", read_only=True)) as store:
            while before is None or time.monotonic() < since + QUIET_SECONDS:
                assert time.monotonic() < until, "something is still to be told"
                due = store.next_ask()
                is_due = due is not None and due <= clock.now() + self.lives[-1] * SECOND
                now = (due, self._came_so_far())
                if is_due or before != now:
                    before, since = now, time.monotonic()
                time.sleep(0.1)
        return due
