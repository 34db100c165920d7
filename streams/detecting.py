"""The first half of the batch step: events in, what they and the passing of time bring to light out. Writes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from contracts.event import DeadLetter, Event, Fate
from rules.compiler import RuleSet
from rules.memory import Memory
from rules.step import Applying, applying
from storage.store import Store
from streams.counts import Counts
from streams.due import NEVER, Dues
from streams.intake import Record
from streams.memories import ROOM
from streams.people import SPEAKING, People, kinds_to_link
from streams.unwritten import Closed, Unwritten
from streams.waking import Waking

Saw: TypeAlias = Callable[[Event], int | None]

APPLIED, UNREAD = Fate.APPLIED, Fate.UNREAD


class Reader(NamedTuple):
    """What applies events of a type to cases of one kind. beginning: of their names; looks: whether a rule does.

    memory: what is remembered of such a case. dues: where what is due of these cases is noted.
    """

    beginning: str
    apply: Applying
    looks: bool
    memory: type[Memory]
    dues: Dues


class Readers(NamedTuple):
    """Who reads events of a type. alone: the only reader, where they say nothing of people that is to be kept."""

    each: Sequence[Reader]
    alone: Reader | None


class Detecting(Waking):
    """The cases of one part of a store: their memories, what is due, and what has been found and was not handed on yet.

    Whoever drives it calls `take_all`; or, where more is to be done for each event, `fire` whenever W moved and `take`.
    behind, room: see Waking. buried_bytes: of dead letters to be written.
    """

    def __init__(
        self, rules: RuleSet, store: Store, *, part: int = 0, behind: frozenset[str] = frozenset(), room: int = ROOM
    ) -> None:
        super().__init__(rules, store, part=part, behind=behind, room=room)
        kinds = {name: compiled.rule.watch for name, compiled in rules.rules.items()}
        self._people = People(store, kinds_to_link(rules.tellings, kinds))
        self._begin()

    def _arm(self) -> None:
        super()._arm()
        self._readers: dict[str, Readers] = {}

    def _begin(self) -> None:
        self._counts = Counts()
        self._letters: list[DeadLetter] = []
        self.buried_bytes = 0
        self._begin_to_find()

    def _begin_to_find(self) -> None:
        super()._begin_to_find()
        self._moved: set[str] = set()
        self._somebody_new = False

    def read_from(self, store: Store) -> None:
        """Ask another store from now on, which holds the same: the way to it has changed."""
        self._store = store
        self._memories.read_from(store)
        self._people.read_from(store)

    def give_room(self, room: int) -> None:
        """From the next commit on, memories that stay take no more than so many bytes."""
        self._memories.cache.room = room

    @property
    def cases_cached(self) -> int:
        return len(self._memories.cache)

    @property
    def knows_somebody_new(self) -> bool:
        """Whether a first profile came, or a case's first customer: those who wait for one may be asked again."""
        return self._somebody_new or self._people.somebody_new

    def count(self, source: str, fate: Fate, *, late: bool = False) -> None:
        """Count a record of a source, once. late: an event of it was behind W."""
        self._counts.of(source)[fate] += 1
        if late and fate is APPLIED:
            self._counts.late[source] += 1

    def note(self, source: str, *, oldest: int | None, clamped: int) -> None:
        """Note of a record's times what those who run us want to know. oldest: the age of its oldest event at its arrival."""
        if oldest is not None and oldest > self._counts.ages.get(source, -1):
            self._counts.ages[source] = oldest
        if clamped:
            self._counts.clamped[source] += clamped

    def bury(self, letter: DeadLetter) -> None:
        self._letters.append(letter)
        self.buried_bytes += len(letter.raw)

    def expect(self, events: Sequence[Event], *, ours: Callable[[str], bool] = lambda case: True) -> None:
        """Read at once what the store knows of the cases and customers of events, so that `take` need not ask for each.

        ours: whether a case is one to which events are applied here.
        """
        self._memories.fetch(case for case in self._looked_at(events) if ours(case))
        self._people.fetch(events)

    def _looked_at(self, events: Iterable[Event]) -> Iterator[str]:
        """Yield the cases to which events will be applied, as often as they are named."""
        for event in events:
            readers = self._readers_of(event.type).each
            for case in event.cases:
                for reader in readers:
                    if case.startswith(reader.beginning):
                        yield case

    def take_all(self, records: Sequence[Record], source: str, *, saw: Saw, w: int | None, now: int) -> Mapping[Fate, int]:
        """Apply the events of records in order, each after all that is due before it has fired; return how many had which fate.

        saw: hears of each event, and returns the watermark after it. w: the watermark before them. None: nothing was seen yet.
        """
        near, known, dues, fates, late = self._memories.near, self._readers, self._dues, dict.fromkeys(Fate, 0), 0
        for record in records:
            was, events = w, record.events
            if len(events) == 1:
                if w is not None and w >= dues.quiet_until:
                    self._fire(dues, w, now)
                event = events[0]
                oldest, w = event.time, saw(event)
                memory, readers = near.get(event.cases[0]), known.get(event.type)
                alone = None if readers is None else readers.alone
                if alone is not None and type(memory) is alone.memory and not memory.gone and len(event.cases) == 1:
                    fate = self._apply(alone, memory, event, event.time if w is None else w, now)
                else:
                    fate = self.take(event, w=event.time if w is None else w, now=now)
            else:
                fate, w = self._take_parts(record, saw=saw, w=w, now=now)
                oldest = min([event.time for event in events], default=NEVER)
            fates[fate] += 1
            late += was is not None and oldest < was and fate is APPLIED
        self._counts.add(source, fates, late)
        return fates

    def _take_parts(self, record: Record, *, saw: Saw, w: int | None, now: int) -> tuple[Fate, int | None]:
        """Do the same for a record of no event, or of several; return its fate, and the watermark after it."""
        if record.letter is not None:
            self.bury(record.letter)
            return Fate.DEAD, w
        fates = []
        for event in record.events:
            if w is not None:
                self.fire(w, now)
            w = saw(event)
            fates.append(self.take(event, w=event.time if w is None else w, now=now))
        return summary(fates), w

    def take(self, event: Event, *, w: int, now: int, cases: Sequence[str] | None = None, speaks: bool = True) -> Fate:
        """Apply an event to each case that it concerns and that some rule watches for its type.

        w: the watermark after the event; now: the clock. cases: those of its cases that are ours, None: all.
        speaks: whether what it says about people is taken up here.
        """
        fate = UNREAD
        for case in event.cases if cases is None else cases:
            for reader in self._readers_of(event.type).each:
                if case.startswith(reader.beginning):
                    each = self._apply(reader, self._memories.get(case), event, w, now)
                    if each is APPLIED or fate is UNREAD:
                        fate = each
        if speaks and (len(event.cases) > 1 or event.type in SPEAKING) and (spoken := self._people.take(event)) is not None:
            return summary((fate, spoken))
        return fate

    def _readers_of(self, event_type: str) -> Readers:
        readers = self._readers.get(event_type)
        if readers is None:
            readers = self._readers[event_type] = self._new_readers(event_type)
        return readers

    def _new_readers(self, event_type: str) -> Readers:
        plans = [plan for kind, plan in self._rules.plans.items() if self._rules.reads(event_type, kind)]
        each = [
            Reader(
                f"{plan.kind}/",
                applying(plan, event_type),
                bool(plan.readings[event_type].rules),
                plan.memory,
                self.dues_of(plan.kind),
            )
            for plan in plans
        ]
        return Readers(each, each[0] if len(each) == 1 and event_type not in SPEAKING else None)

    def _apply(self, reader: Reader, memory: Memory, event: Event, w: int, now: int) -> Fate:
        customer, was_ripe_at = memory.customer, memory.ripe_at
        fate, findings = reader.apply(memory, event, w)
        if fate is APPLIED:
            self._memories.changed[memory.case] = memory
            ripe_at = memory.ripe_at
            if ripe_at is not None and ripe_at != was_ripe_at:
                reader.dues.arm(memory.case, ripe_at)
            if findings:
                self._finds(findings, now)
            if memory.customer != customer:
                self._note_customer(memory, customer)
        return fate if reader.looks else UNREAD

    def _note_customer(self, memory: Memory, was: str | None) -> None:
        """A case has its first customer, or another one; where the courier may ask for that, its row has to say so."""
        self._somebody_new |= was is None
        if was is not None or memory.problems:
            self._moved.add(memory.case)

    @property
    def has_news(self) -> bool:
        """Whether there is anything that `hand_on` would return."""
        return self.has_found or bool(self._moved) or self._people.have_changed

    def hand_on(self) -> Unwritten:
        """Return what was found since it was asked last; of cases that changed their customer, how they are now."""
        unwritten = Unwritten(self._found, armed=len(self._dues) + len(self._dues_behind), somebody_new=self.knows_somebody_new)
        if self._moved:
            unwritten.cases = {case.case: case for case in self._memories.packed(self._moved)}
        self._people.hand_on(unwritten)
        self._begin_to_find()
        return unwritten

    def close(self) -> Closed:
        """Return what the batch at hand comes to beside what was found, and begin the next one."""
        closed = Closed(self._memories.packed(), self._memories.gone(), self._letters, self._counts)
        closed.counts.limit_hits, closed.counts.too_late = self._memories.committed(closed.cases, closed.gone)
        self._people.committed()
        self._counts, self._letters, self.buried_bytes = Counts(), [], 0
        return closed

    def drop(self) -> None:
        """Forget everything since the last commit."""
        self._memories.drop()
        self._people.drop()
        self._arm()
        self._begin()


def summary(fates: Sequence[Fate]) -> Fate:
    """Return what became of a whole from what became of its parts: applied before repeated before unread."""
    if len(fates) == 1:
        return fates[0]
    if Fate.APPLIED in fates:
        return Fate.APPLIED
    return Fate.REPEATED if Fate.REPEATED in fates else Fate.UNREAD
