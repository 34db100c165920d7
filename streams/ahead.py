"""What is read from a file, made in a process beside this one, ahead of its use: a long replay keeps two cores busy."""

import os
import pickle
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
Maker = Callable[[], Iterable[T]]

AT_ONCE = 500
WORTH_IT = 1 << 20


class ReaderLost(ChildProcessError):
    """The process that reads ahead has died: nothing more will come."""


def made_ahead(make: Maker[T], file: Path) -> Iterator[T]:
    """Yield what `make` makes of a file, made here or, where the file is large and there is a second core, ahead of us.

    What it raises is raised here, after all that it made before. What is made must go through pickle. Raises ReaderLost.
    """
    return _from_beside(make) if _is_worth_it(file) else iter(make())


def _is_worth_it(file: Path) -> bool:
    has_a_second_core = hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1
    return has_a_second_core and file.stat().st_size >= WORTH_IT


def _from_beside(make: Maker[T]) -> Iterator[T]:
    """The process is a copy of this one, so that it reads by the same mappings; it ends when we stop listening."""
    ours, theirs = Pipe(duplex=False)
    reader = get_context("fork").Process(target=_make, args=(make, ours, theirs), daemon=True)
    reader.start()
    theirs.close()
    some: list[T]
    try:
        while some := _received(ours):
            yield from some
    finally:
        ours.close()
        reader.join()


def _received(pipe: Connection) -> list[Any]:
    """Return the next of what was made, nothing at the end. Raises what was raised there, and ReaderLost."""
    try:
        some = pickle.loads(pipe.recv_bytes())
    except EOFError:
        raise ReaderLost("the process that reads the file ahead has died") from None
    if isinstance(some, Exception):
        raise some
    return list(some)


def _make(make: Maker[Any], ours: Connection, theirs: Connection) -> None:
    """In the process beside: send all that is made, then what was raised, if anything was, and end without touching the rest."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who is interrupted decides
    ours.close()
    with suppress(BrokenPipeError):
        for some in _handfuls(make):
            theirs.send_bytes(pickle.dumps(some, pickle.HIGHEST_PROTOCOL))
    os._exit(0)


def _handfuls(make: Maker[T]) -> Iterator[list[T] | Exception]:
    """Yield what is made, many at a time, and at the end nothing, or what was raised."""
    some: list[T] = []
    end: list[T] | Exception = []
    try:
        for each in make():
            some.append(each)
            if len(some) == AT_ONCE:
                yield some
                some = []
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is raised where the records are used
        end = fault
    if some:
        yield some
    yield end
