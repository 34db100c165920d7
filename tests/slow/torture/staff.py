"""The processes of a torture: each can be killed, stopped for a while, and is started again when it ends by itself."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

STOPPED_WITHIN_SECONDS = 40


class Member:
    """One process of a role, life after life. wiring: the module that runs it, and its own words.

    ends: exit codes of the lives that ended by themselves.
    """

    def __init__(self, project: Path, name: str, *, role: str, wiring: Sequence[str], time_file: Path) -> None:
        self.name, self.ends = name, list[int]()
        self.log = project / f"{name}.log"
        self._words = [sys.executable, "-m", *wiring, str(time_file), "--project", str(project)]
        self._words += ["run", "--role", role, "--listen", "127.0.0.1:0"]
        self._process: subprocess.Popen[bytes] | None = None
        self._wakes_at: float | None = None

    @property
    def is_stopped(self) -> bool:
        return self._wakes_at is not None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        environment = {**os.environ, "TELLFIRST_KAFKA__MEMBER": self.name, "TELLFIRST_LOG_LEVEL": "warning"}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._words, stdout=log, stderr=log, env=environment)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=STOPPED_WITHIN_SECONDS)
        self._wakes_at = None

    def pause(self, seconds: float) -> None:
        """Hold it where it stands; `look` lets it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        self._wakes_at = time.monotonic() + seconds

    def look(self) -> None:
        """Let it go on when its pause is over, and start it again when it ended."""
        assert self._process is not None
        if self._wakes_at is not None and time.monotonic() >= self._wakes_at:
            self._go_on()
        if (code := self._process.poll()) is not None:
            self.ends.append(code)
            self.start()

    def _go_on(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)
        self._wakes_at = None

    def stop(self) -> int:
        """Ask it to drain; return its exit code."""
        assert self._process is not None
        self._go_on()
        self._process.terminate()
        return self._process.wait(timeout=STOPPED_WITHIN_SECONDS)

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()
