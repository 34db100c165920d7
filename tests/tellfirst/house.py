"""A tellfirst that runs as a process of its own, in a folder of its own, and can be killed."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

TELLFIRST = [sys.executable, "-c", "from tellfirst.cli import main; main()"]
LISTENING = re.compile(r"listening on (http://\S+)")


class House:
    """log: where its stderr goes, one life after the other. command: what is started. log_level: of what it says."""

    def __init__(self, project: Path) -> None:
        self.project, self.log = project, project / "stderr.log"
        self.command: Sequence[str] = TELLFIRST
        self.log_level = "warning"
        self.address = ""
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *words: str) -> None:
        """Start it, and return once it listens."""
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.command, "--project", str(self.project), "run", "--listen", "127.0.0.1:0", *words],
                stderr=log,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "TELLFIRST_LOG_LEVEL": self.log_level},
            )
        self.address = self._address(before)

    def _address(self, before: int) -> str:
        assert self.process is not None
        for _ in range(600):
            said = self.log.read_bytes()[before:].decode()
            if found := LISTENING.search(said):
                return found[1]
            assert self.process.poll() is None, said
            time.sleep(0.05)
        raise AssertionError("it did not listen within 30 s")

    def kill(self) -> None:
        self.end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to drain; return its exit code."""
        return self.end(signal.SIGTERM)

    def end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(timeout=30)

    def close(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.kill()
            self.process.wait(timeout=30)
