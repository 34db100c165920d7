"""Where every thread of a process stands that runs: it writes so into a file that it holds open, when a signal asks it to."""

import faulthandler
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import structlog

FILES = "stacks-*.txt"
ASKING = signal.SIGUSR1
WAIT_SECONDS = 2.0
MOST_BYTES = 256 * 1024

log = structlog.get_logger()


@contextmanager
def told_when_asked(data: Path, role: str) -> Iterator[None]:
    """Answer the signal for as long as this lasts, also when the loop hangs. The file's first line is our process number.

    An intake needs no folder to write to; where there is none, it cannot be asked.
    """
    path = data / FILES.replace("*", role)
    try:
        data.mkdir(exist_ok=True)
        file = path.open("w", encoding="ascii")
    except OSError as fault:
        log.warning("nobody can ask where our threads stand", fault=str(fault))
        yield
        return
    with file:
        print(os.getpid(), file=file, flush=True)
        faulthandler.register(ASKING, file=file, all_threads=True)
        try:
            yield
        finally:
            faulthandler.unregister(ASKING)
            path.unlink(missing_ok=True)


def ask(data: Path) -> Mapping[str, str]:
    """Return where the threads stand of each process that runs on this folder and can be asked, by its role."""
    asked = {path.stem.partition("-")[2]: _ask(path) for path in sorted(data.glob(FILES))}
    return {role: said for role, said in asked.items() if said is not None}


def _ask(path: Path) -> str | None:
    try:
        process = int(path.read_text(encoding="ascii").partition("\n")[0])
        if not _holds(process, path):
            return None
        before = path.stat().st_size
        os.kill(process, ASKING)
        return _answer(path, before)
    except (OSError, ValueError):
        return None


def _holds(process: int, path: Path) -> bool:
    """Whether this process has the file open. The signal would end any other: in another container numbers mean others."""
    return any(each.resolve() == path.resolve() for each in Path(f"/proc/{process}/fd").iterdir())


def _answer(path: Path, before: int) -> str | None:
    """Return what is written after the first bytes, once nothing more comes."""
    said = b""
    for _ in range(int(WAIT_SECONDS / 0.05)):
        time.sleep(0.05)
        longer = path.read_bytes()[before : before + MOST_BYTES]
        if longer and longer == said:
            break
        said = longer
    return said.decode("utf-8", "replace") or None
