"""A real broker and a real PostgreSQL for as long as something is measured, and the events that both contestants read."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from kafka import KafkaProducer

from benchmarks.contestants.server import Server
from benchmarks.places import ROOT
from benchmarks.rounds import Failed
from benchmarks.workload.project import write_project
from benchmarks.workload.rules import THREE, named
from storage.postgres import open_postgres
from streams.kafka.slots import slot_of

TELLFIRST = (sys.executable, "-c", "from tellfirst.cli import main; main()")
BROKER = ROOT / "deploy" / "kafka" / "broker.py"
FIRST_PORT, PORTS, LISTENERS = 20_000, 900, 2
SLOTS = 6
TOPIC = "stream"
MADE = (0, 1)  # the rest of the catalogue has no topic here
SETTINGS = """\
database: {{address: "{database}"}}
kafka:
  brokers: 127.0.0.1:{port}
  partitions: {slots}
  topics: {{{topic}: {{carries: [order, payment, charge, parcel, delivery]}}}}
sources: {{{topic}: {{source_delay: 10m, quiet_after: 10m}}}}
"""


class Sound(msgspec.Struct):
    """What a record must have to be read by both."""

    subject: str
    time: datetime
    data: dict[str, Any]


_sound = msgspec.json.Decoder(Sound)


@dataclass(frozen=True)
class Town:
    """project: a folder with the three rules, whose topic holds what `fill` wrote."""

    folder: Path
    server: Server
    port: int

    @property
    def project(self) -> Path:
        return self.folder / "project"

    @property
    def brokers(self) -> str:
        return f"127.0.0.1:{self.port}"

    def database(self, name: str) -> str:
        """Make a new database, and name it in the project's settings; return its address."""
        address = self.server.address.replace(":@", "@")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        own = address.replace("/postgres?", f"/{name}?")
        open_postgres(own).close()
        (self.project / "tellfirst.yaml").write_text(SETTINGS.format(database=own, port=self.port, slots=SLOTS, topic=TOPIC))
        return own

    def worker(self) -> list[str]:
        """Return the words by which Python runs a worker."""
        return [*TELLFIRST[1:], "--project", str(self.project), "run", "--role", "worker", "--listen", "127.0.0.1:0"]

    @contextmanager
    def producer(self) -> Iterator[Callable[[bytes], bool]]:
        """Yield what writes a record under its order's name, and says whether it did: no contestant can read what is no event."""
        client = KafkaProducer(bootstrap_servers=self.brokers, linger_ms=5, batch_size=1 << 18)

        def write(raw: bytes) -> bool:
            if (case := _case_of(raw)) is None:
                return False
            client.send(TOPIC, raw, key=case.encode(), partition=slot_of(case, SLOTS))
            return True

        yield write
        client.flush()
        client.close()

    def fill(self, records: Iterable[bytes]) -> int:
        """Write all records; return how many were events."""
        with self.producer() as write:
            return sum(map(write, records))


def _case_of(raw: bytes) -> str | None:
    try:
        return _sound.decode(raw).subject
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """Yield it with its topics made; at the end the broker is gone, and the database goes with this process."""
    write_project(folder / "project", named(*THREE))
    port = _free_port()
    _say_to_broker("start", "--port", str(port), "--folder", str(folder / "broker"))
    try:
        place = Town(folder, Server(folder / "server"), port)
        place.database("first")
        done = subprocess.run([*TELLFIRST, "--project", str(place.project), "kafka", "init"], capture_output=True, text=True)
        if done.returncode not in MADE:
            raise Failed(done.stderr)
        yield place
    finally:
        _say_to_broker("stop", "--kill", "--folder", str(folder / "broker"))


def _say_to_broker(*words: str) -> None:
    subprocess.run([sys.executable, str(BROKER), *words], check=True, capture_output=True)


def _free_port() -> int:
    """Return a port that is free with the next one."""
    for port in range(FIRST_PORT, FIRST_PORT + PORTS, LISTENERS):
        with suppress(OSError), socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 1))
            return port
    raise Failed("no port is free")
