"""This machine: versions, whether our names are our own, the world's time zones, the clock."""

import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import version

from contracts.times import find_zone, instant_text, parse_instant
from tellfirst import clock
from tellfirst.collisions import elsewhere
from tellfirst.doctor.finding import Finding

OLDEST_SQLITE = (3, 35, 0)
OLDER_THAN_US = parse_instant("2025-01-01T00:00:00Z")


def look_at_installation() -> Iterator[Finding]:
    yield from _versions()
    yield from _names()
    yield _zones()
    yield _clock()


def _versions() -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("versions", None, f"tellfirst {version('tellfirst')}, Python {python}, SQLite {sqlite3.sqlite_version}")
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        yield Finding("versions", False, f"SQLite {sqlite3.sqlite_version} is too old", "use a Python with SQLite 3.35 or newer")


def _names() -> Iterator[Finding]:
    taken = elsewhere()
    for name, where in taken.items():
        yield Finding("names", False, f"`{name}` resolves to {where}", "install tellfirst into an environment of its own")
    if not taken:
        yield Finding("names", True, "our packages are our own")


def _zones() -> Finding:
    if find_zone("Europe/Berlin") and find_zone("America/Sao_Paulo"):
        return Finding("time zones", True, "the data of the world's time zones is here")
    return Finding("time zones", False, "there is no data of time zones", "install the package tzdata")


def _clock() -> Finding:
    now = clock.now()
    if now < OLDER_THAN_US:
        return Finding("clock", False, f"it says {instant_text(now)}, which is before this program", "set this machine's clock")
    return Finding("clock", True, f"it says {instant_text(now)}")
