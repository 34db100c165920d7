"""What is remembered is found again, whether it stayed here, had to leave, or was dropped."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from rules.compiler import RuleSet
from storage.sqlite import open_memory
from storage.store import CaseRow, Store
from streams.counts import Counts
from streams.memories import Memories
from streams.unwritten import Closed, Unwritten
from streams.writing import Writing
from tests.streams.shop import a_shop


@pytest.fixture
def store() -> Store:
    return open_memory()


@pytest.fixture
def rules(tmp_path: Path) -> RuleSet:
    return a_shop(tmp_path).ruleset


@pytest.fixture
def memories(rules: RuleSet, store: Store) -> Memories:
    return Memories(rules.plans, store, room=0)


def remember(memories: Memories, rules: RuleSet, store: Store, case: str, *, newest: int) -> None:
    memory = memories.get(case)
    memory.newest = newest
    memories.changed[case] = memory
    closed = Closed(memories.packed(), memories.gone(), [], Counts())
    Writing(rules, store).commit(Unwritten(), closed, [], now=newest)
    memories.committed(closed.cases, closed.gone)


def test_a_memory_that_had_to_leave_is_read_again(memories: Memories, rules: RuleSet, store: Store) -> None:
    remember(memories, rules, store, "parcel/P1", newest=5)
    remember(memories, rules, store, "parcel/P2", newest=7)

    assert len(memories.cache) == 0
    assert (memories.get("parcel/P1").newest, memories.get("parcel/P2").newest) == (5, 7)


def test_what_is_changed_stays_until_it_is_written_however_little_room_there_is(
    memories: Memories, rules: RuleSet, store: Store
) -> None:
    for newest in (5, 7):
        memory = memories.get(f"parcel/P{newest}")
        memory.newest = newest
        memories.changed[memory.case] = memory

    remember(memories, rules, store, "parcel/P9", newest=9)

    assert len(memories.cache) == 0
    assert [memories.get(f"parcel/P{newest}").newest for newest in (5, 7, 9)] == [5, 7, 9]


def test_of_many_that_have_room_the_store_is_never_asked(rules: RuleSet, store: Store) -> None:
    cases = [f"parcel/P{number}" for number in range(100)]
    listening: Any = Listening(store)
    memories = Memories(rules.plans, listening, room=60_000)
    for number, case in enumerate(cases):
        remember(memories, rules, store, case, newest=number)

    memories.fetch(cases)

    assert len(memories.cache.near) < 50
    assert [memories.get(case).newest for case in cases] == list(range(100))
    assert listening.asked == []


def test_what_was_dropped_is_not_taken_from_what_was_pressed(rules: RuleSet, store: Store) -> None:
    memories = Memories(rules.plans, store, room=20_000)
    for number in range(50):
        remember(memories, rules, store, f"parcel/P{number}", newest=number)
    somebody_else = Memories(rules.plans, store)
    remember(somebody_else, rules, store, "parcel/P1", newest=1_000)

    memories.drop()

    assert memories.get("parcel/P1").newest == 1_000


def test_what_was_not_saved_is_gone_after_a_drop_and_what_was_saved_is_not(
    memories: Memories, rules: RuleSet, store: Store
) -> None:
    remember(memories, rules, store, "parcel/P1", newest=5)
    for case in ("parcel/P1", "parcel/P2"):
        memories.get(case).newest = 9
        memories.changed[case] = memories.get(case)

    memories.drop()

    assert (memories.get("parcel/P1").newest, memories.get("parcel/P2").newest) == (5, 0)


def test_another_run_reads_what_the_first_one_saved(tmp_path: Path, memories: Memories, rules: RuleSet, store: Store) -> None:
    remember(memories, rules, store, "parcel/P1", newest=5)

    assert Memories(a_shop(tmp_path / "again").ruleset.plans, store).get("parcel/P1").newest == 5


class Listening:
    """A store that notes which cases it was asked for, question by question."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked: list[Sequence[str]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def load_cases(self, cases: Sequence[str]) -> Mapping[str, CaseRow]:
        self.asked.append(cases)
        return self._store.load_cases(cases)


def test_many_memories_are_read_by_one_question(memories: Memories, rules: RuleSet, store: Store) -> None:
    remember(memories, rules, store, "parcel/P1", newest=5)
    listening: Any = Listening(store)
    others = Memories(rules.plans, listening)

    others.fetch(["parcel/P1", "parcel/P2", "parcel/P1"])

    assert (others.get("parcel/P1").newest, others.get("parcel/P2").newest) == (5, 0)
    assert listening.asked == [["parcel/P1", "parcel/P2"]]


def test_nothing_is_asked_of_a_store_that_knows_no_memories(rules: RuleSet, store: Store) -> None:
    listening: Any = Listening(store)
    memories = Memories(rules.plans, listening)

    memories.fetch(["parcel/P1"])

    assert memories.get("parcel/P1").newest == 0
    assert listening.asked == []
