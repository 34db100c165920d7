"""One slot at work: fetched records in; each batch of them is one transaction that fences, moves the position and writes all."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from contracts.event import DeadReason, Event, Fate
from contracts.outgoing import Outgoing
from rules.catalogue import Catalogue
from rules.compiler import RuleSet
from streams.batch import Committed, Core, Move, summary
from streams.intake import Record
from streams.kafka.claims import Claim
from streams.kafka.copies import CopyReader, copy_of
from streams.kafka.incoming import Incoming, TopicReader, letter_of
from streams.kafka.slots import slot_of
from streams.kafka.watermark import SlotMark
from streams.memories import kind_of


class House(NamedTuple):
    """What the slots of a process share. slots: how many there are in all."""

    rules: RuleSet
    catalogue: Catalogue
    slots: int
    clock: Callable[[], int]


class AtWork:
    """readers: by input; copies: reads what other slots pass on to this one, from the topic of that name."""

    def __init__(
        self,
        claim: Claim,
        core: Core,
        mark: SlotMark,
        house: House,
        *,
        readers: Mapping[str, TopicReader],
        routed: str,
        copies: CopyReader,
    ) -> None:
        self.claim, self._core, self._mark, self._house = claim, core, mark, house
        self._readers, self._routed, self._copies = readers, routed, copies
        self._passed_on: list[Outgoing] = []
        self.remembered_at = house.clock()

    @property
    def w(self) -> int | None:
        return self._mark.w

    @property
    def cases_cached(self) -> int:
        return self._core.cases_cached

    def next_ripe(self) -> int | None:
        """Return the exact W at which something is ripe next, None when nothing is armed."""
        return self._core.next_ripe()

    def take(self, topic: str, records: Sequence[Incoming]) -> Committed:
        """Apply records of a topic in one transaction. Raises Fenced and the store's errors.

        Raises whatever a record breaks in the core; then nothing is written, and `start_over` is to be called.
        """
        began = self._house.clock()
        for incoming in records:
            self._take_one(incoming)
        return self._commit(self._move(topic, records[-1]), began)

    def bury(self, topic: str, poison: Incoming, detail: str) -> Committed:
        """Write one record as a dead letter, and go on behind it. Raises Fenced and the store's errors."""
        began = self._house.clock()
        self._core.bury(letter_of(poison, DeadReason.POISON, detail, began))
        self._core.count(topic, Fate.DEAD)
        return self._commit(self._move(topic, poison), began)

    def start_over(self) -> None:
        """Go back to what the store has."""
        self._core.drop()
        self._mark.go_back()
        self._passed_on.clear()
        for reader in self._readers.values():
            reader.forget()

    def read_to_end(self, topic: str, as_of: int) -> None:
        self._mark.read_to_end(topic, as_of)

    def wake(self, *, remember_every: int) -> Committed | None:
        """Fire what is due, and write what that found; else how far the slot is seen, now and then. Raises as `take` does."""
        now = self._house.clock()
        self._fire(now)
        if self._core.has_found or now - self.remembered_at >= remember_every:
            return self._commit([], now)
        return None

    def _take_one(self, incoming: Incoming) -> None:
        was, now = self._mark.w, self._house.clock()
        if incoming.topic == self._routed:
            record, fates = self._take_copy(incoming, now)
        else:
            record, fates = self._take_own(incoming, now)
        oldest = min([event.time for event in record.events], default=None)
        arrived = now if incoming.written_at is None else incoming.written_at * 1_000
        self._core.note(incoming.topic, oldest=None if oldest is None else arrived - oldest, clamped=record.clamped)
        fate = Fate.DEAD if record.letter is not None else summary(fates)
        self._core.count(incoming.topic, fate, late=was is not None and oldest is not None and oldest < was)

    def _take_copy(self, incoming: Incoming, now: int) -> tuple[Record, Sequence[Fate]]:
        """Apply an event to the one case that its copy is for; what it says of people is its first case's business."""
        record, case = self._copies.read(incoming, now)
        if record.letter is not None or case is None:
            return self._buried(record), ()
        return record, [self._apply(event, (case,), now, is_home=case == event.cases[0]) for event in record.events]

    def _take_own(self, incoming: Incoming, now: int) -> tuple[Record, Sequence[Fate]]:
        mark = self._mark[incoming.topic]
        mark.heard(now)
        record = self._readers[incoming.topic].read(incoming, now)
        if record.letter is not None:
            return self._buried(record), ()
        fates = []
        for event in record.events:
            mark.saw(event)
            fates.append(self._share(event, now))
        return record, fates

    def _buried(self, record: Record) -> Record:
        if record.letter is not None:
            self._core.bury(record.letter)
        return record

    def _share(self, event: Event, now: int) -> Fate:
        """Apply an event to its cases of this slot, and pass it on for those of others."""
        slot, slots = self.claim.slot, self._house.slots
        here = tuple(case for case in event.cases if slot_of(case, slots) == slot)
        elsewhere = [case for case in event.cases if case not in here and self._concerns(event, case)]
        self._passed_on += [copy_of(event, case, self._house.catalogue, slot=slot) for case in elsewhere]
        fate = self._apply(event, here, now, is_home=event.cases[0] in here)
        return Fate.APPLIED if elsewhere else fate

    def _concerns(self, event: Event, case: str) -> bool:
        """Whether a rule would look at it there; or it is the event's home, where what it says of people is heard."""
        return case == event.cases[0] or self._house.rules.reads(event.type, kind_of(case))

    def _apply(self, event: Event, cases: tuple[str, ...], now: int, *, is_home: bool) -> Fate:
        w = self._mark.w
        fate = self._core.take(event, w=event.time if w is None else w, now=now, cases=cases, speaks=is_home)
        self._fire(now)
        return fate

    def _fire(self, now: int) -> None:
        w = self._mark.w
        if w is not None:
            self._core.fire(w, now)

    def _move(self, topic: str, last: Incoming) -> list[Move]:
        state = self._mark[topic].state() if topic != self._routed else {}
        return [self.claim.move(topic, last.offset + 1, state)]

    def _commit(self, moves: Sequence[Move], began: int) -> Committed:
        ready = self._house.clock()
        committed = self._core.commit(moves, now=ready, seen=self._mark.seen(ready), copies=self._passed_on)
        self.remembered_at = self._house.clock()
        committed.counts.spent = {"take": ready - began, "commit": self.remembered_at - ready}
        self._passed_on = []
        self._mark.keep()
        for move in moves:
            self.claim.moved(move.position.source, move.position.next)
        return committed
