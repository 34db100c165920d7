"""A copy of an embedded store in one file, whole as of one moment, also while a process writes to the store."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.errors import NoStore, StoreDamaged
from storage.folder import OWNER_ALONE, put_on_disk
from storage.sqlite import FILE


def back_up(folder: Path, to: Path) -> int:
    """Copy the store of a folder, of whatever version, into a new file that its owner alone may read; return its bytes.

    What is committed after the beginning is not in it. The file is there once it is whole and on the disk.
    Raises NoStore, StoreDamaged, OSError and sqlite3.Error.
    """
    if not (folder / FILE).is_file():
        raise NoStore(f"{folder}: there is no store here to copy — name the project that has one")
    if to.exists():
        raise FileExistsError(errno.EEXIST, "is there already", str(to))
    part = to.with_name(f"{to.name}.part")
    part.touch(mode=OWNER_ALONE, exist_ok=False)
    try:
        _copy(folder / FILE, part)
        part.rename(to)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    put_on_disk(to.parent)
    return to.stat().st_size


def _copy(store: Path, part: Path) -> None:
    address = f"{store.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(part)) as copy:
        source.backup(copy)
        found = _checked(copy)
    if found != "ok":
        raise StoreDamaged(f"{store}: {found} — a copy of it would be of no use; put an older one in its place")
    put_on_disk(part)


def _checked(copy: sqlite3.Connection) -> str:
    """Return `ok`, or what is damaged; some damage is met before it is looked for."""
    try:
        copy.execute("PRAGMA journal_mode = DELETE")
        [(found,)] = copy.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.DatabaseError as fault:
        if isinstance(fault, sqlite3.OperationalError):
            raise
        return str(fault)
    return str(found)
