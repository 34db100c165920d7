"""Slots find what one process finds of the same events: whatever the batches, whoever holds them, whenever a worker dies."""

from collections.abc import Iterator
from typing import Any

import pytest

from contracts.times import MINUTE
from storage.sql_store import SqlStore
from storage.sqlite import open_memory
from streams.batch import Core
from streams.embedded import Embedded, Source
from streams.generator import cloud_event
from streams.intake import Intake
from streams.kafka.holding import Slots
from streams.project import Project
from streams.shop.week import week
from streams.watermark import LiveWatermark
from tests.streams.kafka.world import Log, Producer, Worker, relay, with_lag
from tests.streams.shop import a_shop

STEP = 10 * MINUTE
LAG = 3 * MINUTE
SLOTS = 4
Letters = list[tuple[int, bytes]]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return with_lag(a_shop(tmp_path_factory.mktemp("shop")), LAG)


@pytest.fixture(scope="module")
def letters() -> Letters:
    """A week of the shop: when each event reaches us, and its bytes."""
    heard = [each for each in week(1, 40).heard if not each.broken]
    return [(each.heard, cloud_event(each, number)) for number, each in enumerate(heard, 1)]


@pytest.fixture(scope="module")
def expected(project: Project, letters: Letters) -> dict[str, list[dict[str, Any]]]:
    return rows_of(embedded(project, letters))


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
        for raw in arrived:
            record = intake.read(raw, arrived=at, position=inbox.next)
            runtime._core.count("http", runtime._apply(record, inbox))
            inbox.next += 1
        runtime._look(None)
        runtime._fire()
        runtime._commit()
    return store


def steps(letters: Letters) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the times at which somebody looks, each with what arrived since the last."""
    waiting, at = iter([*letters, (1 << 62, b"")]), letters[0][0]
    following = next(waiting)
    for _ in range((letters[-1][0] - letters[0][0] + 30 * 24 * 60 * MINUTE) // STEP):
        at += STEP
        arrived = []
        while following[0] <= at:
            arrived.append(following[1])
            following = next(waiting)
        yield at, arrived


def rows_of(store: SqlStore) -> dict[str, list[dict[str, Any]]]:
    tables = {"problems": ("found_at",), "notices": ("found_at", "sent_at"), "cases": ("layout",)}
    return {
        table: sorted(({name: each for name, each in row.items() if name not in but} for row in store.export(table)), key=str)
        for table, but in tables.items()
    }


class Run:
    """Slots over a log, with a clock that the test holds."""

    def __init__(self, project: Project, store: SqlStore, *, batch: int, slots: int = SLOTS) -> None:
        self.project, self.store, self.batch, self.now = project, store, batch, 0
        self.log = Log(slots)
        self.producer = Producer(self.log, project.catalogue)
        self.workers = [self.worker(range(slots))]

    def worker(self, mine: range | list[int], store: SqlStore | None = None) -> Worker:
        settings = self.project.settings.kafka
        assert settings is not None
        slots = Slots(
            self.project,
            settings,
            store or self.store,
            slots=self.log.slots,
            clock=lambda: self.now,
            remember_every=0,
            look_every=0,
        )
        return Worker(self.log, slots, mine=mine, clock=lambda: self.now, batch=self.batch)

    def all(self, letters: Letters) -> None:
        for at, arrived in steps(letters):
            self.now = at
            for raw in arrived:
                self.producer.write(raw, at=at)
            self.catch_up()

    def catch_up(self) -> None:
        """Read, relay and fire until nothing moves any more."""
        for worker in self.workers:
            worker.rest()
            worker.slots.tick()
        while relay(self.store, self.log, at=self.now) + sum(worker.turn() for worker in self.workers):
            pass
        for worker in self.workers:
            worker.slots.tick()
        for worker in self.workers:
            worker.rest()
            worker.slots.tick()


@pytest.mark.parametrize("batch", [1, 7, 100])
def test_slots_find_what_one_process_finds(
    project: Project, letters: Letters, expected: dict[str, list[dict[str, Any]]], batch: int
) -> None:
    run = Run(project, open_memory(), batch=batch)

    run.all(letters)

    assert rows_of(run.store) == expected
