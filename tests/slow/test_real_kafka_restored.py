"""A database of before 5,000 were told is put back: nobody runs on it until it knows them, and then nobody is told again."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner, Result

from contracts.times import instant_text
from rules.loader import library
from storage.postgres import open_postgres
from storage.sql_store import SqlStore
from tellfirst import clock
from tellfirst.cli import app
from tests.slow.real_kafka import Broker
from tests.storage.server import as_url
from tests.tellfirst.house import House
from tests.tellfirst.test_backup import back_up_database
from tests.tellfirst.test_recover_command import event, sent

MANY = 5_000
SETTINGS = """\
database: {{address: '{address}'}}
kafka: {{brokers: {brokers}, partitions: 4}}
"""


@pytest.fixture
def project(tmp_path: Path, schema: str, broker: Broker) -> Path:
    folder = tmp_path / "shop"
    copytree(library(), folder / "rules")
    (folder / "tellfirst.yaml").write_text(SETTINGS.format(address=as_url(schema), brokers=broker.address))
    return folder


@pytest.fixture
def houses(project: Path) -> Iterator[dict[str, House]]:
    """A worker and a courier, each a process."""
    houses = {role: House(project) for role in ("worker", "courier")}
    for role, house in houses.items():
        house.log = project / f"{role}.log"
    yield houses
    for house in houses.values():
        house.close()


def asked(project: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["--project", str(project), *words], catch_exceptions=False)


def failures(numbers: range, at: str, file: Path) -> Path:
    """Write a failed payment of each of these customers, who want to hear at any hour."""
    customers = [event(each, "customer.updated", at, quiet_from="00:00", quiet_until="00:00") for each in numbers]
    payments = [event(each, "payment.failed", at, order_id=f"O{each}", amount=12.5, currency="EUR") for each in numbers]
    file.write_bytes(b"\n".join(customers + payments))
    return file


def until(store: SqlStore, answer: str, number: int) -> None:
    """Wait until so many notices have this answer, and all that goes on has gone."""
    for _ in range(2_400):
        answers = store.counts()["notices"].get(answer, {})
        if sum(answers.values()) == number and not store.outgoing(limit=1):
            return
        time.sleep(0.1)
    raise AssertionError(store.counts())


@pytest.mark.timeout(480)
def test_nobody_is_told_again(project: Path, schema: str, houses: dict[str, House], tmp_path: Path) -> None:
    assert asked(project, "kafka", "init").exit_code == 0
    store = open_postgres(schema)
    houses["worker"].start("--role", "worker")
    published = asked(project, "rules", "publish", "payment-failing", "--live")
    assert published.exit_code == 0, published.stderr
    file = failures(range(MANY), instant_text(clock.now()), tmp_path / "events.jsonl")
    assert asked(project, "events", "send", str(file), "--to", "kafka").exit_code == 0
    until(store, "waiting", MANY)
    restore = back_up_database(schema, tmp_path / "dump")

    houses["courier"].start("--role", "courier")
    until(store, "told", MANY)
    assert [house.stop() for house in houses.values()] == [0, 0]
    assert len(sent(project)) == MANY
    store.close()
    restore()

    for role in houses:
        refused = asked(project, "run", "--role", role, "--listen", "127.0.0.1:0")
        assert refused.exit_code == 6
        assert "tellfirst.told  the store was put back from a copy" in refused.stderr.splitlines()[-1]
    recovered = json.loads(asked(project, "recover", "--from", "tellfirst.told", "--json").stdout)
    assert (recovered["put_back"], recovered["kept"]) == (MANY, 0)

    for role, house in houses.items():
        house.start("--role", role)
    more = failures(range(MANY, MANY + 1), instant_text(clock.now()), tmp_path / "more.jsonl")
    assert asked(project, "events", "send", str(more), "--to", "kafka").exit_code == 0
    store = open_postgres(schema)
    until(store, "told", MANY + 1)
    assert [house.stop() for house in houses.values()] == [0, 0]
    store.close()
    assert len(sent(project)) == MANY + 1
