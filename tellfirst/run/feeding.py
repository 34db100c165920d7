"""Records of a file or of standard input, as many at once as there are, without keeping anything else from running."""

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path

from streams.files import records

AT_ONCE = 500
CHUNK = 1 << 16
LONGEST = 16 << 20


async def from_file(path: Path, *, skip: int = 0) -> AsyncIterator[list[bytes]]:
    """Yield a file's records from number `skip` on, read in another thread. Raises OSError."""
    rest = records(path, skip=skip)
    while some := await asyncio.to_thread(_some, rest):
        yield some


def _some(rest: Iterator[bytes]) -> list[bytes]:
    return list(islice(rest, AT_ONCE))


async def from_standard_input() -> AsyncIterator[list[bytes]]:
    """Yield the records of standard input as they come; the end of the input is the end, and a closed input has none."""
    if sys.stdin is None:
        return
    if not makes_wait(sys.stdin.fileno()):
        lines = (line.rstrip(b"\r\n") for line in sys.stdin.buffer if not line.isspace())
        while some := _some(lines):
            yield some
        return
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer)
    async for some in lines_of(reader):
        yield some


def makes_wait(descriptor: int) -> bool:
    """Whether whoever reads may have to wait for more: of a pipe, a socket or a terminal; never of a file, nor of /dev/null."""
    mode = os.fstat(descriptor).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor)


async def lines_of(reader: asyncio.StreamReader) -> AsyncIterator[list[bytes]]:
    """Yield lines without their ends, none of them blank; what has no end within 16 MiB is cut there."""
    rest = b""
    while chunk := await reader.read(CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        if len(rest) > LONGEST:
            whole, rest = [*whole, rest], b""
        lines = (line.rstrip(b"\r") for line in whole if line and not line.isspace())
        while some := _some(lines):
            yield some
    if rest.strip():
        yield [rest.rstrip(b"\r")]
