"""Whether the store of a run was put back from a copy, and how it is made whole again: by the log of what was told."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

from storage.recovering import Recovered, recover, unknown
from storage.sql_store import SqlStore
from storage.told_file import FILE, ToldFile, lines_of
from storage.told_lines import ToldLine
from streams.project import Project
from tellfirst.stopping import Exit, stop
from tellfirst.wiring import DATA, noting_of, project_of, store_of

NEWEST = 100


class Log(Protocol):
    @property
    def name(self) -> str: ...
    def newest(self, number: int) -> Sequence[ToldLine]: ...
    def lines(self) -> Iterator[ToldLine]: ...


def log_of(project: Project) -> Log:
    """Return the log that a run of this project writes. Raises Stopped."""
    if project.settings.kafka is None:
        return ToldFile(project.folder / DATA / FILE)
    from streams.kafka.told import ToldTopic
    from tellfirst.kafka.brokers import kafka_of

    return ToldTopic(kafka_of(project), project.folder)


def run_store(project: Project, *, one_of_many: bool = False) -> SqlStore:
    """Open the store for a run, in which all that others must know is noted. Raises CannotOpen, KafkaError, OSError, Stopped.

    one_of_many: several processes run on one database. One that was put back from a copy is refused: it would tell again.
    """
    noting, database = noting_of(project.folder, project.settings), project.settings.database
    store = store_of(project.folder, database, one_of_many=one_of_many, noting=noting)
    try:
        must_be_whole(project, store)
    except BaseException:
        store.close()
        raise
    return store


def must_be_whole(project: Project, store: SqlStore) -> None:
    """Raise Stopped where the store lacks something that was told; KafkaError and OSError where that cannot be known."""
    log = log_of(project)
    if missing := unknown(store, log.newest(NEWEST)):
        fact = f"the store was put back from a copy, and knows nothing of what was told since, such as {missing[-1].notice}"
        raise stop(Exit.REFUSED, log.name, fact, "`tellfirst recover` puts back what is missing; see docs/operations.md")


def recover_told(
    folder: Path | None, source: str | None = None, *, tell: Callable[[int], None] = lambda read: None
) -> tuple[str, Recovered]:
    """Put back what the project's store lacks, while nobody runs on it; return the log's name, and what came of it.

    source: another log than the project's own, a file. tell: hears how many lines were read so far.
    Raises CannotOpen, KafkaError, OSError, Stopped.
    """
    project = project_of(folder)
    log = log_of(project)
    name, lines = (log.name, log.lines()) if source in (None, log.name) else (str(source), lines_of(Path(str(source))))
    with closing(store_of(project.folder, project.settings.database)) as store:
        return name, recover(store, _counted(lines, tell))


def told_to(folder: Path | None, customer: str) -> tuple[str, set[str]]:
    """Return the log's name, and the notices by which it says that a customer heard something.

    Raises KafkaError, OSError, StoreDamaged, Stopped.
    """
    log = log_of(project_of(folder))
    return log.name, {line.notice for line in log.lines() if line.hearing is not None and line.hearing.customer == customer}


def _counted(lines: Iterator[ToldLine], tell: Callable[[int], None]) -> Iterator[ToldLine]:
    for number, line in enumerate(lines, start=1):
        yield line
        tell(number)
