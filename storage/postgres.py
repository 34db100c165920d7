"""The store at scale: one PostgreSQL database, any number of processes that write and read."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from typing import Any

import psycopg

from storage.errors import StoreError, StoreLocked
from storage.noting import NOTHING, Kinds, Noting, transactions
from storage.postgres_claims import FORGET_HANDS, PostgresTransaction, StoreOfMany
from storage.postgres_columns import array_of
from storage.postgres_connection import BESIDE_OTHERS, PATIENCE, UNHURRIED, Connection, connect_to, spoken
from storage.postgres_turn import PostgresTurn
from storage.postgres_wire import PostgresWire
from storage.schema import bring_up_to_date, require_up_to_date
from storage.sending_on import SendsOn
from storage.session import Row, Session
from storage.sql_store import SqlTransaction
from storage.told_file import KeepsTold
from storage.turn import Turn

LAST_ONE_LEAVES_WITHIN = "2s"
IS_RUN = "hashtextextended(current_schema() || ' is run', 0)"
BE_ALONE = f"SELECT pg_advisory_lock({IS_RUN})"
BE_ONE_OF_MANY = f"SELECT pg_advisory_lock_shared({IS_RUN})"
ONE_AT_A_TIME = (
    "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' does ' || what, 0)) FROM unnest(?::text[]) AS what"
)

NUMBERED = " INTEGER PRIMARY KEY AUTOINCREMENT"
GENERATED = " BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"


class PostgresSession(Session):
    begin = "BEGIN"
    held = " FOR UPDATE"
    failures = (psycopg.Error, StoreError)
    tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"

    def __init__(self, wire: PostgresWire) -> None:
        super().__init__(wire)
        self._wire = wire

    def worded(self, definition: str) -> str:
        """Texts are compared byte by byte, as everywhere in tellfirst, whatever the language of the database."""
        plain = definition.replace(" BLOB", " BYTEA").replace(" WITHOUT ROWID", "").replace(NUMBERED, GENERATED)
        return plain.replace(" TEXT", ' TEXT COLLATE "C"')

    def one_at_a_time(self, what: Sequence[str]) -> None:
        if what:
            self.rows(ONE_AT_A_TIME, array_of(what))

    def among(self, text: str, keys: Sequence[Any], *before: Any) -> list[Row]:
        """All keys go as one array."""
        return self.rows(text.replace("IN (%s)", "= ANY (?)"), *before, array_of(keys)) if keys else []

    def each(self, text: str, *values: Any) -> Iterator[Row]:
        yield from self._wire.each(text, values)


class PostgresSendsOn(SendsOn, PostgresTransaction):
    pass


class PostgresKeepsTold(KeepsTold, PostgresTransaction):
    pass


KINDS = Kinds(PostgresTransaction, PostgresSendsOn, PostgresKeepsTold)


class PostgresStore(StoreOfMany):
    """A store in a database whose schema is up to date."""

    def __init__(
        self,
        session: Session,
        *,
        connect: Callable[[], Connection],
        writes: Callable[[Session], SqlTransaction] = PostgresTransaction,
        read_only: bool = False,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(session, writes=writes, read_only=read_only, on_close=on_close)
        self._connect = connect

    def turn(self, name: str) -> Turn:
        return PostgresTurn(name, self._connect)


def open_postgres(
    address: str,
    *,
    password: str | None = None,
    alone: bool = False,
    one_of_many: bool = False,
    read_only: bool = False,
    unhurried: bool = False,
    noting: Noting = NOTHING,
) -> PostgresStore:
    """Open the store in a database; its tables are made when there are none. One thread at a time may use what is returned.

    address: as libpq takes it, postgresql://USER@HOST:PORT/DATABASE or KEY=VALUE pairs. password: None where it asks for none.
    alone: as the one process that runs the project; another is refused as long as this one is there. one_of_many: as one of
    several that run it together, and whoever would be alone is refused. unhurried: to bring it up to date, however long its
    statements take. noting: what its transactions note beside.
    Raises Unreachable, StoreLocked and the other CannotOpen.
    """
    patience = UNHURRIED if unhurried else PATIENCE if alone or read_only else PATIENCE | BESIDE_OTHERS
    with ExitStack() as opened:
        connect = partial(connect_to, address, password, patience)
        session = PostgresSession(PostgresWire(connect))
        opened.callback(session.connection.close)  # closing twice is nothing
        try:
            if place := BE_ALONE if alone else BE_ONE_OF_MANY if one_of_many else None:
                _be_there(opened.enter_context(closing(connect_to(address, password, PATIENCE))), place)
            (require_up_to_date if read_only else bring_up_to_date)(session)
            if alone:
                session.change(FORGET_HANDS)
            writes = transactions(session, KINDS, noting)
        except StoreError as fault:
            raise type(fault)(f"{spoken(address)}: {fault}") from None
        return PostgresStore(session, connect=connect, writes=writes, read_only=read_only, on_close=opened.pop_all().close)


def _be_there(connection: Connection, how: str) -> None:
    """Take the place of one process or of one of many, for as long as the connection lasts. Raises StoreLocked.

    A moment is given to the server, which finds out by and by that the last process is gone.
    """
    connection.execute("SELECT set_config('lock_timeout', %s, false)", (LAST_ONE_LEAVES_WITHIN,))
    try:
        connection.execute(how)
    except psycopg.errors.LockNotAvailable:
        raise StoreLocked("another process runs on this database — stop it first, or let it go on") from None
