"""What may be wrong with this installation and this project: one finding per look, each with its fact and its remedy."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from msgspec import Struct

from contracts.times import find_zone
from rules.errors import Faulty
from storage.errors import NetworkFileSystem, NoStore, StoreError, StoreLocked
from storage.folder import WriterLock, refuse_network
from storage.sqlite import LOCK, open_store
from tellfirst import wiring
from tellfirst.collisions import elsewhere

LEAST_FREE_BYTES = 1 << 30
OLDEST_SQLITE = (3, 35, 0)


class Finding(Struct, frozen=True):
    """well: None for what is only worth knowing. remedy: empty where nothing is to be done."""

    look: str
    well: bool | None
    fact: str
    remedy: str = ""


def examine(folder: Path) -> Iterator[Finding]:
    """Look at everything, whatever the looks before have found."""
    for look in LOOKS:
        yield from look(folder)


def _versions(folder: Path) -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("versions", None, f"tellfirst {version('tellfirst')}, Python {python}, SQLite {sqlite3.sqlite_version}")
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        yield Finding("versions", False, f"SQLite {sqlite3.sqlite_version} is too old", "use a Python with SQLite 3.35 or newer")


def _names(folder: Path) -> Iterator[Finding]:
    taken = elsewhere()
    for name, where in taken.items():
        yield Finding("names", False, f"`{name}` resolves to {where}", "install tellfirst into an environment of its own")
    if not taken:
        yield Finding("names", True, "our packages are our own")


def _zones(folder: Path) -> Iterator[Finding]:
    if find_zone("Europe/Berlin") and find_zone("America/Sao_Paulo"):
        yield Finding("time zones", True, "the data of the world's time zones is here")
    else:
        yield Finding("time zones", False, "there is no data of time zones", "install the package tzdata")


def _project(folder: Path) -> Iterator[Finding]:
    try:
        project = wiring.project_of(folder)
    except Faulty as faulty:
        for fault in faulty.faults:
            yield Finding("project", False, f"{fault.place}  {fault.fact}", fault.remedy)
        return
    except OSError as fault:
        yield Finding("project", False, str(fault), "let this user read it")
        return
    for warning in project.warnings:
        yield Finding("project", None, f"{warning.place}  {warning.fact}", warning.remedy)
    yield Finding("project", True, f"{len(project.ruleset.rules)} rules, {len(project.catalogue.types)} event types")


def _disk(folder: Path) -> Iterator[Finding]:
    try:
        refuse_network(folder)
        yield Finding("disk", True, f"{folder.resolve()} is on a disk of this machine")
    except NetworkFileSystem as fault:
        yield Finding("disk", False, *_halves(fault))
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        yield Finding("disk", False, f"{free >> 20} MiB are free", "make room: the store, its log and the outbox grow")
    else:
        yield Finding("disk", True, f"{free >> 30} GiB are free")


def _store(folder: Path) -> Iterator[Finding]:
    data = folder / wiring.DATA
    try:
        with closing(open_store(data, read_only=True)) as store:
            used_by = store.used_by()
    except NoStore:
        yield _none_yet(folder)
        return
    except (StoreError, sqlite3.Error, OSError) as fault:
        yield Finding("store", False, *_halves(fault))
        return
    yield Finding("store", True, f"readable, used by {used_by or 'nobody yet'}")
    yield _writer(data)


def _none_yet(folder: Path) -> Finding:
    if os.access(folder, os.W_OK):
        return Finding("store", None, "there is none yet", "`tellfirst run` or `tellfirst events replay` makes one")
    return Finding("store", False, f"there is none, and this user may not make one in {folder}", "change the folder's rights")


def _writer(data: Path) -> Finding:
    try:
        WriterLock(data / LOCK).release()
    except StoreLocked as held:
        return Finding("store", None, *_halves(held))
    except OSError as fault:
        return Finding("store", None, f"this user can only look at it: {fault}", "run and replay as the user who owns it")
    return Finding("store", True, "nobody writes to it now")


def _halves(error: Exception) -> tuple[str, str]:
    fact, _, remedy = str(error).partition(" — ")
    return fact, remedy


LOOKS: tuple[Callable[[Path], Iterator[Finding]], ...] = (_versions, _names, _zones, _project, _disk, _store)
