"""What is read by a process beside this one comes as if it were read here."""

import asyncio
import os
import signal
from collections.abc import Iterator
from functools import partial
from itertools import count
from multiprocessing import active_children
from pathlib import Path

import pytest

from contracts.times import parse_instant
from storage.sqlite import open_memory
from streams import ahead
from streams.ahead import ReaderLost, made_ahead
from streams.project import load_project
from streams.replay import replay
from streams.telling import Reach
from tests.streams.shop import a_shop, a_week, replayed, rows_of

pytestmark = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="nothing is read ahead on one core")


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "WORTH_IT", 0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_bytes(b"")
    return tmp_path / "file"


def numbers(upto: int, fault: Exception | None, nobody: None = None) -> Iterator[tuple[int, int]]:
    for number in range(upto):
        yield number, os.getpid()
    if fault:
        raise fault


@pytest.mark.parametrize("upto", [0, 1, ahead.AT_ONCE - 1, ahead.AT_ONCE, 3 * ahead.AT_ONCE + 1])
def test_all_comes_in_its_order_from_another_process(file: Path, upto: int) -> None:
    made = list(made_ahead(partial(numbers, upto, None), file, None))

    assert [number for number, _ in made] == list(range(upto))
    assert os.getpid() not in [process for _, process in made]


@pytest.mark.parametrize("fault", [EOFError("cut off"), OSError(5, "a disk that fails", "events.jsonl"), ValueError("odd")])
def test_what_is_raised_comes_after_all_that_was_made_before(file: Path, fault: Exception) -> None:
    seen = []
    with pytest.raises(type(fault)) as raised:
        for number, _ in made_ahead(partial(numbers, 700, fault), file, None):
            seen.append(number)

    assert (seen, str(raised.value)) == (list(range(700)), str(fault))


class Book:
    """What is asked beside: how far we are."""

    def __init__(self) -> None:
        self.used: list[int] = []

    def count(self) -> int:
        return len(self.used)

    def sum(self, first: int, *, upto: int) -> int:
        return sum(self.used[first:upto])


def asked_now_and_then(book: Book) -> Iterator[int]:
    for number in range(700):
        yield number
        if number % 300 == 299:
            yield book.count()
            yield book.sum(0, upto=10)


def test_a_question_comes_when_all_that_was_made_before_it_has_been_used(file: Path) -> None:
    book = Book()

    for number in made_ahead(asked_now_and_then, file, book):
        book.used.append(number)

    assert book.used[300:302] == [300, 45]
    assert book.used[602:604] == [602, 45]
    assert len(book.used) == 704


class Refusing:
    def count(self) -> int:
        raise OSError("no answer")


def test_what_the_answer_raises_is_raised_to_the_one_who_uses(file: Path) -> None:
    def asking(book: Refusing) -> Iterator[int]:
        yield 1
        yield book.count()

    with pytest.raises(OSError, match="no answer"):
        list(made_ahead(asking, file, Refusing()))
    assert active_children() == []


def test_what_is_raised_beside_says_where(file: Path) -> None:
    with pytest.raises(ValueError, match="odd") as raised:
        list(made_ahead(partial(numbers, 1, ValueError("odd")), file, None))

    assert "in numbers" in raised.value.__notes__[0]


def test_a_reader_that_is_killed_is_missed(file: Path) -> None:
    made = made_ahead(lambda _: ((number, os.getpid()) for number in count()), file, None)
    _, reader = next(made)
    os.kill(reader, signal.SIGKILL)

    with pytest.raises(ReaderLost):
        list(made)


def test_the_reader_ends_when_nobody_listens_any_more(file: Path) -> None:
    made = made_ahead(lambda _: ((number, os.getpid()) for number in count()), file, None)
    next(made)

    made.close()  # type: ignore[attr-defined]

    assert active_children() == []


def test_a_small_file_is_read_here(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "WORTH_IT", 1)

    assert {process for _, process in made_ahead(partial(numbers, 3, None), file, None)} == {os.getpid()}


@pytest.mark.parametrize("batch", [7, 5_000])
def test_a_replay_writes_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    project, file = a_shop(tmp_path), a_week(tmp_path / "week.jsonl")
    beside = rows_of(replayed(project, file, batch=batch)[0])
    monkeypatch.setattr(ahead, "WORTH_IT", 1 << 40)

    assert beside["notices"]
    assert rows_of(replayed(project, file, batch=batch)[0]) == beside


def test_a_replay_in_which_memories_and_customers_must_leave_writes_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, file = a_shop(tmp_path), a_week(tmp_path / "week.jsonl")
    all_here = rows_of(replayed(project, file)[0])
    monkeypatch.setattr("streams.settings.MEBIBYTE", 12)
    monkeypatch.setattr("streams.people.KEPT", 3)

    assert rows_of(replayed(project, file, batch=50)[0]) == all_here


def test_time_runs_on_beside_as_it_does_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, file = a_shop(tmp_path), a_week(tmp_path / "week.jsonl")

    def rows_of_a_month_more() -> object:
        store = open_memory()
        asyncio.run(replay(project, store, file, reach=Reach(), until=parse_instant("2026-05-01T00:00:00Z")))
        return rows_of(store), list(store.export("promises")), list(store.export("notices"))

    beside = rows_of_a_month_more()
    monkeypatch.setattr(ahead, "WORTH_IT", 1 << 40)

    assert rows_of_a_month_more() == beside


def test_rules_that_changed_are_taken_up_beside_too(tmp_path: Path) -> None:
    project, file = a_shop(tmp_path), a_week(tmp_path / "week.jsonl")
    store, tally = replayed(project, file)
    before = rows_of(store)
    for part in (tmp_path / "rules").glob("late-parcel*"):
        part.unlink()

    _, again = replayed(load_project(tmp_path), file, store=store)

    assert again == tally
    assert rows_of(store)["problems"] == before["problems"]
