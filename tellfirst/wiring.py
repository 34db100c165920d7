"""The one place where a concrete thing is chosen: where a project keeps what, which store, which channels, which runtime."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from notifiers.channels import Channel, DeskFile, Outbox
from notifiers.channels.opening import channels_of
from notifiers.composing.links import Links
from storage.backup import back_up as back_up_store
from storage.noting import NOTHING, Noting
from storage.schema import newest_version
from storage.sql_store import SqlStore
from storage.sqlite import open_store
from storage.told_file import FILE as TOLD
from storage.told_file import ToldFile
from streams.batch import Committed, Core
from streams.breaker import Breaker
from streams.database import Database
from streams.files import records
from streams.intake import Intake
from streams.project import Project, load_project, load_settings, survey_project
from streams.replay import WhichMapping, mapping_for, replay
from streams.settings import ProjectSettings
from streams.tally import Tally
from streams.telling import Reach
from streams.validating import Finding, validate
from tellfirst.settings import read_settings
from tellfirst.stopping import Exit, Stopped, stop, unusable

if TYPE_CHECKING:
    from tellfirst.tracing.spans import Tracing

DATA = "data"
OUTBOX = "outbox"
DESK = "desk.jsonl"
SETTINGS = "tellfirst.yaml"
RUN, REPLAY = "run", "replay"


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


def sound_part_of(project: Path | None) -> Project:
    """Load what can be used of the project; its warnings hold the faults of the rest. Raises OSError, Stopped."""
    return survey_project(folder_of(project), read_settings().overrides())


def mapping_of(project: Project, file: Path, name: str | None) -> str | None:
    """Return the mapping by which a file is read: the one that is named, none, or the project's only one. Raises Stopped."""
    try:
        return mapping_for(project, file, name)
    except WhichMapping as fault:
        raise Stopped(Exit.USAGE, str(fault)) from None


def validated(project: Project, file: Path, mapping: str | None) -> tuple[int, list[Finding]]:
    """Return how many records a file has, and what is to be said of them. Raises OSError, Stopped."""
    name = mapping_of(project, file, mapping)
    read = project.mappings[name] if name else None
    intake = Intake(project.catalogue, source=file.name, mapping=read, zone=project.settings.zone)
    lines = list(records(file))
    return len(lines), list(validate(lines, intake))


def store_of(
    folder: Path,
    database: Database | None,
    *,
    read_only: bool = False,
    durable: bool = True,
    one_of_many: bool = False,
    noting: Noting = NOTHING,
    beside: bool = False,
    upgrading: bool = False,
) -> SqlStore:
    """Open the store of a project: in its folder, or where its settings say. Raises CannotOpen, Stopped.

    durable: see storage/sqlite.py; a database keeps what it committed. one_of_many: several processes run on one database.
    noting: what is noted of what a run decides and tells.
    beside: to write a little into a database, whoever runs on it. upgrading: only to bring it up to date.
    """
    if database is None:
        return open_store(folder / DATA, read_only=read_only, durable=durable, noting=noting)
    from storage.postgres import open_postgres

    if not read_only:
        (folder / DATA).mkdir(parents=True, exist_ok=True)
    try:
        password = database.password.reveal(folder) if database.password else None
    except (OSError, ValueError) as fault:
        raise stop(
            Exit.CONFIGURATION, folder / SETTINGS, f"the database's password: {unusable(fault)}", "see docs/postgresql.md"
        ) from None
    alone = not (read_only or one_of_many or beside or upgrading)
    return open_postgres(
        database.address,
        password=password,
        alone=alone,
        one_of_many=one_of_many,
        read_only=read_only,
        unhurried=upgrading,
        noting=noting,
    )


def noting_of(folder: Path, settings: ProjectSettings) -> Noting:
    """Return what a run notes beside its store: all that goes on to Kafka, or else in a file what was told."""
    return Noting(sends_on=True) if settings.kafka else Noting(told=ToldFile(folder / DATA / TOLD))


def settings_of(project: Path | None) -> ProjectSettings:
    """Load the settings and nothing else of a project. Raises Faulty, OSError, Stopped."""
    return load_settings(folder_of(project), read_settings().overrides())


def back_up(project: Path | None, to: Path) -> int:
    """Copy the store in the project's folder into a new file; return its bytes. Raises CannotOpen, Faulty, OSError, Stopped."""
    if settings_of(project).database:
        fact = "the store is in PostgreSQL, which copies it by its own means"
        raise stop(Exit.USAGE, folder_of(project) / SETTINGS, fact, "pg_dump does; see docs/operations.md")
    return back_up_store(data_of(project), to)


def bring_up_to_date(project: Path | None) -> int:
    """Bring the store to our version, or make it, however long that takes; return the version. Raises CannotOpen, Stopped."""
    store_of(folder_of(project), settings_of(project).database, upgrading=True).close()
    return newest_version()


@contextmanager
def reading(project: Path | None) -> Iterator[SqlStore]:
    """Open the project's store to read, also beside a process that writes it."""
    with closing(store_of(folder_of(project), settings_of(project).database, read_only=True)) as store:
        yield store


def local(data: Path) -> Reach:
    """Whom we reach on this machine: customers by the outbox, the desk by a file. Nothing leaves it."""
    return Reach(stand_in=Outbox(data / OUTBOX), desk=DeskFile(data / DESK))


def reach_of(project: Project, tracing: "Tracing | None" = None) -> Reach:
    """Whom a live run reaches: by the providers that the settings name, and by the outbox beside them. Raises Stopped."""
    settings, folder = project.settings, project.folder
    try:
        channels = channels_of(settings.channels, folder, more=tracing.headers if tracing else dict)
        links = Links(settings.pages.base, settings.pages.secret.reveal(folder)) if settings.pages else None
    except (OSError, ValueError) as fault:
        fact = f"a provider cannot be used: {unusable(fault)}"
        raise stop(
            Exit.CONFIGURATION, folder / SETTINGS, fact, "put the secret or the certificate there; see docs/channels.md"
        ) from None
    return replace(local(folder / DATA), channels=tracing.over(channels) if tracing else channels, links=links)


def core_of(project: Project, store: SqlStore, *, now: int) -> Core:
    """Return what decides, with its rules taken up. Its breaker is off in a replay, unless the project sets its limit."""
    limits = project.settings.core
    breaker = Breaker(store, limit=limits.breaker) if limits.breaker or store.used_by() == RUN else None
    core = Core(project.ruleset, store, breaker=breaker, room=limits.room)
    core.take_up_rules(now=now)
    return core


async def replay_here(
    project: Project,
    file: Path,
    *,
    mapping: str | None = None,
    until: int | None = None,
    progress: Callable[[int], None],
    seen_by: Callable[[Channel], Channel] = lambda channel: channel,
    on_commit: Callable[[Committed], None] = lambda committed: None,
) -> Tally:
    """Replay a file into the project's store; customers are told in the local outbox only. Raises Stopped.

    seen_by: puts something before the outbox. on_commit: hears what was found.
    """
    reach = local(project.folder / DATA)
    reach = replace(reach, stand_in=seen_by(reach.stand_in))
    with closing(store_of(project.folder, project.settings.database, durable=False)) as store:
        if store.used_by() == RUN:
            fact = "`tellfirst run` has used this store: it says what was really told"
            raise stop(Exit.REFUSED, project.folder / DATA, fact, "replay into a copy of the project without its data folder")
        store.set_used_by(REPLAY)
        name = mapping_of(project, file, mapping)
        return await replay(project, store, file, reach=reach, mapping=name, until=until, progress=progress, on_commit=on_commit)
