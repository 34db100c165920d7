"""Slots in trouble: poison, and a database that goes away."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from contracts.event import DeadReason, Event, Fate
from contracts.times import parse_instant
from storage.errors import StoreGone, StoreRefused
from storage.sqlite import open_memory
from storage.store import Store, Transaction
from streams.batch import Core
from streams.kafka.slots import slot_of
from streams.project import Project
from tests.streams.kafka.shop_run import SLOTS, Run
from tests.streams.kafka.world import TOPICS
from tests.streams.shop import a_parcel, an_event

NINE = parse_instant("2026-03-02T09:00:00Z")
PARCEL = slot_of("parcel/P1", SLOTS)


def break_at(monkeypatch: pytest.MonkeyPatch, event_id: str, wrong: Exception) -> None:
    take = Core.take

    def breaks(self: Core, event: Event, **rest: Any) -> Fate:
        if event.id == event_id:
            raise wrong
        return take(self, event, **rest)

    monkeypatch.setattr(Core, "take", breaks)


# poison


@pytest.mark.parametrize("wrong", [ZeroDivisionError("by zero"), StoreRefused("no such value")])
def test_one_poisoned_record_is_a_dead_letter_with_its_bytes_and_all_others_are_applied(
    run: Run, monkeypatch: pytest.MonkeyPatch, wrong: Exception
) -> None:
    break_at(monkeypatch, "e2", wrong)
    run.write(*a_parcel(NINE))

    run.catch_up()

    (letter,) = run.store.dead_letters()
    assert (letter.reason, letter.raw, letter.source) == (DeadReason.POISON, a_parcel(NINE)[2], f"deliveries#{PARCEL}")
    assert letter.detail == f"{type(wrong).__name__}: {wrong}"
    assert run.store.counts()["records"]["deliveries"] == {"applied": 2, "dead": 1}
    assert run.workers[0].slots.claims[PARCEL].next["deliveries"] == 3


def test_what_is_wrong_with_a_batch_is_remembered_when_its_slot_is_claimed_again(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that takes the database too long is tried in parts, whoever forgets the slot in between."""
    run.write(*[an_event(number, "shipment.created", NINE, parcel_id="P1", customer_id="C1") for number in range(64)])
    sizes: list[int] = []
    commit = Core.commit

    def too_long(self: Core, moves: Any, **rest: Any) -> Any:
        records = sum(self._counts.fates.get("deliveries", {}).values())
        sizes.append(records)
        if records > 8:
            raise StoreGone("it took too long")
        return commit(self, moves, **rest)

    monkeypatch.setattr(Core, "commit", too_long)
    worker = run.workers[0]
    for _ in range(20):
        try:
            while worker.fetch("deliveries", PARCEL):
                pass
        except StoreGone:
            worker.slots.forget()

    assert worker.slots.claims[PARCEL].next["deliveries"] == 64
    assert sizes[:7] == [64, 64, 64, 32, 16, 8, 16]
    assert run.store.dead_letters() == []


# a database that goes away


def test_a_commit_of_which_nobody_knows_is_never_repeated_from_memory(project: Project) -> None:
    class Unheard:
        """A store whose next commit is made, and nobody hears of it."""

        def __init__(self) -> None:
            self.store, self.unheard = open_memory(), False

        def __getattr__(self, name: str) -> Any:
            return getattr(self.store, name)

        @contextmanager
        def transaction(self) -> Iterator[Transaction]:
            with self.store.transaction() as tx:
                yield tx
            if self.unheard:
                self.unheard = False
                raise StoreGone("the connection was cut")

    unheard = Unheard()
    run = Run(project, unheard.store)
    run.now = NINE
    worker = run.worker([PARCEL], cast(Store, unheard))
    run.write(*a_parcel(NINE))
    worker.slots.claim(PARCEL, dict.fromkeys(TOPICS, 0))
    unheard.unheard = True

    with pytest.raises(StoreGone):
        worker.fetch("deliveries", PARCEL)
    worker.slots.forget()
    claim = worker.slots.claim(PARCEL, dict.fromkeys(TOPICS, 0))

    assert (claim.epoch, claim.next["deliveries"]) == (2, 3)
    assert run.store.counts()["records"]["deliveries"] == {"applied": 3}
