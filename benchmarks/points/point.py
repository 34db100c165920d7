"""What every point of a series does: measure one thing in this process, and print it as a line of JSON."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time_ns

import msgspec

from benchmarks.places import BUILD
from benchmarks.rounds import Answer
from streams.collecting import rare_collection


def main(point: Callable[..., Answer]) -> None:
    """Call the point with what the command line says."""
    sys.stdout.buffer.write(msgspec.json.encode(point(*sys.argv[1:])))


@contextmanager
def a_folder() -> Iterator[Path]:
    """Yield a folder on the disk that the project is on."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=BUILD) as folder:
        yield Path(folder)


def cpu(work: Callable[[], object]) -> int:
    """Return the nanoseconds of CPU, of the whole process, that some work takes."""
    with rare_collection():
        before = process_time_ns()
        work()
        return process_time_ns() - before
