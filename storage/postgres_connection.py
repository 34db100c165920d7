"""Connections to PostgreSQL, on which nobody is waited for without end: neither by the server nor by us."""

from collections.abc import Mapping
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.numeric import Int8Dumper

from storage.errors import StoreTooOld, Unreachable
from storage.postgres_columns import Column, ColumnDumper
from storage.postgres_wire import FAILURES
from storage.session import Row

OLDEST = 140_000
KNOWS_TRANSACTION_TIMEOUT = 170_000
CONNECT_SECONDS = 3
PATIENCE = {"lock_timeout": "8s", "statement_timeout": "60s"}
UNHURRIED = {"lock_timeout": "8s", "statement_timeout": "0"}
BESIDE_OTHERS = {"idle_in_transaction_session_timeout": "3s", "statement_timeout": "10s", "transaction_timeout": "10s"}
LOST_AFTER_MS = 10_000
SHOWN = ("host", "port", "user", "dbname")
SAYS_SO_WITHIN = 1.0

Answer = TypeVar("Answer")


class Connection(psycopg.Connection[Row]):
    """answers_within: seconds after which a server that has said nothing hangs, since it ends statements itself before; None:
    it is waited for. A connection on which it hung is closed."""

    answers_within: float | None = None

    def wait(self, gen: PQGen[Answer], *how: Any, **bounds: Any) -> Answer:
        try:
            return super().wait(gen, *how, **{"timeout": self.answers_within} | bounds)
        except psycopg.errors._WaitTimeout:
            self.close()
            raise psycopg.OperationalError(f"it did not answer within {self.answers_within} seconds") from None


def connect_to(address: str, password: str | None, patience: Mapping[str, str]) -> Connection:
    """Return a connection whose statements the server ends when they take longer than this, and we when it does not.

    Raises Unreachable, StoreTooOld.
    """
    try:
        connection = Connection.connect(
            address,
            password=password,
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
            tcp_user_timeout=LOST_AFTER_MS,
            application_name="tellfirst",
        )
        connection.answers_within = _seconds(patience["statement_timeout"])
        _agree(connection, patience)
    except (*FAILURES, psycopg.ProgrammingError) as fault:
        raise Unreachable(f"{spoken(address)}: {_first_line(fault)} — is PostgreSQL there, and may we in?") from None
    if (version := connection.info.server_version) < OLDEST:
        connection.close()
        raise StoreTooOld(f"{spoken(address)}: is PostgreSQL {version // 10_000} — 14 or newer is needed")
    return connection


def _agree(connection: Connection, patience: Mapping[str, str]) -> None:
    """Have the server keep to our patience."""
    version = connection.info.server_version
    for name, limit in patience.items():
        if name != "transaction_timeout" or version >= KNOWS_TRANSACTION_TIMEOUT:
            connection.execute("SELECT set_config(%s, %s, false)", (name, limit))
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.adapters.register_dumper(Column, ColumnDumper)


def _seconds(limit: str) -> float | None:
    """Return when a server that keeps to this limit has answered certainly; None where there is none."""
    seconds = float(limit.removesuffix("s"))
    return seconds + SAYS_SO_WITHIN if seconds else None


def spoken(address: str) -> str:
    """Return an address as it may be shown: without its password."""
    try:
        parts = conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        return "the database's address"
    return " ".join(f"{key}={value}" for key, value in parts.items() if key in SHOWN)


def _first_line(fault: Exception) -> str:
    return str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
