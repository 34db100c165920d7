"""What compose.yaml and the Kubernetes objects start, started without containers: their words, their environment, their files.

A container is a process here: the image's entry point, with no other variables than the image's and its own. What is mounted
stands in a folder; places and addresses of the container's world are put in the place of each other's names, and nothing else.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.deploy.dockerfile import ROOT, stages
from tests.slow.real_prometheus import free_port
from tests.tellfirst.house import TELLFIRST

DOOR = "0.0.0.0:8787"
LOOPBACK_DOOR = "127.0.0.1:8787"
PATIENCE_SECONDS = 150
DOCKERFILE = (ROOT / "deploy" / "image" / "Dockerfile").read_text(encoding="utf-8")


@dataclass
class Container:
    """world: what stands for what, such as `kafka:9092` for a broker on loopback, and places for mounted folders."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]
    world: Mapping[str, str]
    log: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        words = [*TELLFIRST, *map(self._here, self.words)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(words, env=self._variables(), stdout=log, stderr=log)

    def ends(self) -> int:
        """Run it to its end; return its exit code."""
        self.start()
        assert self.process is not None
        return self.process.wait(PATIENCE_SECONDS)

    def tellfirst(self, *words: str) -> str:
        """Return what a command says that is run in it."""
        done = subprocess.run(
            [*TELLFIRST, *words], env=self._variables(), capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def until_well(self) -> None:
        """Wait until the image's own health check says so, and /readyz with it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not (self._is_well() and self._answers("/readyz") == 200):
            assert self.process is not None and self.process.poll() is None and time.monotonic() < end, self.said()
            time.sleep(0.2)

    def _is_well(self) -> bool:
        *_, image = stages(DOCKERFILE)
        (check,) = [step.text.partition("CMD ")[2] for step in image if step.word == "HEALTHCHECK"]
        _, *words = [self._here(word) for word in json.loads(check)]
        return subprocess.run([sys.executable, *words], capture_output=True, timeout=30, check=False).returncode == 0

    def _answers(self, path: str) -> int:
        try:
            return httpx.get(self.address + path, timeout=10).status_code
        except httpx.HTTPError:
            return 0

    def post(self, records: bytes, *, token: str) -> int:
        headers = {"content-type": "application/x-ndjson", "authorization": f"Bearer {token}"}
        return httpx.post(f"{self.address}/events", content=records, headers=headers, timeout=30).status_code

    def stop(self) -> tuple[int, float]:
        """Return its exit code on SIGTERM, and after how many seconds."""
        assert self.process is not None
        asked = time.monotonic()
        self.process.terminate()
        code = self.process.wait(PATIENCE_SECONDS)
        return code, time.monotonic() - asked

    def said(self) -> str:
        return f"{self.name}: {self.log.read_text(errors='replace')[-3_000:]}"

    def _variables(self) -> dict[str, str]:
        """The image's, its own, and what a process of this environment needs to be found and to be run."""
        *_, image = stages(DOCKERFILE)
        of_image = dict(pair.partition("=")[::2] for step in image if step.word == "ENV" for pair in step.text.split())
        ours = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        return {name: self._here(value) for name, value in {**of_image, **self.environment}.items()} | ours

    def _here(self, text: str) -> str:
        doors = {DOOR: f"127.0.0.1:{self.port}", LOOPBACK_DOOR: f"127.0.0.1:{self.port}"}
        for there, here in sorted({**self.world, **doors}.items(), key=lambda pair: -len(pair[0])):
            text = text.replace(there, here)
        return text


@contextmanager
def running(containers: Sequence[Container]) -> Iterator[None]:
    """Start them, and return once all are well; at the end none of them is left."""
    try:
        for each in containers:
            each.start()
        for each in containers:
            each.until_well()
        yield
    finally:
        for each in containers:
            if each.process is not None and each.process.poll() is None:
                each.process.kill()
                each.process.wait(30)
