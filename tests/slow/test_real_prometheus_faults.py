"""One thing at a time goes wrong with what runs: the right page comes, no other, and what its runbook says ends it."""

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copytree

import httpx
import psycopg
from psycopg.conninfo import make_conninfo

from contracts.times import instant_text
from deploy.monitoring.alert import PAGE
from deploy.monitoring.generate import RULES
from rules.loader import library
from streams.kafka.settings import USUAL_TOPICS
from tellfirst import clock
from tests.slow.hurry import configure
from tests.slow.real_kafka import Broker
from tests.slow.real_prometheus import alertmanager, free_port, prometheus
from tests.slow.test_real_prometheus_chain import Heard, receiver, until_heard, until_shown
from tests.storage.server import as_url, database
from tests.tellfirst import conftest, test_roles_watched
from tests.tellfirst.conftest import Ask
from tests.tellfirst.house import TELLFIRST, House

ask, project, houses = conftest.ask, conftest.project, test_roles_watched.houses
PAGES = {rule.alert.name for rule in RULES if rule.alert is not None and rule.alert.severity == PAGE}
PROMPT = "sources: {http: {source_delay: 0s, settle: 0s, quiet_after: 15s}}\n"
PROMPT_TOPICS = ", ".join(f"{topic}: {{source_delay: 0s, settle: 0s}}" for topic in USUAL_TOPICS)
STEADY_SECONDS, CALM_SECONDS = 5, 4


class Traffic(threading.Thread):
    """Sends the failed payment of another customer every half second, until it is told to be silent."""

    def __init__(self, house: House) -> None:
        super().__init__(daemon=True)
        self._house, self._ended, self.number = house, threading.Event(), 0
        self.flows = threading.Event()
        self.flows.set()

    def run(self) -> None:
        while not self._ended.wait(0.5):
            if self.flows.is_set():
                self.send(f"{self.number}")
                self.number += 1

    def send(self, name: str) -> None:
        """Who gets no answer sends again; here the next event does for that."""
        customer = {"customer_id": f"C{name}", "email": f"{name}@example.com", "quiet_from": "00:00", "quiet_until": "00:00"}
        failure = {"order_id": name, "customer_id": f"C{name}", "amount": 12.5, "currency": "EUR"}
        body = b"\n".join((_event(f"c{name}", "customer.updated", customer), _event(f"f{name}", "payment.failed", failure)))
        with suppress(httpx.TransportError):
            httpx.post(
                f"{self._house.address}/events", content=body, headers={"content-type": "application/x-ndjson"}, timeout=20
            )

    def end(self) -> None:
        self._ended.set()
        self.join(timeout=30)


def _event(name: str, kind: str, data: dict[str, object]) -> bytes:
    time = instant_text(clock.now())
    return json.dumps({"specversion": "1.0", "id": name, "source": "shop", "type": kind, "time": time, "data": data}).encode()


class Watched:
    """A tellfirst that runs, and who hears of it."""

    def __init__(self, house: House, heard: Heard, listen: str) -> None:
        self.house, self.heard, self._listen = house, heard, listen
        self.traffic = Traffic(house)

    def start(self) -> None:
        self.house.start("--listen", self._listen)

    def pages(self, alert: str) -> None:
        until_heard(self.heard, (alert, "firing"))

    def ended(self, alert: str) -> None:
        """See the end of the page; then it was the only one."""
        until_heard(self.heard, (alert, "resolved"))
        time.sleep(CALM_SECONDS)
        assert {name for name, _ in self.heard} & PAGES == {alert}


@contextmanager
def watched(
    folder: Path, settings: str, *, command: list[str] = TELLFIRST, before: Callable[[Path], object] = lambda shop: None
) -> Iterator[Watched]:
    """Yield a run of the shipped rules, once it is ready. before: what its project needs."""
    shop, listen, managed = folder / "shop", f"127.0.0.1:{free_port()}", free_port()
    copytree(library(), shop / "rules")
    (shop / "tellfirst.yaml").write_text(settings)
    before(shop)
    house = House(shop)
    house.command = command
    with receiver() as (hook, heard):
        ours, theirs = configure(folder, apps=[listen], hook=hook, port=managed)
        run = Watched(house, heard, listen)
        try:
            run.start()
            run.traffic.start()
            with alertmanager(theirs, port=managed), prometheus(ours, data=folder / "prometheus") as address:
                until_heard(heard, ("TellfirstWatchdog", "firing"))
                until_shown(address, 'tellfirst_ready_check{check="store"} == 1')
                yield run
        finally:
            run.traffic.end()
            house.close()


@contextmanager
def calm(run: Watched, ask: Ask) -> Iterator[None]:
    """Let customers be told for a while: nobody is woken by that."""
    assert ask("--project", str(run.house.project), "rules", "publish", "payment-failing", "--live").exit_code == 0
    time.sleep(STEADY_SECONDS)
    assert {name for name, _ in run.heard} & PAGES == set()
    yield


