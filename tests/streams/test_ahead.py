"""What is read by a process beside this one comes as if it were read here."""

import os
import signal
from collections.abc import Iterator
from functools import partial
from itertools import count
from multiprocessing import active_children
from pathlib import Path

import pytest

from streams import ahead
from streams.ahead import ReaderLost, made_ahead
from tests.streams.shop import a_shop, a_week, replayed, rows_of

pytestmark = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="nothing is read ahead on one core")


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "WORTH_IT", 0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_bytes(b"")
    return tmp_path / "file"


def numbers(upto: int, fault: Exception | None = None) -> Iterator[tuple[int, int]]:
    for number in range(upto):
        yield number, os.getpid()
    if fault:
        raise fault


@pytest.mark.parametrize("upto", [0, 1, ahead.AT_ONCE - 1, ahead.AT_ONCE, 3 * ahead.AT_ONCE + 1])
def test_all_comes_in_its_order_from_another_process(file: Path, upto: int) -> None:
    made = list(made_ahead(partial(numbers, upto), file))

    assert [number for number, _ in made] == list(range(upto))
    assert os.getpid() not in [process for _, process in made]


@pytest.mark.parametrize("fault", [EOFError("cut off"), OSError(5, "a disk that fails", "events.jsonl"), ValueError("odd")])
def test_what_is_raised_comes_after_all_that_was_made_before(file: Path, fault: Exception) -> None:
    seen = []
    with pytest.raises(type(fault)) as raised:
        for number, _ in made_ahead(partial(numbers, 700, fault), file):
            seen.append(number)

    assert (seen, str(raised.value)) == (list(range(700)), str(fault))


def test_a_reader_that_is_killed_is_missed(file: Path) -> None:
    made = made_ahead(lambda: ((number, os.getpid()) for number in count()), file)
    _, reader = next(made)
    os.kill(reader, signal.SIGKILL)

    with pytest.raises(ReaderLost):
        list(made)


def test_the_reader_ends_when_nobody_listens_any_more(file: Path) -> None:
    made = made_ahead(lambda: ((number, os.getpid()) for number in count()), file)
    next(made)

    made.close()  # type: ignore[attr-defined]

    assert active_children() == []


def test_a_small_file_is_read_here(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "WORTH_IT", 1)

    assert {process for _, process in made_ahead(partial(numbers, 3), file)} == {os.getpid()}


@pytest.mark.parametrize("batch", [7, 5_000])
def test_a_replay_writes_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    project, file = a_shop(tmp_path), a_week(tmp_path / "week.jsonl")
    beside = rows_of(replayed(project, file, batch=batch)[0])
    monkeypatch.setattr(ahead, "WORTH_IT", 1 << 40)

    assert beside["notices"]
    assert rows_of(replayed(project, file, batch=batch)[0]) == beside
