"""What live sources handed over and is not yet committed: bounded, so that whoever sends too fast is told so."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from contracts.event import Fate
from streams.intake import Intake
from streams.tally import Tally

MOST_WAITING = 10_000


class Full(Exception):
    """More records wait than may; whoever sends tries again in a second."""


class Draining(Exception):
    """Nothing more is taken in: the process is about to end."""


@dataclass
class Delivery:
    """What one sender handed over at once. arrived: microseconds; done: gets the tally after the commit.

    on_take: is called when it comes into a batch.
    """

    source: str
    intake: Intake
    raws: Sequence[bytes]
    arrived: int
    done: "asyncio.Future[Tally]"
    on_take: Callable[[], None] = lambda: None
    fates: Counter[Fate] = field(default_factory=Counter)


class Inbox:
    """most: how many records may wait; one delivery larger than that is taken when nothing else waits."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._deliveries: deque[Delivery] = deque()
        self._came = asyncio.Event()
        self._room = asyncio.Event()
        self.waiting = 0
        self.draining = False

    def __bool__(self) -> bool:
        return bool(self._deliveries)

    @property
    def oldest(self) -> int | None:
        """When the oldest delivery that no step has taken arrived."""
        return self._deliveries[0].arrived if self._deliveries else None

    def put(
        self, source: str, intake: Intake, raws: Sequence[bytes], *, arrived: int, on_take: Callable[[], None] = lambda: None
    ) -> "asyncio.Future[Tally]":
        """Raises Full and Draining."""
        if self.draining:
            raise Draining
        if self.waiting and self.waiting + len(raws) > self._most:
            raise Full
        done: asyncio.Future[Tally] = asyncio.get_running_loop().create_future()
        self._deliveries.append(Delivery(source, intake, raws, arrived, done, on_take))
        self.waiting += len(raws)
        self._came.set()
        return done

    def take(self, batch: int) -> list[Delivery]:
        """Take out the oldest deliveries, as many as hold at most `batch` records together; one at least."""
        taken: list[Delivery] = []
        size = 0
        while self._deliveries and (not taken or size + len(self._deliveries[0].raws) <= batch):
            taken.append(self._deliveries.popleft())
            taken[-1].on_take()
            size += len(taken[-1].raws)
        return taken

    def finished(self, delivery: Delivery) -> None:
        """Its records are committed, or failed for good: there is room again."""
        self.waiting -= len(delivery.raws)
        self._room.set()

    def drain(self) -> None:
        self.draining = True
        self._came.set()
        self._room.set()

    async def something(self) -> None:
        """Wait until something is here, or `drain`."""
        if not self._deliveries and not self.draining:
            self._came.clear()
            await self._came.wait()

    async def room(self, records: int = 1) -> None:
        """Wait until so many more records may wait, or `drain`."""
        while self.waiting and self.waiting + records > self._most and not self.draining:
            self._room.clear()
            await self._room.wait()
