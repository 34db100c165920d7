"""One slot at work: fetched records in; each batch of them is one transaction that fences, moves the position and writes all."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from contracts.event import DeadReason, Event, Fate
from contracts.ids import kind_of
from contracts.notice import Reason
from contracts.outgoing import Outgoing
from rules.catalogue import Catalogue
from rules.compiler import RuleSet
from storage.store import Seen
from streams.batch import Committed, Core, Move, summary
from streams.kafka.claims import Claim
from streams.kafka.copies import Copy, CopyReader, copy_of
from streams.kafka.incoming import Incoming, TopicReader, letter_of
from streams.kafka.slots import home_of, parted, slot_of
from streams.kafka.watermark import SlotMark


class House(NamedTuple):
    """What the slots of a process share. slots: how many there are in all. tells_within: how far behind the clock, beside the
    lag that is intended, a slot may be seen for its cases to be told of, in microseconds."""

    rules: RuleSet
    catalogue: Catalogue
    slots: int
    clock: Callable[[], int]
    tells_within: int


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
        self.claim, self.mark, self._core, self._house = claim, mark, core, house
        self._readers, self._routed, self._copies = readers, routed, copies
        self._passed_on: list[Outgoing] = []
        self.remembered_at = house.clock()
        self._remembered = mark.own_w, mark.w

    def give_room(self, room: int) -> None:
        self._core.give_room(room)

    @property
    def cases_cached(self) -> int:
        return self._core.cases_cached

    def take(self, topic: str, records: Sequence[Incoming]) -> Committed:
        """Apply records of a topic in one transaction. Raises Fenced and the store's errors.

        Raises whatever a record breaks in the core; then nothing is written, and `start_over` is to be called.
        """
        began = self._house.clock()
        read = [self._read(incoming, began) for incoming in records]
        self._core.expect([event for each in read for event in each.record.events], ours=self._is_ours)
        for each in read:
            self._take_one(each, topic, began)
        self._note(topic, records, read, began)
        return self._commit(self._move(topic, records, began), began)

    def bury(self, topic: str, poison: Incoming, detail: str) -> Committed:
        """Write one record as a dead letter, and go on behind it. Raises Fenced and the store's errors."""
        began = self._house.clock()
        self._core.bury(letter_of(poison, DeadReason.POISON, detail, began))
        self._core.count(topic, Fate.DEAD)
        return self._commit(self._move(topic, [poison], began), began)

    def start_over(self) -> None:
        """Go back to what the store has."""
        self._core.drop()
        self.mark.go_back()
        self._passed_on.clear()
        for reader in self._readers.values():
            reader.forget()

    def read_to_end(self, topic: str, as_of: int) -> None:
        self.mark.read_to_end(topic, as_of)

    def wake(self, *, remember_every: int) -> Committed | None:
        """Fire what is due, and write what that found; else how far the slot is seen, now and then. Raises as `take` does."""
        now = self._house.clock()
        self._fire(now)
        if self._core.has_found or now - self.remembered_at >= remember_every or self._sees_farther(remember_every):
            return self._commit([], now)
        return None

    def _sees_farther(self, length: int) -> bool:
        """Whether the slot is seen farther by so much than is written: others wait for that, after a start or a backlog."""
        both = zip(self._remembered, (self.mark.own_w, self.mark.w), strict=True)
        return any(w is not None and (before is None or w - before >= length) for before, w in both)

    def _read(self, incoming: Incoming, now: int) -> Copy:
        """Return what a record comes to, and the one case that it is for where it is a copy."""
        if incoming.topic == self._routed:
            return self._copies.read(incoming, now)
        return Copy(self._readers[incoming.topic].read(incoming, now))

    def _is_ours(self, case: str) -> bool:
        return slot_of(case, self._house.slots) == self.claim.slot

    def _take_one(self, read: Copy, topic: str, now: int) -> None:
        was, record = self.mark.w, read.record
        fates = [self._take_event(event, read, topic, now) for event in record.events]
        if record.letter is not None:
            self._core.bury(record.letter)
            fates.append(Fate.DEAD)
        late = was is not None and record.events != () and min([event.time for event in record.events]) < was
        self._core.count(topic, summary(fates), late=late)

    def _note(self, topic: str, records: Sequence[Incoming], read: Sequence[Copy], now: int) -> None:
        """Note of the batch's times what those who run us want to know."""
        both = zip(records, read, strict=True)
        ages = [incoming.arrived(now) - event.time for incoming, each in both for event in each.record.events]
        self._core.note(topic, oldest=max(ages, default=None), clamped=sum([each.record.clamped for each in read]))

    def _take_event(self, event: Event, read: Copy, topic: str, now: int) -> Fate:
        if read.case is not None:
            return self._apply(event, (read.case,), now, w=read.w, is_home=read.case == home_of(event))
        self.mark.saw(topic, event)
        return self._share(event, now)

    def _share(self, event: Event, now: int) -> Fate:
        """Apply an event to its cases of this slot, and pass it on for those of others."""
        slot = self.claim.slot
        here, others = parted(event, slot, slots=self._house.slots)
        elsewhere = others and [case for case in others if self._concerns(event, case)]
        w = self.mark.own_w
        for case in elsewhere:
            self._passed_on.append(copy_of(event, case, self._house.catalogue, slot=slot, w=w))
        fate = self._apply(event, here, now, w=w, is_home=home_of(event) in here)
        return Fate.APPLIED if elsewhere else fate

    def _concerns(self, event: Event, case: str) -> bool:
        """Whether a rule would look at it there; or it is the event's home, where what it says of people is heard."""
        return case == home_of(event) or self._house.rules.reads(event.type, kind_of(case))

    def _apply(self, event: Event, cases: tuple[str, ...], now: int, *, w: int | None, is_home: bool) -> Fate:
        """w: by the inputs of the slot in which the event was read: what is past when it is learnt waits a grace beyond that.

        By our own, which may be far ahead of a backlog elsewhere, what such a copy teaches would be due later than it is told.
        """
        fate = self._core.take(event, w=event.time if w is None else w, now=now, cases=cases, speaks=is_home)
        self._fire(now)
        return fate

    def _fire(self, now: int) -> None:
        if (w := self.mark.own_w) is not None:
            self._core.fire(w, now, behind=self.mark.w)

    def _move(self, topic: str, records: Sequence[Incoming], now: int) -> list[Move]:
        state: dict[str, int] = {}
        if topic != self._routed:
            self.mark[topic].heard(records, now)
            state = self.mark[topic].state()
        return [self.claim.move(topic, records[-1].offset + 1, state)]

    def _commit(self, moves: Sequence[Move], began: int) -> Committed:
        ready = self._house.clock()
        seen, minutes = self.mark.seen(ready), self.mark.minutes(self.claim.slot)
        wakes = (Reason.NOT_CAUGHT_UP,) if self._catches_up(seen) else ()
        committed = self._core.commit(moves, now=ready, seen=seen, copies=self._passed_on, minutes=minutes, wakes=wakes)
        self.remembered_at = self._house.clock()
        committed.counts.spent = {"take": ready - began, "commit": self.remembered_at - ready}
        self._passed_on = []
        self.mark.keep()
        self._remembered = self.mark.own_w, self.mark.w
        for move in moves:
            self.claim.moved(move.position.source, move.position.next)
        return committed

    def _catches_up(self, seen: Seen) -> bool:
        """Whether so much is seen now that couriers may tell of what they could not by what was written last."""
        least = seen.at - seen.lag - self._house.tells_within
        both = zip(self._remembered, (seen.own_w, seen.w), strict=True)
        return any(w is not None and w >= least and (before is None or before < least) for before, w in both)
