"""Events written while they happen, in a thread."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from contracts.times import SECOND
from tests.slow.torture.happenings import Written
from tests.slow.torture.our_time import OurTime

BEHIND_SECONDS = 0.05
"""An event is written when the broker's clock, which counts whole milliseconds, is certainly past it."""

LOOK_SECONDS = 0.05


class Feeder(threading.Thread):
    """write: takes them, each when it is there.

    latest: by how many seconds of our time an event was written later than it should have been, at most.
    """

    def __init__(self, write: Callable[[Iterable[bytes]], None], written: Sequence[Written], our: OurTime, *, began: int) -> None:
        super().__init__(daemon=True)
        self._write, self._written, self._our, self._began = write, written, our, began
        self.latest = 0.0
        self.failed: BaseException | None = None

    def run(self) -> None:
        try:
            self._write(self._paced())
        except BaseException as failure:
            self.failed = failure
            raise

    def _paced(self) -> Iterator[bytes]:
        for each in self._written:
            while (early := each.after + BEHIND_SECONDS - (self._our.now() - self._began) / SECOND) > 0:
                time.sleep(min(early, LOOK_SECONDS))
            self.latest = max(self.latest, -early)
            yield each.raw
