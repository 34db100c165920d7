"""The file of what was told: on the disk before anybody can hear, without what nobody heard, whole after a power cut."""

import stat
from pathlib import Path

import pytest

from contracts.message import Outcome
from storage.errors import StoreDamaged
from storage.noting import Noting
from storage.sqlite import SqliteStore, open_memory, open_store
from storage.told_file import ToldFile
from storage.told_lines import ToldLine
from tests.storage.builders import a_notice, a_phase, add
from tests.storage.test_sending_on import begin, end


def keeping(path: Path) -> SqliteStore:
    store = open_memory(Noting(told=ToldFile(path)))
    add(store, a_phase(), a_notice())
    return store


def heard(path: Path) -> list[tuple[str, bool]]:
    return [(line.notice, line.hearing is not None) for line in ToldFile(path).lines()]


def test_it_begins_with_the_first_who_may_have_heard_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "told.jsonl"
    store = keeping(path)
    assert not path.exists()

    begin(store)

    assert heard(path) == [("ntc_1", True)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_store_that_is_not_a_run_s_keeps_none_where_only_a_run_s_does(tmp_path: Path) -> None:
    for command, kept in (("replay", False), ("run", True)):
        folder, file = tmp_path / command, tmp_path / command / "told.jsonl"
        made = open_store(folder)
        made.set_used_by(command)
        made.close()

        store = open_store(folder, noting=Noting(told=ToldFile(file), only_of="run"))
        add(store, a_phase(), a_notice())
        begin(store)
        store.close()

        assert file.exists() is kept


def test_what_nobody_heard_after_all_is_taken_back(tmp_path: Path) -> None:
    store = keeping(tmp_path / "told.jsonl")
    begin(store)
    end(store, Outcome.REFUSED)

    assert heard(tmp_path / "told.jsonl") == [("ntc_1", True), ("ntc_1", False)]


def test_a_line_that_was_torn_goes_with_the_next(tmp_path: Path) -> None:
    path = tmp_path / "told.jsonl"
    begin(keeping(path))
    with path.open("ab") as file:
        file.write(b'{"notice":"ntc_9","hea' + b"x" * 9_000)
    assert heard(path) == [("ntc_1", True)]

    ToldFile(path).append([ToldLine("ntc_2")])

    assert heard(path) == [("ntc_1", True), ("ntc_2", False)]


def test_a_file_that_is_nothing_but_torn_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "told.jsonl"
    path.write_bytes(b'{"notice"')

    ToldFile(path).append([ToldLine("ntc_2")])

    assert heard(path) == [("ntc_2", False)]


def test_a_line_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "told.jsonl"
    path.write_bytes(b'{"notice":"ntc_1"}\nnonsense\n')

    with pytest.raises(StoreDamaged, match=r"told.jsonl:2  is no line of the log"):
        heard(path)


def test_of_a_long_file_the_newest_lines_are_read(tmp_path: Path) -> None:
    file = ToldFile(tmp_path / "told.jsonl")
    assert file.newest(2) == []
    file.append([ToldLine(f"ntc_{number}") for number in range(2_000)])

    assert [line.notice for line in file.newest(2)] == ["ntc_1998", "ntc_1999"]


def test_where_it_cannot_be_written_nothing_is_sent(tmp_path: Path) -> None:
    path = tmp_path / "told.jsonl"
    store = keeping(path)
    path.mkdir()

    with pytest.raises(IsADirectoryError):
        begin(store)
