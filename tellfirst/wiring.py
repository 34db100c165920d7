"""The one place where a concrete thing is chosen: where a project keeps what, which store, which channels, which runtime."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from notifiers.channels import Channel, DeskFile, Outbox
from rules.suggest import did_you_mean
from storage.sqlite import SqliteStore, open_store
from streams.project import Project, load_project
from streams.replay import replay
from streams.rule_tests import TestResult, run_rule_tests
from streams.tally import Tally
from streams.telling import Reach
from tellfirst.settings import read_settings
from tellfirst.stopping import Exit, stop

DATA = "data"
OUTBOX = "outbox"
DESK = "desk.jsonl"
RUN, REPLAY = "run", "replay"

Replaying = Callable[[Path, str | None, int | None, Callable[[int], None]], Coroutine[None, None, Tally]]


def folder_of(project: Path | None) -> Path:
    """Return the project's folder: the one named on the command line, else in the environment, else this one. Raises OSError."""
    folder = project or read_settings().project
    next(folder.iterdir(), None)
    return folder


def data_of(project: Path | None) -> Path:
    return folder_of(project) / DATA


def outbox_of(project: Path | None) -> Path:
    return data_of(project) / OUTBOX


def project_of(project: Path | None) -> Project:
    """Load the project with what the environment says of its settings. Raises Faulty, OSError, Stopped."""
    return load_project(folder_of(project), read_settings().overrides())


def mapping_of(project: Project, name: str | None) -> str | None:
    """Return the name of a mapping that the project has. Raises Stopped for another."""
    if name is not None and name not in project.mappings:
        raise stop(
            Exit.USAGE, "--mapping", f"there is no mapping `{name}`", did_you_mean(name, project.mappings, otherwise="add one")
        )
    return name


def run_tests(project: Project, rule: str | None) -> list[TestResult]:
    """Run the tests of one rule, or of all."""
    return run_rule_tests(project, rules=None if rule is None else [rule])


@contextmanager
def reading(project: Path | None) -> Iterator[SqliteStore]:
    """Open the project's store to read, also beside a process that writes it."""
    with closing(open_store(data_of(project), read_only=True)) as store:
        yield store


def local(data: Path) -> Reach:
    """Whom we reach on this machine: customers by the outbox, the desk by a file. Nothing leaves it."""
    return Reach(stand_in=Outbox(data / OUTBOX), desk=DeskFile(data / DESK))


@contextmanager
def replaying(project: Project, *, seen_by: Callable[[Channel], Channel] = lambda channel: channel) -> Iterator[Replaying]:
    """Yield what replays a file into the project's store. seen_by: puts something before the outbox. Raises Stopped."""
    data = project.folder / DATA
    reach = Reach(stand_in=seen_by(Outbox(data / OUTBOX)), desk=DeskFile(data / DESK))
    with closing(open_store(data, durable=False)) as store:
        if store.used_by() == RUN:
            remedy = "replay into a copy of the project without its data folder"
            raise stop(Exit.REFUSED, data, "`tellfirst run` has used this store: it says what was really told", remedy)
        store.set_used_by(REPLAY)

        async def play(file: Path, mapping: str | None, until: int | None, progress: Callable[[int], None]) -> Tally:
            return await replay(project, store, file, reach=reach, mapping=mapping, until=until, progress=progress)

        yield play
