"""JSON Lines from a file, plain, gzip or zstandard: one record after the other, as bytes; blank lines are no records."""

import gzip
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path
from typing import IO

import zstandard
from msgspec import DecodeError, json

CHUNK = 1 << 18
PACKED_CHUNK = 1 << 13


def records(path: Path, *, skip: int = 0) -> Iterator[bytes]:
    """Return the records of a file without their line ends, from number `skip` on.

    Raises OSError, and where the file is cut off or damaged EOFError, BadGzipFile or ZstdError after the last whole record.
    """
    return islice(chain.from_iterable(_some_records(path)), skip, None)


def _some_records(path: Path) -> Iterator[Iterable[bytes]]:
    """Yield the records that end in a chunk together. A line may go through many chunks; it is put together once."""
    begun: list[bytes] = []
    for chunk in _chunks(path):
        lines = chunk.split(b"\n")
        begun.append(lines[0])
        if len(lines) > 1:
            lines[0], begun = b"".join(begun), [lines.pop()]
            yield _without_blanks(lines, may_return=b"\r" in chunk)
    yield _without_blanks([b"".join(begun)], may_return=True)


def _without_blanks(lines: list[bytes], *, may_return: bool) -> Iterable[bytes]:
    """may_return: whether another line than the first may end in a carriage return."""
    lines[0] = lines[0].rstrip(b"\r")
    return filter(bytes.strip, [line.rstrip(b"\r") for line in lines] if may_return else lines)


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield what a file holds, unpacked by what its name ends with."""
    with path.open("rb") as stream:
        match path.suffix:
            case ".gz":
                yield from iter(partial(gzip.GzipFile(fileobj=stream).read1, CHUNK), b"")
            case ".zst":
                yield from _unpacked(stream)
            case _:
                yield from iter(partial(stream.read, CHUNK), b"")


def _unpacked(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what a zstandard file holds, frame after frame. A file that ends within a frame ends in an EOFError."""
    frame = zstandard.ZstdDecompressor().decompressobj()
    begun = False
    while packed := frame.unused_data or stream.read(PACKED_CHUNK):
        if frame.eof:
            frame = zstandard.ZstdDecompressor().decompressobj()
        begun = True
        yield frame.decompress(packed)
    if begun and not frame.eof:
        raise EOFError("it ends before its last frame is whole")


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
