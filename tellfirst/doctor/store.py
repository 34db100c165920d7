"""A project's disk and its store: room, rights, who has it, and what in it waits for a person."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from contracts.telling import Stage
from contracts.times import MINUTE
from rules.errors import Faulty
from storage.errors import NetworkFileSystem, NoStore, StoreError, StoreLocked
from storage.folder import WriterLock, refuse_network
from storage.sql_store import SqlStore
from storage.sqlite import FILE, LOCK
from tellfirst import clock, wiring
from tellfirst.deciding import letterbox
from tellfirst.doctor.finding import Finding, halves

LEAST_FREE_BYTES = 1 << 30


def look_at_disk(project: Path) -> Iterator[Finding]:
    """What grows is in the data folder, which may be a disk of its own."""
    folder = data if (data := project / wiring.DATA).is_dir() else project
    try:
        refuse_network(folder)
        yield Finding("disk", True, f"{folder.resolve()} is on a disk of this machine")
    except NetworkFileSystem as fault:
        yield Finding("disk", False, *halves(fault))
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        yield Finding("disk", False, f"{free >> 20} MiB are free", "make room: the store, its log and the outbox grow")
    else:
        yield Finding("disk", True, f"{free >> 30} GiB are free")


def look_at_store(folder: Path) -> Iterator[Finding]:
    data = folder / wiring.DATA
    try:
        with wiring.reading(folder) as store:
            found = list(_what_waits(store))
    except Faulty:
        return  # the look at the project tells what is wrong with the settings
    except NoStore:
        yield _none_yet(folder)
        return
    except (StoreError, sqlite3.Error, OSError) as fault:
        yield Finding("store", False, *halves(fault))
        return
    yield from found
    if (data / FILE).exists():
        yield from _of_the_future(data)
        yield _writer(data)


def _what_waits(store: SqlStore) -> Iterator[Finding]:
    used_by = store.used_by()
    yield Finding("store", True, f"readable, used by {used_by or 'nobody yet'}")
    shadow = [state.rule for state in store.rule_states().values() if state.stage is Stage.SHADOW]
    if used_by == wiring.RUN and shadow:
        remedy = "`tellfirst rules publish RULE --live` lets a rule speak"
        yield Finding("store", None, f"in shadow, so nobody is told: {', '.join(sorted(shadow))}", remedy)
    for state in store.rule_states().values():
        if state.breaker_open:
            remedy = f"`tellfirst rules release {state.rule}`, or withdraw"
            yield Finding("store", False, f"the breaker holds what {state.rule} found", remedy)
    if letters := sum(store.counts()["dead_letters"].values()):
        yield Finding("store", None, f"{letters:,} dead letter{'s' if letters > 1 else ''}", "`tellfirst dlq list` says why")


def _of_the_future(data: Path) -> Iterator[Finding]:
    """A store that was written later than now says that the clock was, or is, wrong."""
    written = (data / FILE).stat().st_mtime_ns // 1000
    if written > clock.now() + MINUTE:
        yield Finding("clock", False, "the store was written at a time that is still to come", "set this machine's clock")
    if unread := list((data / letterbox.FOLDER).glob("*.unread")):
        yield Finding("store", None, f"a decision could not be read: {unread[0].name}", "decide again, then delete the file")


def _none_yet(folder: Path) -> Finding:
    if os.access(folder, os.W_OK):
        return Finding("store", None, "there is none yet", "`tellfirst run` or `tellfirst events replay` makes one")
    return Finding("store", False, f"there is none, and this user may not make one in {folder}", "change the folder's rights")


def _writer(data: Path) -> Finding:
    try:
        WriterLock(data / LOCK).release()
    except StoreLocked as held:
        return Finding("store", None, *halves(held))
    except OSError as fault:
        return Finding("store", None, f"this user can only look at it: {fault}", "run and replay as the user who owns it")
    return Finding("store", True, "nobody writes to it now")
