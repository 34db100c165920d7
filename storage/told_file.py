"""The log of what was told, as a file beside the store: each line is committed before, and on the disk before anybody hears it.

Only a store that was put back from a copy lacks what the file says; taking back a line is written before the store does.
"""

import fcntl
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from msgspec import DecodeError

from storage.errors import StoreDamaged, StoreLocked
from storage.folder import OWNER_ALONE, put_on_disk
from storage.noting_told import NotesTold
from storage.session import Session
from storage.told_anew import draft_of, needed, write_anew
from storage.told_lines import ToldLine, decode, encode

FILE = "told.jsonl"
LINE_END = b"\n"
LONG_LINE = 4 << 10
LARGE = 1 << 20


class ToldFile:
    """It is made with its first line. A line that a power cut tore was never acted on, and goes when the next is written.

    large: how many bytes it may have before it is written anew with what is still needed, or twice of that where that is more.
    """

    def __init__(self, path: Path, *, large: int = LARGE) -> None:
        self.path, self.name = path, str(path)
        self._large = self._most = large
        self._file: IO[bytes] | None = None

    def append(self, lines: Sequence[ToldLine]) -> None:
        """Return once they are on the disk. Raises OSError."""
        if lines:
            file = self._file = self._file or _opened(self.path)
            file.write(b"".join(encode(line) + LINE_END for line in lines))
            file.flush()
            os.fsync(file.fileno())
            if file.tell() > self._most:
                self._shorten()

    def _shorten(self) -> None:
        """Keep what is still needed. A file in which somebody has damaged a line stays as it is: what was told comes first."""
        with suppress(StoreDamaged, StoreLocked):
            self._write_anew(needed(self.lines()))
        self._most = max(self._large, 2 * self.path.stat().st_size)

    def erase(self, notices: Collection[str]) -> None:
        """Keep nothing of these notices. Raises OSError, StoreDamaged, and StoreLocked where another process writes the log."""
        if self.path.exists():
            self._file = self._file or _opened(self.path)
            self._write_anew({place for place, line in enumerate(self.lines()) if line.notice not in notices})

    def _write_anew(self, places: Collection[int]) -> None:
        """Nobody else may have the file open, for what they write into it next would be lost."""
        assert self._file is not None
        _have_alone(self._file, self.path)
        write_anew(self.path, places=places)
        self.close()

    def lines(self) -> Iterator[ToldLine]:
        """Yield all lines, oldest first. Raises OSError, and StoreDamaged for what is no line."""
        if self.path.exists():
            yield from lines_of(self.path)

    def newest(self, number: int) -> Sequence[ToldLine]:
        """Return the newest lines, at most so many, without reading all of them. Raises OSError, StoreDamaged."""
        if not self.path.exists():
            return []
        with self.path.open("rb") as file:
            begin = max(0, file.seek(0, os.SEEK_END) - number * LONG_LINE)
            file.seek(begin)
            lines = file.read().split(LINE_END)[1 if begin else 0 : -1]
        return [_line(self.path, line, "near its end") for line in lines[-number:]]

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def lines_of(path: Path) -> Iterator[ToldLine]:
    """Yield the lines of a file, but for one at its end that was torn. Raises OSError, StoreDamaged."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(LINE_END):
                return
            yield _line(path, line, number)


def _line(path: Path, line: bytes, place: int | str) -> ToldLine:
    try:
        return decode(line)
    except DecodeError as fault:
        remedy = "take the line out; who it tells of may hear it again"
        raise StoreDamaged(f"{path}:{place}  is no line of the log of what was told: {fault} — {remedy}") from None


def _opened(path: Path) -> IO[bytes]:
    """Return the file to be written on at its end. As long as it is open, nobody else writes it anew."""
    is_new = not path.exists()
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, OWNER_ALONE), "r+b")
    fcntl.flock(file, fcntl.LOCK_SH)
    if not os.path.samestat(os.fstat(file.fileno()), path.stat()):
        file.close()
        return _opened(path)
    draft_of(path).unlink(missing_ok=True)
    file.truncate(_whole(file))
    file.seek(0, os.SEEK_END)
    if is_new:
        put_on_disk(path.parent)
    return file


def _have_alone(file: IO[bytes], path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(file, fcntl.LOCK_SH)
        raise StoreLocked(f"{path}: another process writes to it — stop it first") from None


def _whole(file: IO[bytes]) -> int:
    """Return where the last whole line ends."""
    end = file.seek(0, os.SEEK_END)
    while end:
        begin = max(0, end - 4096)
        file.seek(begin)
        found = file.read(end - begin).rfind(LINE_END)
        if found >= 0:
            return begin + found + 1
        end = begin
    return 0


class KeepsTold(NotesTold):
    """A transaction whose tellings are in the file before anybody can act on its commit."""

    def __init__(self, session: Session, *, file: ToldFile, told_before: bool = False) -> None:
        super().__init__(session, told_before=told_before)
        self._file = file
        self._heard: Sequence[ToldLine] = ()

    def erase_told(self, notices: Sequence[str]) -> None:
        super().erase_told(notices)
        self._file.erase(notices)

    def ending(self) -> None:
        super().ending()
        told = self.told()
        self._heard = [line for line in told if line.hearing is not None]
        self._file.append([line for line in told if line.hearing is None])

    def ended(self) -> None:
        super().ended()
        self._file.append(self._heard)
