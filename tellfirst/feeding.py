"""Records of a file or of standard input, one after the other, without keeping anything else from running."""

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path

from streams.files import records

AT_ONCE = 1_000
CHUNK = 1 << 16
LONGEST = 16 << 20


async def from_file(path: Path, *, skip: int = 0) -> AsyncIterator[bytes]:
    """Yield a file's records from number `skip` on, read in another thread. Raises OSError."""
    rest = records(path, skip=skip)
    while some := await asyncio.to_thread(_take, rest):
        for record in some:
            yield record


def _take(rest: Iterator[bytes]) -> list[bytes]:
    return list(islice(rest, AT_ONCE))


async def from_standard_input() -> AsyncIterator[bytes]:
    """Yield the records of standard input as they come; the end of the input is the end, and a closed input has none."""
    if sys.stdin is None:
        return
    if not makes_wait(sys.stdin.fileno()):
        for line in sys.stdin.buffer:
            if not line.isspace():
                yield line.rstrip(b"\r\n")
        return
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer)
    async for record in lines_of(reader):
        yield record


def makes_wait(descriptor: int) -> bool:
    """Whether whoever reads may have to wait for more: of a pipe, a socket or a terminal; never of a file, nor of /dev/null."""
    mode = os.fstat(descriptor).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor)


async def lines_of(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Yield lines without their ends, none of them blank; what has no end within 16 MiB is cut there."""
    rest = b""
    while chunk := await reader.read(CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if not line.isspace() and line:
                yield line.rstrip(b"\r")
        if len(rest) > LONGEST:
            yield rest
            rest = b""
    if rest.strip():
        yield rest.rstrip(b"\r")
