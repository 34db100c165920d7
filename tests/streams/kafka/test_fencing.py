"""Two workers that both believe they have a slot: one of them is fenced, and nothing is doubled, lost or mixed up."""

from pathlib import Path

import pytest

from contracts.times import parse_instant
from storage.errors import Fenced
from storage.sqlite import open_memory
from storage.store import SourcePosition, Store
from streams.batch import Core, Move
from streams.intake import Intake
from streams.project import Project
from tests.streams.shop import a_shop, an_event

MONDAY = parse_instant("2026-03-02T09:00:00Z")
HOUR = 3_600_000_000
SLOT = 3


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return a_shop(tmp_path)


def a_worker(project: Project, store: Store) -> Core:
    with store.transaction() as tx:
        epoch = tx.claim_slot(SLOT)
    return Core(project.ruleset, store, part=SLOT, epoch=epoch)


def apply(core: Core, project: Project, number: int, *, expected: int | None) -> None:
    """Have a worker apply one more event. expected: where it moves the position from; None: like a wake-up, it moves none."""
    intake = Intake(project.catalogue, source="deliveries", zone=project.settings.zone)
    raw = an_event(number, "shipment.created", MONDAY + number * HOUR, parcel_id=f"P{number}", customer_id="C1")
    (event,) = intake.read(raw, arrived=None, position=number).events
    core.take(event, w=event.time, now=event.time)
    moves = [] if expected is None else [Move(SourcePosition("deliveries", SLOT, number, {}), expected=expected)]
    core.commit(moves, now=event.time)


def cases(store: Store) -> list[str]:
    return sorted(line["case"] for line in store.export("cases"))


@pytest.mark.parametrize("expected", [1, None])
def test_a_worker_that_does_not_know_it_was_replaced_writes_nothing(project: Project, expected: int | None) -> None:
    store = open_memory()
    former = a_worker(project, store)
    apply(former, project, 1, expected=0)
    present = a_worker(project, store)

    with pytest.raises(Fenced, match="slot 3: was claimed as 1"):
        apply(former, project, 2, expected=expected)
    apply(present, project, 3, expected=1)

    assert cases(store) == ["parcel/P1", "parcel/P3"]


def test_without_its_epoch_a_worker_that_moves_no_position_would_write(project: Project) -> None:
    """The position alone fences events, and not what is found because nothing came."""
    store = open_memory()
    a_worker(project, store)
    unfenced = Core(project.ruleset, store, part=SLOT)
    a_worker(project, store)

    apply(unfenced, project, 2, expected=None)

    assert cases(store) == ["parcel/P2"]


def test_a_worker_has_the_cases_of_its_slot_only(project: Project) -> None:
    store = open_memory()
    apply(a_worker(project, store), project, 1, expected=0)

    (case,) = store.load_cases(["parcel/P1"]).values()

    assert case.part == SLOT
    assert list(store.armed_cases(SLOT + 1)) == []
