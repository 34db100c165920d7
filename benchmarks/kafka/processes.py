"""Processes that are measured: started with words for Python, ended at the latest with what they were started for."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from os import environ
from pathlib import Path

from benchmarks.contestants.server import TICK_NS
from benchmarks.places import ROOT

LOOK_SECONDS = 0.01
PATIENCE_SECONDS = 300
ENDS_WITHIN_SECONDS = 40
LISTENING = re.compile(r"listening on (http://\S+)")


class Process:
    """log: where its complaints go."""

    def __init__(self, words: Sequence[str], folder: Path) -> None:
        folder.mkdir(parents=True)
        self.log = folder / "stderr.log"
        environment = {**environ, "PYTHONPATH": str(ROOT), "TELLFIRST_LOG_LEVEL": "warning"}
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, *words], stdout=subprocess.PIPE, stderr=log, cwd=folder, env=environment, text=True
            )

    def cpu_ns(self) -> int:
        """Return the nanoseconds of CPU that it took."""
        own = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return TICK_NS * (int(own[11]) + int(own[12]))

    def address(self) -> str:
        """Return where it listens, once it says so."""
        self.until(lambda: LISTENING.search(self.log.read_text()) is not None)
        (found,) = LISTENING.findall(self.log.read_text())
        return str(found)

    def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is so; not for a process that has ended."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while not true():
            assert self._process.poll() is None, self.log.read_text()
            assert time.monotonic() < ends, "it takes too long"
            time.sleep(LOOK_SECONDS)

    def said(self, what: str) -> dict[str, int]:
        """Return what it prints of something as JSON, once it does."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{") and what in (said := json.loads(line)):
                found: dict[str, int] = said[what]
                return found
        raise AssertionError(self.log.read_text())

    def end(self) -> None:
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(ENDS_WITHIN_SECONDS)
        self._process.kill()
        self._process.wait()


@contextmanager
def running(words: Sequence[str], folder: Path) -> Iterator[Process]:
    process = Process(words, folder)
    try:
        yield process
    finally:
        process.end()
