"""One contestant, one stream, one process: how long it takes from an empty state to the end, and what it found, as JSON.

Used by the rounds: python -m benchmarks.once NAME STREAM
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns, process_time_ns

import msgspec

from benchmarks.contestants.names import make
from streams.collecting import rare_collection

WARM = 30_000


def measure(name: str, lines: list[bytes], folder: Path) -> dict[str, object]:
    """Run a contestant over the beginning of a stream until it is warm, then another one over all of it."""
    make(name, folder / "warm").take(lines[:WARM])
    contestant = make(name, folder / "measured")
    with rare_collection():
        begun, before = perf_counter_ns(), process_time_ns() + contestant.elsewhere_ns()
        contestant.take(lines)
        spent, passed = process_time_ns() + contestant.elsewhere_ns() - before, perf_counter_ns() - begun
    return {"events": len(lines), "cpu_ns": spent, "clock_ns": passed, "found": sorted(contestant.found())}


def main() -> None:
    name, stream = sys.argv[1:]
    lines = Path(stream).read_bytes().splitlines()
    with TemporaryDirectory(dir=Path(stream).parent) as folder:
        sys.stdout.buffer.write(msgspec.json.encode(measure(name, lines, Path(folder))))


if __name__ == "__main__":
    main()
