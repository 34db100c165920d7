"""The slots that a worker holds: what it has fetched comes in, and all that follows from it is written; nobody knows of Faust."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from contracts.times import SECOND
from storage.errors import Fenced, StoreError, StoreRefused
from storage.store import Seen, SourcePosition, Store
from streams.batch import POISON, Committed, Core
from streams.breaker import Breaker
from streams.kafka.at_work import AtWork, House
from streams.kafka.awaited import awaited_topics, kinds_by_copy
from streams.kafka.claims import Claim
from streams.kafka.copies import CopyReader
from streams.kafka.doubt import Doubt
from streams.kafka.exchange import Exchange
from streams.kafka.hearing import Hearing
from streams.kafka.incoming import Incoming, TopicReader
from streams.kafka.minutes import Minutes, minutes_of
from streams.kafka.settings import KafkaSettings
from streams.kafka.topics import routed_of
from streams.kafka.watermark import NEVER, CopiesMark, SlotMark, TopicMark
from streams.project import Project
from streams.traceparent import Hear

REMEMBER_EVERY = 5 * SECOND
LOOK_EVERY = SECOND
BREAKS = (*POISON, StoreRefused)


class Slots:
    """slots: how many there are in all. clock: microseconds since 1970.

    on_commit: hears what each transaction came to, and when the oldest of its records was written, None where it had none.
    on_retry: hears that a batch is tried again, in parts. hear: gets the traces that records belong to; None where nobody asks.
    remember_every, look_every: how often how far our slots are seen is written, and how far all slots are is read, in
    microseconds.
    """

    def __init__(
        self,
        project: Project,
        settings: KafkaSettings,
        store: Store,
        *,
        slots: int,
        clock: Callable[[], int],
        on_commit: Callable[[Committed, int | None], None] = lambda committed, arrived: None,
        on_retry: Callable[[], None] = lambda: None,
        hear: Hear | None = None,
        remember_every: int = REMEMBER_EVERY,
        look_every: int = LOOK_EVERY,
    ) -> None:
        self._project, self._settings, self._store, self._clock = project, settings, store, clock
        self._on_commit, self._on_retry, self._hear = on_commit, on_retry, hear
        self._remember_every, self._look_every = remember_every, look_every
        self._house = House(project.ruleset, project.catalogue, slots, clock, project.settings.limits.behind)
        self._by_copy = kinds_by_copy(project.ruleset, project.catalogue, settings)
        self._routed = routed_of(settings)
        self._awaited = awaited_topics(project.ruleset, settings)
        own = {each.topic: project.settings.source(each.topic) for each in settings.inputs}
        self.hearing = Hearing(store, own, clock=clock)
        self._exchange = Exchange(store, slots=slots, clock=clock)
        self._looked_at: int | None = None
        self._works: dict[int, AtWork] = {}
        self._doubts: dict[tuple[int, str], Doubt] = defaultdict(Doubt)

    @property
    def claims(self) -> Mapping[int, Claim]:
        return {slot: work.claim for slot, work in self._works.items()}

    @property
    def most(self) -> int:
        """How many records make a batch."""
        return self._project.settings.core.batch

    @property
    def cases_cached(self) -> int:
        return sum(work.cases_cached for work in self._works.values())

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(each.topic for each in self._settings.inputs)

    def marks(self) -> Mapping[tuple[str, int], int]:
        """Return W of each topic's partition of our slots, as far as it is known."""
        marks = {(topic, slot): mark.w for slot, work in self._works.items() for topic, mark in work.mark.topics.items()}
        return {where: w for where, w in marks.items() if w is not None}

    def claim(self, slot: int, begins: Mapping[str, int]) -> Claim:
        """Make a slot ours, and learn from the store where each topic goes on. Raises the store's errors.

        begins: by topic, the offset of its oldest record, where one begins that was never read.
        """
        self.forget((slot,))
        if self._looked_at is None:
            self.hearing.look()
        with self._store.transaction() as tx:
            epoch = tx.claim_slot(slot)
            stored = {each.source: each for each in tx.positions_of(slot)}
            for topic in begins.keys() - stored.keys():
                stored[topic] = SourcePosition(topic, slot, begins[topic], {})
                tx.move_position(stored[topic], expected=0)
        claim = Claim(slot, epoch, {topic: stored[topic].next for topic in begins})
        self._works[slot] = self._at_work(claim, {topic: each.state for topic, each in stored.items()})
        self._share_room()
        return claim

    def _share_room(self) -> None:
        """The room for memories is that of the process: each slot has an equal part."""
        for work in self._works.values():
            work.give_room(self._project.settings.core.room // len(self._works))

    def _at_work(self, claim: Claim, states: Mapping[str, Mapping[str, int]]) -> AtWork:
        project, slot = self._project, claim.slot
        breaker = Breaker(self._store, limit=project.settings.core.breaker)
        core = Core(project.ruleset, self._store, part=slot, epoch=claim.epoch, breaker=breaker, behind=self._by_copy)
        core.take_up_rules(now=self._clock())
        return AtWork(
            claim,
            core,
            self._mark(slot, states),
            self._house,
            readers={each.topic: self._reader(each.topic, each.mapping) for each in self._settings.inputs},
            routed=self._routed,
            copies=CopyReader(self._routed, project.catalogue, zone=project.settings.zone, slots=self._house.slots),
        )

    def _reader(self, topic: str, mapping: str | None) -> TopicReader:
        project = self._project
        read_by = project.mappings[mapping] if mapping else None
        return TopicReader(topic, project.catalogue, mapping=read_by, zone=project.settings.zone, hear=self._hear)

    def _mark(self, slot: int, states: Mapping[str, Mapping[str, int]]) -> SlotMark:
        minutes = {row.source: minutes_of(row) for row in self._store.minutes_in(slot)}
        marks = {
            each.topic: self._topic_mark(each.topic, states.get(each.topic, {}), minutes.get(each.topic))
            for each in self._settings.inputs
        }
        copies = CopiesMark(lambda: self._exchange.relayed) if self._by_copy else None
        before = next((Seen(each.w, each.own_w, each.lag, 0) for each in self._store.slots() if each.slot == slot), NEVER)
        return SlotMark(marks, awaited=self._awaited, copies=copies, before=before)

    def _topic_mark(self, topic: str, state: Mapping[str, int], minutes: Minutes | None) -> TopicMark:
        own = self._project.settings.source(topic)
        mark = TopicMark(lag=own.lag, max_leap=own.max_leap, state=state, minutes=minutes)
        mark.is_blind = partial(self.hearing.is_blind, topic)
        return mark

    def apply(self, slot: int, topic: str, records: Sequence[Incoming]) -> None:
        """Apply what was fetched, in as many transactions as it takes. Raises Fenced and the store's errors."""
        work, doubt = self._works[slot], self._doubts[slot, topic]
        while left := work.claim.unseen(topic, records):
            self._attempt(work, topic, left[: min(self.most, doubt.most or self.most)], doubt)

    def _attempt(self, work: AtWork, topic: str, records: Sequence[Incoming], doubt: Doubt) -> None:
        """A batch that breaks something is tried again, smaller and smaller; one whose outcome nobody knows is not."""
        now = self._clock()
        first, arrived = records[0], min([each.arrived(now) for each in records])
        try:
            committed = work.take(topic, records)
        except BREAKS as broken:
            work.start_over()
            self._on_retry()
            if not doubt.failed(first.offset, len(records)):
                return
            committed = work.bury(topic, first, f"{type(broken).__name__}: {broken}")
        except Fenced:
            raise
        except StoreError:
            doubt.failed(first.offset, len(records))
            raise
        else:
            doubt.worked(len(records))
        self._on_commit(committed, arrived)

    def read_to_end(self, slot: int, topic: str, as_of: int) -> None:
        """All that a topic's partition held when its end was asked for, at this moment of the clock, is applied."""
        self._works[slot].read_to_end(topic, as_of)

    def tick(self) -> Mapping[int, Exception]:
        """Fire what is due, and remember how far our slots are seen; return the slots that somebody else has now, forgotten here.

        Raises the store's errors.
        """
        now = self._clock()
        if self._looked_at is None or now - self._looked_at >= self._look_every:
            if self._by_copy:
                self._exchange.look()
            self.hearing.look()
            self._looked_at = now
        lost: dict[int, Exception] = {}
        for slot, work in list(self._works.items()):
            try:
                if (committed := work.wake(remember_every=self._remember_every)) is not None:
                    self._on_commit(committed, None)
            except Fenced as fenced:
                lost[slot] = fenced
                self.forget((slot,))
        return lost

    def forget(self, slots: Iterable[int] | None = None) -> None:
        """Drop what we hold of these slots, of all where none are named; the next claim begins with what the store has."""
        for slot in list(self._works) if slots is None else slots:
            self._works.pop(slot, None)
        self._share_room()
