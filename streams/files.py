"""JSON Lines from a file, plain, gzip or zstandard: one record after the other, as bytes; blank lines are no records."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from io import BufferedReader, RawIOBase
from itertools import islice
from pathlib import Path
from typing import IO, Any

import zstandard
from msgspec import DecodeError, json

CHUNK = 1 << 20
PACKED_CHUNK = 1 << 13


class Unpacked(RawIOBase):
    """What a zstandard file holds, frame after frame. A file that ends within a frame ends in an EOFError."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed, self._frame = packed, zstandard.ZstdDecompressor().decompressobj()
        self._begun, self._ready = False, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        while not self._ready and (packed := self._frame.unused_data or self._packed.read(PACKED_CHUNK)):
            self._unpack(packed)
        if not self._ready and self._begun and not self._frame.eof:
            raise EOFError("it ends before its last frame is whole")
        count = min(len(room), len(self._ready))
        room[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _unpack(self, packed: bytes) -> None:
        if self._frame.eof:
            self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = True
        self._ready = memoryview(self._frame.decompress(packed))


def records(path: Path, *, skip: int = 0) -> Iterator[bytes]:
    """Yield the records of a file without their line ends, from number `skip` on.

    Raises OSError, and where the file is cut off or damaged EOFError, BadGzipFile or ZstdError after the last whole record.
    """
    with opened(path) as stream:
        lines = (line for line in stream if not line.isspace())
        for line in islice(lines, skip, None):
            yield line.rstrip(b"\r\n")


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file to read what it holds, unpacked by what its name ends with."""
    with path.open("rb", buffering=CHUNK) as stream:
        match path.suffix:
            case ".gz":
                yield BufferedReader(gzip.GzipFile(fileobj=stream), CHUNK)
            case ".zst":
                yield BufferedReader(Unpacked(stream), CHUNK)
            case _:
                yield stream


def name_of(path: Path) -> str:
    """Return the name under which a file's position is kept: its own, and a mark of how it begins, so that another is another."""
    first = next(records(path), b"")
    return f"{path.name}#{blake2b(first, digest_size=4).hexdigest()}"


def is_cloud_event(line: bytes) -> bool:
    """Whether a line looks like a CloudEvent, whatever else may be wrong with it."""
    try:
        envelope = json.decode(line)
    except (DecodeError, UnicodeDecodeError):
        return True
    return isinstance(envelope, dict) and "specversion" in envelope