def test_a_source_that_falls_silent(tmp_path: Path, ask: Ask) -> None:
    with watched(tmp_path, PROMPT) as run, calm(run, ask):
        run.traffic.flows.clear()
        run.pages("TellfirstSourceQuiet")

        run.traffic.flows.set()
        run.ended("TellfirstSourceQuiet")


def test_a_worker_that_is_killed(tmp_path: Path, ask: Ask) -> None:
    with watched(tmp_path, PROMPT) as run, calm(run, ask):
        run.house.kill()
        run.pages("TellfirstDown")

        run.start()
        run.ended("TellfirstDown")


def test_the_last_courier_that_is_killed_beside_a_worker(tmp_path: Path, houses: dict[str, House]) -> None:
    listens, managed = {role: f"127.0.0.1:{free_port()}" for role in ("worker", "courier")}, free_port()
    with (houses["worker"].project / "tellfirst.yaml").open("a") as settings:
        settings.write(f"sources: {{{PROMPT_TOPICS}}}\n")
    with receiver() as (hook, heard):
        ours, theirs = configure(tmp_path, apps=[*listens.values()], hook=hook, port=managed)
        for role, listen in listens.items():
            houses[role].start("--role", role, "--listen", listen)
        with alertmanager(theirs, port=managed), prometheus(ours, data=tmp_path / "prometheus") as address:
            until_shown(address, 'tellfirst_role{role="courier"} == 1')
            time.sleep(STEADY_SECONDS)
            assert {name for name, _ in heard} & PAGES == set()

            houses["courier"].kill()
            until_heard(heard, ("TellfirstRoleDown", "firing"))

            houses["courier"].start("--role", "courier", "--listen", listens["courier"])
            until_heard(heard, ("TellfirstRoleDown", "resolved"))
    assert {name for name, _ in heard} & PAGES == {"TellfirstRoleDown"}


def test_a_database_that_is_gone(tmp_path: Path, ask: Ask) -> None:
    with (
        a_database_of_its_own() as (address, go, come_back),
        watched(tmp_path, f"{PROMPT}database: {{address: '{address}'}}\n") as run,
        calm(run, ask),
    ):
        go()
        assert run.house.process is not None and run.house.process.wait(timeout=30) == 4
        run.pages("TellfirstDown")

        come_back()
        run.start()
        run.ended("TellfirstDown")


@contextmanager
def a_database_of_its_own() -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """Yield its address, what makes it go away with all connections, and what brings it back."""
    with psycopg.connect(database(), autocommit=True) as server:

        def let_in(allowed: bool) -> None:
            server.execute(f"ALTER DATABASE faults ALLOW_CONNECTIONS {allowed}")
            if not allowed:
                server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'faults'")

        server.execute("CREATE DATABASE faults")
        try:
            yield as_url(make_conninfo(database(), dbname="faults")), lambda: let_in(False), lambda: let_in(True)
        finally:
            server.execute("DROP DATABASE faults WITH (FORCE)")


def test_a_provider_that_hangs(tmp_path: Path, ask: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings = f"""{PROMPT}channels:
  email: {{kind: smtp, host: 127.0.0.1, port: {port}, tls: none, from: shop@example.com,
    wait_at_most: {{connect: 1s, answer: 1s, total: 2s}}, breaker: {{after: 3, rest: 1s}}}}
"""
        with watched(tmp_path, settings) as run, calm(run, ask):
            run.pages("TellfirstChannelDown")

            run.house.stop()
            with (run.house.project / "tellfirst.yaml").open("w") as without:
                without.write(PROMPT)
            run.start()
            run.ended("TellfirstChannelDown")


def test_a_record_that_breaks_a_rule(tmp_path: Path, ask: Ask) -> None:
    command = [sys.executable, "-m", "tests.slow.poisoned"]
    with watched(tmp_path, PROMPT, command=command) as run, calm(run, ask):
        run.traffic.send("poison")
        run.pages("TellfirstRecordPoisoned")

        (letter,) = json.loads(ask("--project", str(run.house.project), "dlq", "list", "--json").stdout)
        assert letter["reason"] == "poison"
        run.house.stop()
        run.house.command = TELLFIRST
        run.start()
        assert ask("--project", str(run.house.project), "dlq", "redrive", "--reason", "poison").exit_code == 0
        run.ended("TellfirstRecordPoisoned")


def test_brokers_that_are_gone(tmp_path: Path, ask: Ask, broker: Broker) -> None:
    settings = f"kafka: {{brokers: ['{broker.address}'], partitions: 2}}\nsources: {{{PROMPT_TOPICS}}}\n"
    with watched(tmp_path, settings, before=lambda shop: ask("--project", str(shop), "kafka", "init")) as run:
        time.sleep(STEADY_SECONDS)
        assert {name for name, _ in run.heard} & PAGES == set()

        broker.stop()
        try:
            run.pages("TellfirstWatermarkStalled")
        finally:
            broker.start()
        run.ended("TellfirstWatermarkStalled")
