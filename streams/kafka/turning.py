"""The one loop of a worker: claim, seek, fetch, apply, in this order and by nobody else; after every doubt from the beginning.

Behind a backlog the brokers are asked for what comes next while what was fetched is applied. Before a seek that is waited for:
what is handed out between the question and the seek would be missing later.

A doubt is anything after which we do not know how things stand: somebody fenced us, the database or the brokers went away, the
outcome of a commit is unknown. The answer is always the same: forget, wait a little, claim again, seek to what the claim says.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol

import structlog
from aiokafka.errors import KafkaError as ClientError

from storage.errors import CannotOpen, Fenced, StoreError, StoreGone
from streams.kafka.backlog import Backlog
from streams.kafka.claims import Claim, first_of, slots_of
from streams.kafka.errors import KafkaRefused, KafkaUnreachable, LogMismatch, TornSlot
from streams.kafka.fences import Fences
from streams.kafka.incoming import Incoming
from streams.kafka.log import Fetched, Log, Where
from streams.kafka.rests import Rests

FETCH_SECONDS = 0.5
IDLE_SECONDS = 0.2
STRANGE_SECONDS = 15.0
ALL = "all"
DOUBTS = (StoreError, sqlite3.Error, ClientError, KafkaUnreachable, KafkaRefused, OSError)
OF_THE_DATABASE = (StoreGone, CannotOpen)

log = structlog.get_logger()


class Slots(Protocol):
    """What a worker does with its slots: streams/kafka/holding.py. Nothing here waits for anything but the database."""

    @property
    def claims(self) -> Mapping[int, Claim]: ...
    @property
    def most(self) -> int:
        """How many records make a batch."""

    def claim(self, slot: int, begins: Mapping[str, int]) -> Claim: ...
    def apply(self, slot: int, topic: str, records: Sequence[Incoming]) -> None: ...
    def read_to_end(self, slot: int, topic: str, as_of: int) -> None: ...
    def tick(self) -> Mapping[int, Exception]:
        """Return the slots that turn out to be somebody else's."""

    def forget(self, slots: Iterable[int] | None = None) -> None: ...


