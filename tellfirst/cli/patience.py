"""How a command does long work that rarely waits: whoever interrupts it is heard at once, not at its next wait."""

import asyncio
import signal
from collections.abc import Coroutine
from types import FrameType
from typing import Any, TypeVar

Done = TypeVar("Done")


def finish(work: Coroutine[Any, Any, Done]) -> Done:
    """Do the work to its end. Raises KeyboardInterrupt where it stands when it is interrupted: asyncio keeps our handler."""
    before = signal.signal(signal.SIGINT, _interrupt)
    try:
        return asyncio.run(work)
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
