"""The store at scale: one PostgreSQL database, any number of processes that write and read."""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.numeric import Int8Dumper

from contracts.notice import Notice
from storage.courier_writes import LEASE, MOST_CLAIMED, in_order
from storage.errors import StoreError, StoreTooOld, Unreachable
from storage.postgres_wire import FAILURES, PostgresWire
from storage.questions import NOTICE
from storage.schema import bring_up_to_date, require_up_to_date
from storage.session import Row, Session
from storage.sql_store import SqlStore, SqlTransaction

OLDEST = 140_000
KNOWS_TRANSACTION_TIMEOUT = 170_000
CONNECT_SECONDS = 5
PATIENCE = {"idle_in_transaction_session_timeout": "3s", "lock_timeout": "8s", "statement_timeout": "60s"}
TRANSACTION_PATIENCE = "10s"
LOST_AFTER_MS = 10_000
SHOWN = ("host", "port", "user", "dbname")
SCHEMA_LOCK = 7_401_823

LET_GO = "SELECT pg_advisory_unlock_all()"
CLAIM_MINE = f"""
    WITH due AS MATERIALIZED (
        SELECT COALESCE(customer, "case") AS whose, MIN(ask_at) FROM notices WHERE ask_at <= ?
        GROUP BY 1 ORDER BY 2, 1 LIMIT {MOST_CLAIMED}
    ), mine AS MATERIALIZED (SELECT whose FROM due WHERE pg_try_advisory_lock(hashtextextended(whose, 0)))
    UPDATE notices SET claim = claim + 1, ask_at = ? FROM mine
    WHERE ask_at <= ? AND COALESCE(customer, "case") = mine.whose RETURNING {NOTICE.columns}"""


class PostgresSession(Session):
    begin = "BEGIN"
    failures = (psycopg.Error, StoreError)
    tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"

    def __init__(self, wire: PostgresWire) -> None:
        super().__init__(wire)
        self._wire = wire

    def worded(self, definition: str) -> str:
        """Texts are compared byte by byte, as everywhere in tellfirst, whatever the language of the database."""
        plain = definition.replace(" BLOB", " BYTEA").replace(" WITHOUT ROWID", "")
        return plain.replace(" TEXT", ' TEXT COLLATE "C"')

    def one_at_a_time(self) -> None:
        self.rows("SELECT pg_advisory_xact_lock(?)", SCHEMA_LOCK)

    def each(self, text: str, *values: Any) -> Iterator[Row]:
        yield from self._wire.each(text, values)


class PostgresTransaction(SqlTransaction):
    """All writes, beside those of other processes."""

    def claim_due(self, now: int) -> Sequence[Notice]:
        """A customer is one courier's until that courier claims again or is gone: nobody else counts beside it what was told."""
        self.session.rows(LET_GO)
        return in_order(NOTICE.records(self.session.rows(CLAIM_MINE, now, now + LEASE, now)))


class PostgresStore(SqlStore):
    writes = PostgresTransaction


def open_postgres(address: str, *, read_only: bool = False) -> PostgresStore:
    """Open the store in a database; its tables are made when there are none. One thread at a time may use what is returned.

    address: as libpq takes it, postgresql://USER:PASSWORD@HOST:PORT/DATABASE or KEY=VALUE pairs.
    Raises Unreachable and the other CannotOpen.
    """
    session = PostgresSession(PostgresWire(lambda: _connect(address)))
    try:
        (require_up_to_date if read_only else bring_up_to_date)(session)
    except BaseException as fault:
        session.connection.close()
        if isinstance(fault, StoreError):
            raise type(fault)(f"{spoken(address)}: {fault}") from None
        raise
    return PostgresStore(session, read_only=read_only)


def _connect(address: str) -> "psycopg.Connection[Row]":
    """Return a connection that the server ends where we stand still in the midst of a transaction: others wait for its locks."""
    try:
        connection = psycopg.connect(address, autocommit=True, connect_timeout=CONNECT_SECONDS, tcp_user_timeout=LOST_AFTER_MS)
    except (*FAILURES, psycopg.ProgrammingError) as fault:
        raise Unreachable(f"{spoken(address)}: {_first_line(fault)} — is PostgreSQL there, and may we in?") from None
    if connection.info.server_version < OLDEST:
        connection.close()
        raise StoreTooOld(f"{spoken(address)}: is PostgreSQL {connection.info.server_version // 10_000} — 14 or newer is needed")
    _be_patient(connection)
    connection.adapters.register_dumper(int, Int8Dumper)
    return connection


def _be_patient(connection: "psycopg.Connection[Row]") -> None:
    limits = dict(PATIENCE)
    if connection.info.server_version >= KNOWS_TRANSACTION_TIMEOUT:
        limits["transaction_timeout"] = TRANSACTION_PATIENCE
    for name, limit in limits.items():
        connection.execute("SELECT set_config(%s, %s, false)", (name, limit))


def spoken(address: str) -> str:
    """Return an address as it may be shown: without its password."""
    try:
        parts = conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        return "the database's address"
    return " ".join(f"{key}={value}" for key, value in parts.items() if key in SHOWN)


def _first_line(fault: Exception) -> str:
    return str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