class Turning:
    """era: grows with every rebalance; what was asked for in one era is not used in the next.

    topics: of which every slot has a partition. must_be_ours: raises when the topics are no longer those that were read.
    elapsed: seconds, which never run back. lost: hears of each slot that was fenced or failed, and how.
    since: when the turn at hand began, None between two. trouble: the doubt that is not over yet.
    """

    def __init__(
        self,
        slots: Slots,
        brokers: Log,
        *,
        topics: Sequence[str],
        must_be_ours: Callable[[], Awaitable[None]],
        fences: Fences,
        elapsed: Callable[[], float],
        lost: Callable[[str], None] = lambda how: None,
    ) -> None:
        self._slots, self._log, self._topics, self._must_be_ours = slots, brokers, topics, must_be_ours
        self._fences, self._elapsed, self._lost = fences, elapsed, lost
        self._rests, self._backlog = Rests(elapsed), Backlog(slots.most)
        self._asked: tuple[int, asyncio.Future[Fetched]] | None = None
        self._strange_since: float | None = None
        self.era = 0
        self.since: float | None = None
        self.trouble: Exception | None = None

    async def turn(self) -> None:
        """One round of the loop; what is a doubt is answered here. Raises LogMismatch, TornSlot, SameMember."""
        self.since, era = self._elapsed(), self.era
        try:
            await self._turn(era)
            self._rests.worked(ALL)
            self.trouble = self._strange_since = None
        except (TornSlot, LogMismatch) as strange:
            await self._bear_with(strange)
        except DOUBTS as doubt:
            if self.era == era:  # else a rebalance came between, which has answered it
                self._lost("failed")
                self._strange_since = None
                self.forget()
                await self._rest(doubt)
        finally:
            self.since = None

    async def _turn(self, era: int) -> None:
        mine = slots_of(self._log.assigned(), self._topics)
        if todo := [slot for slot in mine if slot not in self._slots.claims and not self._rests.goes_on(slot)]:
            await self._take_in()
            await self._claim(todo, era)
        if self._slots.claims:
            await self._fetch(era)
        else:
            await asyncio.sleep(IDLE_SECONDS)
        if self.era == era:
            for slot, fenced in self._slots.tick().items():
                self._lose(slot, "fenced", fenced)

    async def _claim(self, slots: Sequence[int], era: int) -> None:
        """Claim, then ask for the ends: before it, the former owner may still move on. Raises LogMismatch."""
        where = self._parts_of(slots)
        begins, _ = await asyncio.gather(self._log.begins(where), self._must_be_ours())
        claims: list[Claim] = []
        for slot in slots:
            if self.era != era:
                return
            claims.append(self._slots.claim(slot, {topic: begins[topic, slot] for topic in self._topics}))
            self._fences.claimed(claims[-1])
            await asyncio.sleep(0)
        ends = await self._log.ends(where)
        for claim in claims:
            of_slot = ({topic: offsets[topic, claim.slot] for topic in self._topics} for offsets in (begins, ends))
            first_of(claim.slot, claim.next, *of_slot)
        if self.era == era:
            await self._log.seek({(topic, claim.slot): claim.next[topic] for claim in claims for topic in self._topics})
            log.info("slots claimed", slots=[claim.slot for claim in claims])

    def _parts_of(self, slots: Iterable[int]) -> list[Where]:
        return [(topic, slot) for slot in slots for topic in self._topics]

    async def _fetch(self, era: int) -> None:
        """Fetch, and apply as long as no rebalance came between: what is another's by now is left to that one."""
        self._ask()
        await self._take_in()
        if self.era == era and self._backlog.is_long:
            self._ask()
            await asyncio.sleep(0)
        for (topic, slot), records in self._backlog.batches():
            if self.era != era:
                return
            if unseen := self._slots.claims[slot].unseen(topic, records):
                self._apply(slot, topic, unseen)
                await asyncio.sleep(0)
        if self.era == era:
            self._note_ends()

    def _ask(self) -> None:
        """Begin to fetch what comes next, unless that was begun."""
        if self._asked is None:
            answer = asyncio.ensure_future(self._log.fetch(self._parts_of(self._slots.claims), within=FETCH_SECONDS))
            answer.add_done_callback(_heard)
            self._asked = self.era, answer

    async def _take_in(self) -> None:
        """Take what was asked for, of the slots that are still ours; nothing is being fetched then."""
        if self._asked is None:
            return
        (era, answer), self._asked = self._asked, None
        try:
            fetched = await answer
        except DOUBTS:
            if self.era == era:
                raise
        else:
            self._backlog.add(fetched.of(self._slots.claims))

    def _apply(self, slot: int, topic: str, records: Sequence[Incoming]) -> None:
        """One slot that fails must not stop the others. Raises what is wrong with the database."""
        try:
            self._slots.apply(slot, topic, records)
            self._rests.worked(slot)
        except OF_THE_DATABASE:
            raise
        except Fenced as fenced:
            self._lose(slot, "fenced", fenced)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the other slots go on, and this one is tried again
            self._lose(slot, "failed", fault)

    def _lose(self, slot: int, how: str, why: Exception) -> None:
        self._lost(how)
        self.forget([slot])
        pause = self._rests.begin(slot)
        log.warning("a slot is claimed again", slot=slot, how=how, reason=f"{type(why).__name__}: {why}", seconds=pause)

    def _note_ends(self) -> None:
        """All but what waits is applied: which topics are read to their end, and as of when."""
        for (topic, slot), as_of in self._backlog.ends():
            self._slots.read_to_end(slot, topic, as_of)

    async def _rest(self, doubt: Exception) -> None:
        self.trouble = doubt
        pause = self._rests.begin(ALL)
        log.warning("all slots are claimed again", reason=f"{type(doubt).__name__}: {doubt}", seconds=pause)
        await asyncio.sleep(pause)

    async def _bear_with(self, strange: TornSlot | LogMismatch) -> None:
        """Brokers that have just come back may not know yet all that they knew, so look again for a while. Raises it then."""
        now = self._elapsed()
        self.forget()
        if self._strange_since is None:
            self._strange_since = now
        elif now - self._strange_since > STRANGE_SECONDS:
            raise strange
        await self._rest(strange)
        if isinstance(strange, TornSlot):
            await self._log.join_again()

    def forget(self, slots: Iterable[int] | None = None) -> None:
        self._slots.forget(slots)
        self._backlog.forget(slots)

    def cut(self) -> None:
        """What the turn at hand has fetched or asked for is not used any more: a rebalance, or the end."""
        self.era += 1


def _heard(answer: "asyncio.Future[Fetched]") -> None:
    """A question whose answer is of no use any more may fail unheard."""
    if not answer.cancelled():
        answer.exception()
