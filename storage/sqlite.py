"""The embedded store: one SQLite file in a folder of this machine, one process that writes, any number that read."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from storage.errors import CannotOpen, NoStore, StoreDamaged, StoreError
from storage.folder import WriterLock, refuse_network
from storage.noting import NOTHING, Kinds, Noting, transactions
from storage.schema import bring_up_to_date, require_up_to_date
from storage.session import Connection, Session
from storage.sql_store import SqlStore

FILE = "store.db"
LOCK = "store.lock"
WAIT_SECONDS = 5
SPEED = (
    "PRAGMA page_size = 2048",  # of a new store: of each page that is written, mostly one row has changed
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 32000",
)


class SqliteStore(SqlStore):
    """A store on a connection in autocommit mode (isolation_level None) whose schema is up to date."""

    def __init__(
        self,
        connection: Connection,
        *,
        noting: Noting = NOTHING,
        read_only: bool = False,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        session = Session(connection)
        writes = transactions(session, Kinds(), noting)
        super().__init__(session, writes=writes, read_only=read_only, on_close=on_close)


def open_store(folder: Path, *, durable: bool = True, read_only: bool = False, noting: Noting = NOTHING) -> SqliteStore:
    """Open the store of a folder, made when it is missing; a reader needs one that is there, and may read beside the writer.

    durable: what was committed survives a power cut; without it (replays, which can be read again) it survives the process only.
    noting: what its transactions note beside.
    Raises CannotOpen: storage/errors.py draws what it can be. One thread at a time may use what is returned.
    """
    refuse_network(folder)
    return _open_to_read(folder / FILE) if read_only else _open_to_write(folder, durable, noting)


def open_memory(noting: Noting = NOTHING) -> SqliteStore:
    """Open an empty store that lives as long as it is open."""
    connection = _connect(":memory:")
    bring_up_to_date(Session(connection))
    return SqliteStore(connection, noting=noting)


def _open_to_write(folder: Path, durable: bool, noting: Noting) -> SqliteStore:
    folder.mkdir(parents=True, exist_ok=True)
    lock = WriterLock(folder / LOCK)
    try:
        connection = _opened(folder / FILE, "rwc", lambda session: _prepare(session, durable))
    except BaseException:
        lock.release()
        raise
    return SqliteStore(connection, noting=noting, on_close=lock.release)


def _open_to_read(path: Path) -> SqliteStore:
    if not path.is_file():
        raise NoStore(f"{path.parent}: there is no store here yet — `tellfirst run` or `tellfirst events replay` makes one")
    return SqliteStore(_opened(path, "ro", require_up_to_date), read_only=True)


def _opened(path: Path, mode: str, prepare: Callable[[Session], None]) -> sqlite3.Connection:
    """Return a connection that was prepared; of what could not be opened, nothing stays open."""
    try:
        connection = _connect(f"{path.absolute().as_uri()}?mode={mode}")
        try:
            prepare(Session(connection))
        except BaseException:
            connection.close()
            raise
    except StoreError as fault:
        raise type(fault)(f"{path}: {fault}") from None
    except sqlite3.OperationalError as fault:
        raise CannotOpen(f"{path}: {fault} — look at the folder's owner, its rights and the space left") from fault
    except sqlite3.DatabaseError as fault:
        raise StoreDamaged(f"{path}: {fault} — put a backup in its place, or move the file away and replay the events") from fault
    return connection


def _connect(address: str) -> sqlite3.Connection:
    return sqlite3.connect(
        address, uri=True, isolation_level=None, timeout=WAIT_SECONDS, cached_statements=512, check_same_thread=False
    )


def _prepare(session: Session, durable: bool) -> None:
    """The schema comes before the journal mode, so that nothing is changed in a file of another program."""
    for pragma in SPEED:
        session.rows(pragma)
    session.rows(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    bring_up_to_date(session)
    session.rows("PRAGMA journal_mode = WAL")
