"""Two workers that both believe they have a slot: one of them is fenced, and nothing is doubled, lost or mixed up."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from contracts.times import DAY, HOUR, parse_instant
from storage.errors import Fenced
from storage.sqlite import open_memory
from storage.store import SourcePosition, Store
from streams.batch import Core, Move
from streams.intake import Intake
from streams.kafka.slots import slot_of
from streams.project import Project
from tests.storage.unfenced import EPOCH, POSITION, without
from tests.streams.kafka.shop_run import LAG, SLOTS, Run
from tests.streams.kafka.world import with_lag
from tests.streams.shop import a_parcel, a_shop, an_event

MONDAY = parse_instant("2026-03-02T09:00:00Z")
SLOT = 3
PARCEL = slot_of("parcel/P1", SLOTS)
NEIGHBOUR = next(f"P{number}" for number in range(2, 100) if slot_of(f"parcel/P{number}", SLOTS) == PARCEL)


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


# one that is stopped with records in hand, and wakes when another has read on


def what_is_found(project: Project) -> list[str]:
    """Let a worker be stopped before it writes that a parcel was scanned, and another write that the parcel has arrived.

    Returns the detectors that find something wrong with that parcel, after a week and one more claim. Raises Fenced.
    """
    run = Run(with_lag(project, LAG), open_memory())
    run.now = MONDAY
    former, present = run.worker([PARCEL]), run.worker([PARCEL])
    run.write(*a_parcel(MONDAY))
    former.rest()
    run.write(an_event(5, "delivery.scanned", MONDAY, parcel_id="P1", customer_id="C1", place="Halle"))

    def the_parcel_arrives() -> None:
        run.write(an_event(6, "delivery.delivered", MONDAY, parcel_id="P1", customer_id="C1"))
        present.rest()

    former.fetch("deliveries", PARCEL, meanwhile=the_parcel_arrives)
    run.write(an_event(7, "shipment.created", MONDAY, parcel_id=NEIGHBOUR, customer_id="C1"))
    read = present.slots.claims[PARCEL].next["deliveries"]
    present.slots.apply(PARCEL, "deliveries", run.log.read("deliveries", PARCEL, read, 100))
    run.workers = []
    run.worker(range(SLOTS))
    run.now += 7 * DAY
    run.catch_up()
    return [line["detector"] for line in run.store.export("problems")]


def take_out(fences: Iterable[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for fence in fences:
        for module, statement, text in without(fence):
            monkeypatch.setattr(module, statement, text)


@pytest.mark.parametrize("missing", [(), (EPOCH,), (POSITION,)])
def test_either_fence_keeps_out_who_wakes_with_records_in_hand(
    project: Project, missing: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    take_out(missing, monkeypatch)

    with pytest.raises(Fenced):
        what_is_found(project)


def test_without_both_fences_who_wakes_makes_another_forget_that_a_parcel_has_arrived(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_out((EPOCH, POSITION), monkeypatch)

    assert what_is_found(project) == ["silent"]
