"""A week of the shop through slots, and the same week through one process, on a clock that the test holds."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, cast

from contracts.times import DAY, MINUTE
from storage.errors import Fenced
from storage.sql_store import SqlStore
from storage.sqlite import open_memory
from storage.store import Store, Transaction
from streams.batch import Core
from streams.embedded import Embedded, Source
from streams.generator import cloud_event
from streams.intake import Intake
from streams.kafka.holding import Slots
from streams.kafka.settings import KafkaSettings
from streams.project import Project
from streams.shop.week import week
from streams.watermark import LiveWatermark
from tests.streams.kafka.world import SETTINGS, Log, Producer, Worker, relay

STEP = 30 * MINUTE
LAG = 3 * MINUTE
SLOTS = 4
Letters = list[tuple[int, bytes]]
Rows = dict[str, list[dict[str, Any]]]


class Crash(Exception):
    """The process is gone."""


class Mortal:
    """A store whose transactions end with the process now and then, before their commit or after it."""

    def __init__(self, store: SqlStore, chance: Random, *, every: int) -> None:
        self._store, self._chance, self._every = store, chance, every

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        dies = self._chance.choice(["before", "after"]) if self._chance.randrange(self._every) == 0 else None
        with self._store.transaction() as tx:
            yield tx
            if dies == "before":
                raise Crash
        if dies == "after":
            raise Crash


def a_week_of_letters() -> Letters:
    """A week of the shop: when each event reaches us, and its bytes."""
    heard = [each for each in week(1, 40).heard if not each.broken]
    return [(each.heard, cloud_event(each, number)) for number, each in enumerate(heard, 1)]


def embedded(project: Project, letters: Letters) -> SqlStore:
    """One process and one source."""
    store, now = open_memory(), [letters[0][0]]
    intake = Intake(project.catalogue, source="http", zone=project.settings.zone)

    async def ask(at: int) -> None:
        return None

    mark = LiveWatermark(source_delay=LAG, settle=0)
    runtime = Embedded(
        Core(project.ruleset, store), store, ask, sources=[Source("http", {None: intake}, mark)], clock=lambda: now[0]
    )
    inbox = runtime.sources["http"]
    for at, arrived in steps(letters):
        now[0] = at
        records = intake.read_all(arrived, arrived=at, first=inbox.next)
        runtime._core.take_all(records, "http", saw=mark.saw, w=runtime.w, now=at)
        inbox.next += len(records)
        runtime._look(at, None)
        runtime._fire(at)
        runtime._commit()
    return store


def steps(letters: Letters) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the times at which somebody looks, each with what arrived since the last."""
    waiting, at = iter([*letters, (1 << 62, b"")]), letters[0][0]
    following = next(waiting)
    for _ in range((letters[-1][0] - letters[0][0] + 10 * DAY) // STEP):
        at += STEP
        arrived = []
        while following[0] <= at:
            arrived.append(following[1])
            following = next(waiting)
        yield at, arrived


def rows_of(store: SqlStore) -> Rows:
    tables = {"problems": ("found_at",), "notices": ("found_at", "sent_at"), "cases": ("layout",)}
    return {
        table: sorted(({name: each for name, each in row.items() if name not in but} for row in store.export(table)), key=str)
        for table, but in tables.items()
    }


class Run:
    """Slots over a log. store: where the relay finds what to carry on; each worker may have a way of its own to it.

    remember_every: see Slots.
    """

    def __init__(
        self,
        project: Project,
        store: SqlStore,
        *,
        batch: int = 100,
        remember_every: int = 0,
        settings: KafkaSettings = SETTINGS,
    ) -> None:
        self.settings = settings
        self.project, self.store, self.batch, self.remember_every, self.now = project, store, batch, remember_every, 0
        self.log = Log(SLOTS)
        self.producer = Producer(self.log, project.catalogue)
        self.workers: list[Worker] = []

    def worker(self, mine: Iterable[int], store: Store | None = None) -> Worker:
        """Start one more process, which is given these slots."""
        slots = Slots(
            self.project,
            self.settings,
            store or cast(Store, self.store),
            slots=self.log.slots,
            clock=lambda: self.now,
            remember_every=self.remember_every,
            look_every=0,
        )
        self.workers.append(Worker(self.log, slots, mine=mine, clock=lambda: self.now, batch=self.batch))
        return self.workers[-1]

    def all(self, letters: Letters, *, each_time: Callable[[], None] = lambda: None) -> "Run":
        for at, arrived in steps(letters):
            self.now = at
            each_time()
            for raw in arrived:
                self.producer.write(raw, at=at)
            self.catch_up()
        return self

    def write(self, *lines: bytes) -> None:
        for line in lines:
            self.producer.write(line, at=self.now)

    def catch_up(self) -> None:
        """Read, fire and relay until nothing moves any more: how far each slot is, what all owe, what has come of it."""
        self._turn()
        while relay(self.store, self.log, at=self.now):
            self._turn()
        self._turn()
        self._turn()

    def _turn(self) -> None:
        for worker in self.workers:
            self._until_done(worker)
        for worker in self.workers:
            try:
                lost = worker.slots.tick()
                worker.mine = [slot for slot in worker.mine if slot not in lost]
            except Crash:
                worker.slots.forget()

    def _until_done(self, worker: Worker) -> None:
        """After every doubt it forgets and claims again; what somebody else has taken from it, it leaves."""
        while True:
            try:
                worker.rest()
                return
            except Crash:
                worker.slots.forget()
            except Fenced as fenced:
                slot = int(str(fenced).split(":")[0].removeprefix("slot "))
                worker.mine.remove(slot)
                worker.slots.forget([slot])
