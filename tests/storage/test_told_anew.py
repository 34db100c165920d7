"""The log of what was told stays bounded, and forgets whom it is to forget; a crash in the midst of that loses nothing."""

import stat
from pathlib import Path
from typing import Any

import pytest

from contracts.outgoing import Word
from contracts.times import DAY
from storage.errors import StoreDamaged, StoreLocked
from storage.noting import Noting
from storage.recovering import recover
from storage.sql_store import SqlStore
from storage.sqlite import open_memory
from storage.told_anew import needed, write_anew
from storage.told_file import ToldFile
from storage.told_lines import Hearing, ToldLine
from tests.storage.builders import NOON, a_notice, a_phase, add
from tests.storage.test_sending_on import begin, of

NOBODY: dict[str, Any] = dict.fromkeys(Hearing.__struct_fields__)


class Crash(Exception):
    """The process is gone."""


def a_line(notice: int, *, day: float = 0, customer: str = "C1") -> ToldLine:
    told = {"customer": customer, "channel": "email", "message": f"msg_{notice}", "tries": 1}
    return ToldLine(f"ntc_{notice}", Hearing(**{**NOBODY, **told, "told_at": NOON + int(day * DAY)}))


def taken_back(notice: int) -> ToldLine:
    return ToldLine(f"ntc_{notice}")


def written(path: Path, *lines: ToldLine) -> ToldFile:
    file = ToldFile(path)
    file.append(lines)
    return file


def left(path: Path) -> list[str]:
    return [line.notice for line in ToldFile(path).lines()]


def test_of_each_notice_its_newest_line_is_needed_and_none_where_nobody_heard_it() -> None:
    lines = [a_line(1), a_line(2), a_line(3), a_line(1), taken_back(2), a_line(4), taken_back(4), a_line(4)]

    assert sorted(needed(lines)) == [2, 3, 7]


def test_what_was_told_more_than_ninety_days_before_the_last_is_not_needed() -> None:
    assert sorted(needed([a_line(1), a_line(2, day=1), a_line(3, day=91), taken_back(9)])) == [1, 2]
    assert needed([]) == set()


def test_a_log_that_grows_is_written_anew_with_what_is_needed(tmp_path: Path) -> None:
    path, most = tmp_path / "told.jsonl", 20_000
    file = ToldFile(path, large=most)
    for number in range(2_000):
        file.append([a_line(number % 10), a_line(10_000 + number, day=number)])

    assert path.stat().st_size < 2 * most + 2_000
    assert left(path)[-2:] == ["ntc_9", "ntc_11999"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_log_of_which_all_is_needed_is_not_written_anew_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []

    def counted(path: Path, *, places: Any) -> None:
        times.append(len(places))
        write_anew(path, places=places)

    monkeypatch.setattr("storage.told_file.write_anew", counted)
    file = ToldFile(tmp_path / "told.jsonl", large=1_000)
    for number in range(1_000):
        file.append([a_line(number)])

    assert len(times) <= 9
    assert left(tmp_path / "told.jsonl") == [f"ntc_{number}" for number in range(1_000)]


def test_from_what_is_left_a_copy_learns_the_same_as_from_all_of_it(tmp_path: Path) -> None:
    lines = [a_line(1), a_line(2), taken_back(2), a_line(1, day=1), a_line(3, day=2), taken_back(1), a_line(1, day=3)]
    path = tmp_path / "told.jsonl"
    written(path, *lines)
    write_anew(path, places=needed(lines))

    learned = []
    for log in (lines, list(ToldFile(path).lines())):
        store = open_memory()
        recover(store, log)
        learned.append(store.session.rows("SELECT notice, line FROM told_before ORDER BY notice"))

    assert len(left(path)) == 2
    assert learned[0] == learned[1]


def crash(*_: object, **__: object) -> None:
    raise Crash


@pytest.mark.parametrize(
    ("what", "is_new"),
    [("os.open", False), ("os.fsync", False), ("pathlib.Path.replace", False), ("storage.told_anew.put_on_disk", True)],
)
def test_a_crash_leaves_the_log_as_it_was_or_as_it_is_to_be_and_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, is_new: bool
) -> None:
    path = tmp_path / "told.jsonl"
    written(path, a_line(1), a_line(2, customer="C2"), a_line(3)).close()
    with monkeypatch.context() as dies, pytest.raises(Crash):
        dies.setattr(what, crash)
        write_anew(path, places={1})
    after = left(path)

    written(path, a_line(4))
    ToldFile(path).erase({"ntc_1", "ntc_3"})

    assert after == (["ntc_2"] if is_new else ["ntc_1", "ntc_2", "ntc_3"])
    assert left(path) == ["ntc_2", "ntc_4"]
    assert list(tmp_path.iterdir()) == [path]


def test_of_whom_it_is_to_forget_no_byte_is_left_and_it_goes_on_behind_a_link_too(tmp_path: Path) -> None:
    path, disk = tmp_path / "told.jsonl", tmp_path / "other disk"
    disk.mkdir()
    path.symlink_to(disk / "told.jsonl")
    file = written(path, a_line(1, customer="MARKER"), a_line(2), taken_back(1), a_line(1, customer="MARKER"))

    file.erase({"ntc_1"})
    file.append([a_line(3)])

    assert left(path) == ["ntc_2", "ntc_3"]
    assert path.is_symlink()
    assert all(b"MARKER" not in each.read_bytes() for each in disk.iterdir())


def test_beside_another_writer_nothing_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "told.jsonl"
    writer = written(path, a_line(1))
    other = ToldFile(path, large=1)

    with pytest.raises(StoreLocked, match=r"told.jsonl: another process writes to it — stop it first"):
        other.erase({"ntc_1"})
    other.append([a_line(1)])
    writer.append([a_line(2)])

    assert left(path) == ["ntc_1", "ntc_1", "ntc_2"]


def test_a_damaged_line_keeps_nobody_from_being_told_and_is_not_thrown_away(tmp_path: Path) -> None:
    path = tmp_path / "told.jsonl"
    path.write_bytes(b"nonsense\n")
    file = ToldFile(path, large=1)

    file.append([a_line(1)])

    assert path.read_bytes().startswith(b"nonsense\n")
    with pytest.raises(StoreDamaged):
        file.erase({"ntc_1"})


def test_what_is_erased_in_a_transaction_goes_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "told.jsonl"
    store = open_memory(Noting(told=ToldFile(path)))
    add(store, a_phase(), a_notice())
    begin(store)

    with store.transaction() as tx:
        tx.erase_told(["ntc_1"])

    assert left(path) == []


def test_where_topics_are_the_log_its_records_are_taken_back(sending: SqlStore) -> None:
    add(sending, a_phase(), a_notice())
    begin(sending)

    with sending.transaction() as tx:
        tx.erase_told(["ntc_1"])

    assert [(each.key, each.value is None) for each in of(sending, Word.TOLD)] == [(b"ntc_1", False), (b"ntc_1", True)]
