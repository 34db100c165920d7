"""What is remembered is found again, whether it stayed here, had to leave, or was dropped."""

from pathlib import Path

import pytest

from storage.sqlite import open_memory
from storage.store import Store
from streams.memories import Memories
from tests.streams.shop import a_shop


@pytest.fixture
def store() -> Store:
    return open_memory()


@pytest.fixture
def memories(tmp_path: Path, store: Store) -> Memories:
    return Memories(a_shop(tmp_path).ruleset.plans, store, kept=1)


def remember(memories: Memories, store: Store, case: str, *, newest: int) -> None:
    memory = memories.get(case)
    memory.newest = newest
    memories.changed[case] = memory
    with store.transaction() as tx:
        memories.save(tx)
    memories.committed()


def test_a_memory_that_had_to_leave_is_read_again(memories: Memories, store: Store) -> None:
    remember(memories, store, "parcel/P1", newest=5)
    remember(memories, store, "parcel/P2", newest=7)

    assert len(memories) == 1
    assert (memories.get("parcel/P1").newest, memories.get("parcel/P2").newest) == (5, 7)


def test_what_was_not_saved_is_gone_after_a_drop_and_what_was_saved_is_not(memories: Memories, store: Store) -> None:
    remember(memories, store, "parcel/P1", newest=5)
    for case in ("parcel/P1", "parcel/P2"):
        memories.get(case).newest = 9
        memories.changed[case] = memories.get(case)

    memories.drop()

    assert (memories.get("parcel/P1").newest, memories.get("parcel/P2").newest) == (5, 0)


def test_another_run_reads_what_the_first_one_saved(tmp_path: Path, memories: Memories, store: Store) -> None:
    remember(memories, store, "parcel/P1", newest=5)

    assert Memories(a_shop(tmp_path / "again").ruleset.plans, store).get("parcel/P1").newest == 5
