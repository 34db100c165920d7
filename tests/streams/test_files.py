"""Files of records, plain and packed: whole ones are read to their end, and those that are cut off say so."""

import gzip
from pathlib import Path

import pytest
import zstandard

from streams.files import CHUNK, records

LINES = [b'{"number": %d}' % number for number in range(20_000)]


def a_file(path: Path, packed: bytes) -> Path:
    path.write_bytes(packed)
    return path


def zst(lines: list[bytes]) -> bytes:
    return zstandard.compress(b"\n".join(lines) + b"\n")


def test_a_packed_file_gives_what_was_put_into_it(tmp_path: Path) -> None:
    plain = b"\n".join(LINES)

    for name, packed in (("a.jsonl", plain), ("a.gz", gzip.compress(plain)), ("a.zst", zstandard.compress(plain))):
        assert list(records(a_file(tmp_path / name, packed))) == LINES


def test_packed_files_put_behind_one_another_are_read_as_one(tmp_path: Path) -> None:
    file = a_file(tmp_path / "two.zst", zst(LINES[:7_000]) + zst([]) + zst(LINES[7_000:]))

    assert list(records(file)) == LINES


@pytest.mark.parametrize("cut", [1, 5, 1_000, 10_000])
@pytest.mark.parametrize("suffix", [".zst", ".gz"])
def test_a_file_that_is_cut_off_says_so_after_its_last_whole_record(tmp_path: Path, suffix: str, cut: int) -> None:
    whole = zst(LINES) if suffix == ".zst" else gzip.compress(b"\n".join(LINES))
    read = []

    with pytest.raises(EOFError):
        for record in records(a_file(tmp_path / f"cut{suffix}", whole[:-cut])):
            read.append(record)

    assert read == LINES[: len(read)]


def test_blank_lines_are_no_records_and_line_ends_are_not_part_of_one(tmp_path: Path) -> None:
    file = a_file(tmp_path / "a.jsonl", b"\n1\r\n\r\n \t\n 2 \n3\r\r\n\n4\r5\n6")

    assert list(records(file)) == [b"1", b" 2 ", b"3", b"4\r5", b"6"]
    assert list(records(file, skip=2)) == [b"3", b"4\r5", b"6"]


@pytest.mark.parametrize("length", [CHUNK - 2, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_record_may_end_anywhere_in_what_is_read_at_once(tmp_path: Path, length: int) -> None:
    wanted = [b"x" * length, b"y", b"z" * length]

    for suffix, packed in ((".jsonl", bytes), (".gz", gzip.compress), (".zst", zstandard.compress)):
        assert list(records(a_file(tmp_path / f"a{suffix}", packed(b"\r\n".join(wanted))))) == wanted


def test_an_empty_file_has_no_records(tmp_path: Path) -> None:
    assert [*records(a_file(tmp_path / "empty.zst", b"")), *records(a_file(tmp_path / "empty.jsonl", b""))] == []


def test_what_only_calls_itself_packed_is_said_to_be_damaged(tmp_path: Path) -> None:
    with pytest.raises(zstandard.ZstdError):
        list(records(a_file(tmp_path / "no.zst", b'{"number": 1}\n')))
