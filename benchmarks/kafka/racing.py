"""A contestant in, started as a process of its own; out, how long it took over so many events, on the clock and of CPU."""

import time
from dataclasses import dataclass

import psycopg

from benchmarks.kafka.processes import running
from benchmarks.kafka.town import SLOTS, TOPIC, Town

READ = "SELECT COALESCE(SUM(next), 0) FROM sources WHERE source = %s"


@dataclass(frozen=True)
class Race:
    """Nanoseconds from the first event to the last. database_ns: of CPU, of the database's server."""

    events: int
    clock_ns: int
    cpu_ns: int
    database_ns: int = 0

    @property
    def events_per_second(self) -> float:
        return self.events / self.clock_ns * 1e9

    @property
    def cpu_us(self) -> float:
        """Microseconds of CPU for an event, the database included."""
        return (self.cpu_ns + self.database_ns) / self.events / 1e3


def race_of_stock(town: Town, name: str, events: int) -> Race:
    """Have an agent read so many events of the topic, from its beginning."""
    words = ["-m", "benchmarks.kafka.stock", town.brokers, TOPIC, str(SLOTS), name, str(events)]
    with running(words, town.folder / name) as process:
        began, done = process.said("began"), process.said("done")
    return Race(events, done["clock_ns"] - began["clock_ns"], done["cpu_ns"] - began["cpu_ns"])


def race_of_ours(town: Town, name: str, events: int) -> Race:
    """Have a worker read so many events, which are all that the topic holds, into a new database."""
    address = town.database(name)
    with psycopg.connect(address, autocommit=True) as connection, running(town.worker(), town.folder / name) as process:

        def read() -> int:
            (row,) = connection.execute(READ, (TOPIC,)).fetchall()
            return int(row[0])

        def stand() -> tuple[int, int, int]:
            return time.monotonic_ns(), process.cpu_ns(), town.server.cpu_ns()

        process.until(lambda: read() > 0)
        seen, began = read(), stand()
        process.until(lambda: read() >= events)
        return Race(events - seen, *(after - before for before, after in zip(began, stand(), strict=True)))
