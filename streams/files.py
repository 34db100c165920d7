"""JSON Lines from a file, plain, gzip or zstandard: one record after the other, as bytes; blank lines are no records."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import IO

import zstandard
from msgspec import DecodeError, json

CHUNK = 1 << 20


def records(path: Path, *, skip: int = 0) -> Iterator[bytes]:
    """Yield the records of a file without their line ends, from number `skip` on. Raises OSError."""
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
                yield BufferedReader(zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True), CHUNK)
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
