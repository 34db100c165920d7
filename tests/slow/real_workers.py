"""Workers of a shop on a real broker and a real PostgreSQL: started as processes, asked over HTTP, judged by the database."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
import pytest
from typer.testing import CliRunner

from contracts.times import SECOND, parse_instant
from tellfirst.cli import app
from tellfirst.init.folder import make_project
from tests.slow.real_kafka import Broker
from tests.storage.server import as_url
from tests.streams.shop import an_event
from tests.tellfirst.house import House

BEGINNING = parse_instant("2026-03-02T09:00:00Z")
SLOTS = 4
PATIENCE_SECONDS = 60.0


class WorkerHouse(House):
    """One worker. member: its name in the group, None for the one that it takes by itself."""

    def __init__(self, project: Path, number: int, member: str | None) -> None:
        super().__init__(project)
        self.log = project / f"stderr-{number}.log"
        self.log_level = "info"
        self.member = member

    def begin(self) -> None:
        """Start it, and return once it listens."""
        with pytest.MonkeyPatch.context() as patched:
            if self.member is not None:
                patched.setenv("TELLFIRST_KAFKA__MEMBER", self.member)
            self.start("--role", "worker")

    def ended(self) -> int:
        """Wait until it ends by itself; return its exit code."""
        assert self.process is not None
        return self.process.wait(timeout=PATIENCE_SECONDS)

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/readyz", timeout=10).status_code == 200
        except httpx.HTTPError:
            return False

    def shows(self, name: str, **labels: str) -> float:
        """Return a metric, all its series that have these labels added up."""
        text = httpx.get(f"{self.address}/metrics", timeout=10).text
        wanted = [f'{key}="{value}"' for key, value in labels.items()]
        lines = [line for line in text.splitlines() if line.startswith((f"tellfirst_{name}{{", f"tellfirst_{name} "))]
        return sum(float(line.rpartition(" ")[2]) for line in lines if all(each in line for each in wanted))

    def said(self) -> str:
        return self.log.read_text()


@dataclass
class Shop:
    """schema: of its database. written: how many customers were told of."""

    project: Path
    broker: Broker
    schema: str
    workers: list[WorkerHouse] = field(default_factory=list)
    written: int = 0

    def ask(self, *words: str) -> str:
        answer = CliRunner().invoke(app, ["--project", str(self.project), *words], catch_exceptions=False)
        assert answer.exit_code in (0, 1), answer.output
        return answer.output

    def worker(self, member: str | None = None) -> WorkerHouse:
        house = WorkerHouse(self.project, len(self.workers), member)
        self.workers.append(house)
        return house

    def start(self, number: int = 1) -> Sequence[WorkerHouse]:
        """Start workers, and return once all slots are claimed."""
        started = [self.worker() for _ in range(number)]
        for each in started:
            each.begin()
        self.eventually(lambda: all(each.ready() for each in started))
        return started

    def write(self, number: int) -> None:
        """Write events, each of a customer of its own, to the topic `customers`."""
        file = self.project / "customers.jsonl"
        numbers = range(self.written, self.written + number)
        lines = [an_event(each, "customer.updated", BEGINNING + each * SECOND, customer_id=f"C{each}") for each in numbers]
        file.write_bytes(b"\n".join(lines))
        self.ask("events", "send", str(file), "--to", "kafka")
        self.written += number

    def fates(self) -> Mapping[str, int]:
        """Return how many records of customers there were, by what became of them."""
        with psycopg.connect(self.schema) as asked:
            found = asked.execute(
                "SELECT fate, SUM(records) FROM records_read WHERE source = 'customers' GROUP BY fate"
            ).fetchall()
        return {str(fate): int(records) for fate, records in found if records}

    def all_is_applied(self) -> bool:
        """Whether each event counts as applied, and none of them twice."""
        return self.fates() == {"applied": self.written}

    def epochs(self) -> Mapping[int, int]:
        with psycopg.connect(self.schema) as asked:
            return dict(asked.execute("SELECT slot, epoch FROM slots").fetchall())

    def eventually(self, holds: Callable[[], bool], *, within: float = PATIENCE_SECONDS) -> None:
        until = time.monotonic() + within
        while not holds():
            assert time.monotonic() < until, [each.said()[-2_000:] for each in self.workers if each.log.exists()]
            time.sleep(0.1)


@contextmanager
def a_shop(folder: Path, broker: Broker, schema: str) -> Iterator[Shop]:
    """Yield a shop whose topics are made."""
    project = folder / "shop"
    make_project(project)
    settings = (project / "tellfirst.yaml").read_text()
    brokers = f"kafka: {{brokers: {broker.address}, partitions: {SLOTS}}}"
    (project / "tellfirst.yaml").write_text(f"{settings}\ndatabase: {{address: '{as_url(schema)}'}}\n{brokers}\n")
    shop = Shop(project, broker, schema)
    shop.ask("kafka", "init")
    try:
        yield shop
    finally:
        for each in shop.workers:
            each.close()
