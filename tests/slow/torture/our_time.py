"""A clock that processes share and one of them sets: `python -m tests.slow.torture.our_time FILE WORDS…` is `tellfirst WORDS…`.

It can run more slowly than the machine's, so that what is true at a time is true however fast the machine is; or faster.
"""

import mmap
import sys
import time
from pathlib import Path
from struct import Struct

from tellfirst import clock

SET = Struct("qqd")
"""From when on, by the machine and by us, in microseconds, and how fast."""
LENGTH = 8 + 2 * SET.size


class OurTime:
    """now: microseconds since 1970. speed: 1 for as fast as the machine's clock."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(bytes(LENGTH))
        with file.open("r+b") as opened:
            self._page = mmap.mmap(opened.fileno(), LENGTH)
        self.speed = 1.0

    def now(self) -> int:
        since, ours, speed = SET.unpack_from(self._page, 8 + self._page[0] * SET.size)
        return ours + int((_machine() - since) * speed)

    def set(self, to: int, *, speed: float = 1.0) -> None:
        """Let it be this time, and go on so fast. Whoever reads meanwhile reads the old or the new."""
        other = 1 - self._page[0]
        SET.pack_into(self._page, 8 + other * SET.size, _machine(), to, speed)
        self._page[0], self.speed = other, speed

    def run_at(self, speed: float) -> None:
        if speed != self.speed:
            self.set(self.now(), speed=speed)


def _machine() -> int:
    return time.time_ns() // 1000


def take_up() -> None:
    """Have tellfirst ask the clock whose file the first word names. To be called before anything else of it is imported."""
    clock.now = OurTime(Path(sys.argv.pop(1))).now


def begin() -> None:
    take_up()
    from tellfirst.cli import main

    main()


if __name__ == "__main__":
    begin()
