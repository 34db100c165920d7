"""Slots find what one process finds of the same events: whatever the batches, whoever holds them, whenever a worker dies."""

from contextlib import closing
from random import Random
from typing import cast

import pytest

from contracts.times import MINUTE, parse_instant
from storage.postgres import open_postgres
from storage.sqlite import open_memory
from storage.store import Store
from streams.project import Project
from tests.streams.kafka.shop_run import LAG, SLOTS, Letters, Mortal, Rows, Run, a_week_of_letters, embedded, rows_of
from tests.streams.kafka.world import with_lag
from tests.streams.shop import a_shop

NINE = parse_instant("2026-03-02T09:00:00Z")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return with_lag(a_shop(tmp_path_factory.mktemp("shop")), LAG)


@pytest.fixture(scope="module")
def letters() -> Letters:
    return a_week_of_letters()


@pytest.fixture(scope="module")
def expected(project: Project, letters: Letters) -> Rows:
    rows = rows_of(embedded(project, letters))
    assert len(rows["problems"]) > 50
    return rows


@pytest.mark.parametrize("batch", [1, 7, 100])
def test_slots_find_what_one_process_finds(project: Project, letters: Letters, expected: Rows, batch: int) -> None:
    run = Run(project, open_memory(), batch=batch)
    run.worker(range(SLOTS))

    assert rows_of(run.all(letters).store) == expected


def test_two_workers_on_postgres_find_the_same(project: Project, letters: Letters, expected: Rows, schema: str) -> None:
    with closing(open_postgres(schema)) as one, closing(open_postgres(schema)) as other:
        for store in (one, other):
            store.session.change("SET synchronous_commit = off")
        run = Run(project, one, batch=7, remember_every=MINUTE)
        run.worker([0, 2], cast(Store, one))
        run.worker([1, 3], cast(Store, other))

        assert rows_of(run.all(letters).store) == expected


def test_slots_share_the_room_for_memories_and_find_the_same(
    project: Project, letters: Letters, expected: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.settings.MEBIBYTE", 100)
    run = Run(project, open_memory(), batch=7)
    worker = run.worker(range(SLOTS))

    assert rows_of(run.all(letters).store) == expected
    assert 0 < worker.slots.cases_cached < 100


@pytest.mark.parametrize("seed", range(2))
def test_a_crash_before_or_after_any_commit_changes_nothing(
    project: Project, letters: Letters, expected: Rows, seed: int
) -> None:
    run = Run(project, open_memory(), batch=7)
    run.worker(range(SLOTS), cast(Store, Mortal(run.store, Random(seed), every=40)))

    assert rows_of(run.all(letters).store) == expected


def test_whoever_was_replaced_and_does_not_know_it_writes_nothing(project: Project, letters: Letters, expected: Rows) -> None:
    """A slot is given to the other worker now and then, and its former one goes on as if it still had it."""
    run, chance = Run(project, open_memory(), batch=7), Random(1)
    for mine in ([0, 1], [2, 3]):
        run.worker(mine)

    def give_away() -> None:
        if chance.random() < 0.1:
            worker, slot = chance.choice(run.workers), chance.randrange(SLOTS)
            worker.mine = [*dict.fromkeys([slot, *worker.mine])]

    assert rows_of(run.all(letters, each_time=give_away).store) == expected
    assert min(slot.epoch for slot in run.store.slots()) > 5


def test_a_repeat_of_an_event_changes_nothing(project: Project, letters: Letters, expected: Rows) -> None:
    run = Run(project, open_memory())
    run.worker(range(SLOTS))

    assert rows_of(run.all([each for letter in letters for each in (letter, letter)]).store) == expected


def test_events_in_the_wrong_slot_are_passed_on_to_their_own(project: Project, letters: Letters, expected: Rows) -> None:
    run = Run(project, open_memory())
    run.producer.astray = lambda number: number % 3 == 0
    run.worker(range(SLOTS))

    assert rows_of(run.all(letters).store) == expected
