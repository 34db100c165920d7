"""How a command ends before its answer: a place, a fact, a remedy, and an exit code; errors that people can mend end so.

Stopped     what was asked cannot be done; carries the lines that say why
"""

import errno
from enum import IntEnum
from gzip import BadGzipFile


class Exit(IntEnum):
    OK = 0
    FINDINGS = 1
    USAGE = 2
    CONFIGURATION = 3
    UNREACHABLE = 4
    PARTLY = 5
    REFUSED = 6
    INTERRUPTED = 130


class Stopped(Exception):
    """lines: what is wrong, each a place, a fact and a remedy."""

    def __init__(self, code: Exit, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.code = code
        self.lines = lines


def stop(code: Exit, place: object, fact: str, remedy: str) -> Stopped:
    return Stopped(code, f"{place}  {fact} — {remedy}")


def unusable(fault: Exception) -> str:
    """Return what is wrong with a file or a secret that the settings name, in words for people."""
    if isinstance(fault, OSError) and fault.filename is not None:
        return f"{fault.filename} cannot be read: {fault.strerror}"
    return str(fault)


def explain(error: Exception) -> Stopped | None:
    """Return how a command ends by this error, or None when it is a fault of ours, which deserves its traceback."""
    import sqlite3

    from zstandard import ZstdError

    from rules.errors import Faulty
    from storage.errors import NoStore, StoreError, StoreGone, Unreachable
    from streams.kafka.errors import KafkaError, LogMismatch, SameMember, TornSlot

    match error:
        case Stopped():
            return error
        case Faulty():
            return Stopped(Exit.CONFIGURATION, *map(str, error.faults))
        case NoStore():
            return Stopped(Exit.CONFIGURATION, str(error))
        case StoreGone() | Unreachable():
            return Stopped(Exit.UNREACHABLE, str(error))
        case StoreError():
            return Stopped(Exit.REFUSED, str(error))
        case LogMismatch() | TornSlot() | SameMember():
            return Stopped(Exit.REFUSED, str(error))
        case KafkaError():
            return Stopped(Exit.UNREACHABLE, str(error))
        case sqlite3.Error():
            return Stopped(Exit.UNREACHABLE, f"the store  {error} — see the disk and the rights of the project's data folder")
        case EOFError() | BadGzipFile() | ZstdError():
            return stop(
                Exit.PARTLY, "the file", f"it is damaged or cut off: {error}", "fetch it again; what was committed is kept"
            )
        case OSError():
            return _of_the_system(error)
        case _:
            return None


def _of_the_system(error: OSError) -> Stopped:
    place = error.filename or "the system"
    match error.errno:
        case errno.ENOENT:
            return stop(Exit.USAGE, place, "no such file or folder", "check the name")
        case errno.EEXIST:
            return stop(Exit.USAGE, place, "is there already", "name a new one")
        case errno.EISDIR:
            return stop(Exit.USAGE, place, "is a folder", "name a file")
        case errno.ENOTDIR:
            return stop(Exit.USAGE, place, "is not a folder", "name a folder")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return stop(Exit.USAGE, place, "we may not read or write it", "change its rights, or run as another user")
        case errno.ENOSPC | errno.EDQUOT:
            return stop(Exit.PARTLY, place, "the disk is full", "make room and run the command again; what was committed is kept")
        case errno.EADDRINUSE:
            return stop(Exit.UNREACHABLE, place, "the address is taken", "stop the other process, or listen on another port")
        case _:
            return stop(Exit.UNREACHABLE, place, error.strerror or str(error), "see the system's own documentation of this error")
