"""How far a long command is, on stderr: a bar on a terminal, a line every five seconds otherwise."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tellfirst import clock

EVERY = 5.0

Tick = Callable[[int, int | None], None]


@contextmanager
def progress(what: str, unit: str) -> Iterator[Tick]:
    """Yield a function to call with how many are done, and of how many, where that is known."""
    if sys.stderr.isatty():
        with _bar(what, unit) as tick:
            yield tick
    else:
        yield _lines(what, unit)


@contextmanager
def _bar(what: str, unit: str) -> Iterator[Tick]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,} " + unit), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(what: str, unit: str) -> Tick:
    began = last = clock.elapsed()
    first: int | None = None

    def tick(done: int, total: int | None) -> None:
        nonlocal first, last
        now = clock.elapsed()
        first = done if first is None else first
        if now - last >= EVERY:
            last = now
            of = f" of {total:,}" if total else ""
            print(f"{what}: {done:,}{of} {unit}, {(done - first) / (now - began):,.0f}/s", file=sys.stderr, flush=True)

    return tick
