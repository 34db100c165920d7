"""What is read from a file, made in a process beside this one, ahead of its use: a long replay keeps two cores busy."""

import os
import pickle
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from traceback import format_exc
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
S = TypeVar("S")
Maker = Callable[[S], Iterable[T]]

AT_ONCE = 500
WORTH_IT = 1 << 20


class ReaderLost(ChildProcessError):
    """The process that reads ahead has died: nothing more will come."""


class Question(NamedTuple):
    """What the process beside asks of the one that uses what it makes: a method of what that one has."""

    name: str
    values: tuple[Any, ...]
    named: dict[str, Any]


def made_ahead(make: Maker[S, T], file: Path, asked: S) -> Iterator[T]:
    """Yield what `make` makes of a file, made here or, where the file is large and there is a second core, ahead of us.

    asked: what `make` is given, to ask of it what it needs. From the other process a question comes in its turn: when all that
    was made before it has been used. Questions, answers and what is made must go through pickle.
    What `make` raises is raised here, after all that it made before. Raises ReaderLost.
    """
    return _from_beside(make, asked) if _is_worth_it(file) else iter(make(asked))


def _is_worth_it(file: Path) -> bool:
    has_a_second_core = hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1
    return has_a_second_core and file.stat().st_size >= WORTH_IT


def _from_beside(make: Maker[S, T], asked: S) -> Iterator[T]:
    """The process is a copy of this one, so that it reads by the same mappings; it ends when we stop listening."""
    ours, theirs = Pipe()
    reader = get_context("fork").Process(target=_make, args=(make, ours, theirs), daemon=True)
    reader.start()
    theirs.close()
    try:
        while some := _received(ours):
            if isinstance(some, Question):
                ours.send(getattr(asked, some.name)(*some.values, **some.named))
            else:
                yield from some
    finally:
        ours.close()
        reader.join()


def _received(pipe: Connection) -> list[Any] | Question:
    """Return the next of what was made or is asked, nothing at the end. Raises what was raised there, and ReaderLost."""
    try:
        some: list[Any] | Question | Exception = pickle.loads(pipe.recv_bytes())
    except (EOFError, ConnectionError):
        raise ReaderLost("the process that reads the file ahead has died") from None
    if isinstance(some, Exception):
        raise some
    return some


def _make(make: Maker[Any, Any], ours: Connection, theirs: Connection) -> None:
    """In the process beside: send all that is made, then what was raised, if anything was, and end without touching the rest."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who is interrupted decides
    ours.close()
    with suppress(ConnectionError):
        _Beside(theirs).send_all(make)
    os._exit(0)


class _Beside:
    """What is made is sent, many at a time; what is asked of this is asked of the one who uses it, after all that was made."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._made: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return partial(self._ask, name)

    def _ask(self, name: str, /, *values: Any, **named: Any) -> Any:
        self._send_made()
        self._send(Question(name, values, named))
        return self._pipe.recv()

    def send_all(self, make: Maker[Any, Any]) -> None:
        end: list[Any] | Exception = []
        try:
            for each in make(self):
                self._made.append(each)
                if len(self._made) == AT_ONCE:
                    self._send_made()
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is raised where what was made is used
            fault.add_note(format_exc())
            end = fault
        self._send_made()
        self._send(end)

    def _send_made(self) -> None:
        if self._made:
            self._send(self._made)
            self._made = []

    def _send(self, what: object) -> None:
        self._pipe.send_bytes(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))
