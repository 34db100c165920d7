"""The one place where a concrete thing is chosen: where a project keeps what, which store, which channels, which runtime."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.sqlite import SqliteStore, open_store
from tellfirst.settings import read_settings

DATA = "data"
OUTBOX = "outbox"


def folder_of(project: Path | None) -> Path:
    """Return the project's folder: the one named on the command line, else in the environment, else this one. Raises OSError."""
    folder = project or read_settings().project
    next(folder.iterdir(), None)
    return folder


def data_of(project: Path | None) -> Path:
    return folder_of(project) / DATA


@contextmanager
def reading(project: Path | None) -> Iterator[SqliteStore]:
    """Open the project's store to read, also beside a process that writes it."""
    with closing(open_store(data_of(project), read_only=True)) as store:
        yield store
