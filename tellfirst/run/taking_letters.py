"""What people decide, taken up where nobody but us can write the store (see letterbox)."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog

from tellfirst.deciding import letterbox
from tellfirst.deciding.decisions import Decision
from tellfirst.run.process import Part

LOOK_EVERY_SECONDS = 0.5

log = structlog.get_logger()


class TakingLetters(Part):
    """do: carries a decision out, between two transactions of the others."""

    def __init__(self, data: Path, do: Callable[[Decision], None]) -> None:
        self._data, self._do = data, do
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        while not self._stopping.is_set():
            if taken := letterbox.take_up(self._data, self._do):
                log.info("decisions taken up", number=taken)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        self._stopping.set()
