"""An event's whole way on a real broker: posted to the intake, decided by a worker, told by one of two couriers, once."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from contracts.times import MINUTE, instant_text
from storage.sqlite import open_store
from streams.kafka.minutes import union
from tellfirst import clock
from tellfirst.cli import app
from tests.slow.real_kafka import Broker
from tests.storage.server import as_url
from tests.tellfirst.house import House

CUSTOMERS = 40
LINES = {"content-type": "application/x-ndjson"}
SECURE = [
    (2, "tls: {ca_file: ca.pem, cert_file: client.pem, key_file: client.key}"),
    (3, "sasl: {mechanism: plain, user: tellfirst, password_file: password}"),
    (4, "tls: {ca_file: ca.pem}, sasl: {mechanism: scram-sha-512, user: tellfirst, password_file: password}"),
]

Ask = Callable[..., str]


@pytest.fixture
def on_postgres(shop: Path, schema: str) -> None:
    with (shop / "tellfirst.yaml").open("a") as settings:
        settings.write(f"database: {{address: '{as_url(schema)}'}}\n")


@pytest.fixture
def ask(shop: Path) -> Ask:
    def run(*words: str) -> str:
        answer = CliRunner().invoke(app, ["--project", str(shop), *words], catch_exceptions=False)
        assert answer.exit_code == 0, answer.stderr
        return answer.stdout

    return run


@pytest.fixture
def houses(shop: Path) -> Iterator[Callable[[str], House]]:
    started: list[House] = []

    def start(role: str) -> House:
        house = House(shop)
        house.log = shop / f"{role}-{len(started)}.log"
        started.append(house)
        house.start("--role", role)
        assert httpx.get(f"{house.address}/livez", timeout=30).status_code == 200
        return house

    yield start
    for house in started:
        house.close()


def event(number: int, kind: str, **data: Any) -> bytes:
    envelope = {"specversion": "1.0", "id": f"{kind}-{number}", "source": "shop", "type": kind, "time": instant_text(clock.now())}
    return json.dumps({**envelope, "data": {"customer_id": f"C{number}", **data}}).encode()


def failures(numbers: range) -> bytes:
    """Return a failed payment of each of these customers, who want to hear at any hour."""
    return b"\n".join(
        record
        for number in numbers
        for record in (
            event(number, "customer.updated", quiet_from="00:00", quiet_until="00:00"),
            event(number, "payment.failed", order_id=f"O{number}", amount=12.5, currency="EUR"),
        )
    )


def post(house: House, body: bytes) -> httpx.Response:
    return httpx.post(f"{house.address}/events", content=body, headers=LINES, timeout=30)


def told(ask: Ask) -> list[str]:
    return [line["case"] for line in map(json.loads, ask("export", "notices").splitlines()) if line["answer"] == "told"]


def until_told(ask: Ask, number: int) -> list[str]:
    for _ in range(240):
        if len(cases := told(ask)) >= number:
            return sorted(cases)
        time.sleep(0.25)
    raise AssertionError(f"{len(cases)} of {number} were told within a minute")


@pytest.mark.usefixtures("on_postgres")
def test_what_is_posted_to_the_intake_is_told_once_by_couriers_beside_each_other(
    shop: Path, ask: Ask, houses: Callable[[str], House]
) -> None:
    ask("kafka", "init")
    intake, worker, courier, another = [houses(role) for role in ("intake", "worker", "courier", "courier")]
    ask("rules", "publish", "payment-failing", "--live")

    first = post(intake, failures(range(CUSTOMERS)))
    assert (first.status_code, first.json()["written"]) == (202, 2 * CUSTOMERS)
    assert until_told(ask, CUSTOMERS) == sorted(f"order/O{number}" for number in range(CUSTOMERS))
    courier.kill()
    post(intake, failures(range(CUSTOMERS)))
    post(intake, failures(range(CUSTOMERS, CUSTOMERS + 10)))

    assert until_told(ask, CUSTOMERS + 10) == sorted(f"order/O{number}" for number in range(CUSTOMERS + 10))
    ready = [httpx.get(f"{house.address}/readyz").status_code for house in (intake, worker, another)]
    assert ready == [200, 200, 200]
    assert [house.stop() for house in (intake, worker, another)] == [0, 0, 0]
    attempts = [json.loads(line) for line in ask("export", "attempts").splitlines()]
    assert len(attempts) == CUSTOMERS + 10


def test_one_process_does_it_all_with_its_store_in_its_folder(shop: Path, ask: Ask, houses: Callable[[str], House]) -> None:
    ask("kafka", "init")
    house = houses("all")
    ask("rules", "publish", "payment-failing", "--live")

    assert post(house, failures(range(10))).status_code == 202

    assert len(until_told(ask, 10)) == 10
    assert house.stop() == 0
    with closing(open_store(shop / "data", read_only=True)) as store:
        minutes = union(store.minutes_of("orders"))
    assert minutes.heard and minutes.looked
    assert abs(minutes.newest - clock.now() // MINUTE) <= 2


@pytest.mark.parametrize(("listener", "text"), SECURE)
def test_whatever_speaks_to_brokers_does_so_over_tls_and_with_a_login(
    shop: Path, ask: Ask, houses: Callable[[str], House], broker: Broker, listener: int, text: str
) -> None:
    for name in ("ca.pem", "client.pem", "client.key", "password"):
        (shop / name).write_bytes((broker.folder / name).read_bytes())
    settings, address = shop / "tellfirst.yaml", f"127.0.0.1:{broker.port + listener}"
    said = settings.read_text().replace(f"brokers: {broker.address}", f"brokers: {address}, {text}")
    settings.write_text(f"{said}limits: {{look_again: 1s}}\n")
    ask("kafka", "init")
    house = houses("all")
    ask("rules", "publish", "payment-failing", "--live")

    assert post(house, failures(range(10))).status_code == 202
    (shop / "more.jsonl").write_bytes(failures(range(10, 20)))
    ask("events", "send", str(shop / "more.jsonl"), "--to", "kafka")

    assert len(until_told(ask, 20)) == 20
    assert house.stop() == 0
    assert len({record.key for record in broker.records("tellfirst.told")}) == 20
    assert json.loads(ask("recover", "--json"))["lines"] >= 20


def test_while_the_brokers_are_away_the_intake_says_so_and_goes_on_when_they_are_back(
    shop: Path, ask: Ask, houses: Callable[[str], House], broker: Broker
) -> None:
    ask("kafka", "init")
    intake = houses("intake")
    broker.stop()
    try:
        refused = post(intake, failures(range(1)))
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert httpx.get(f"{intake.address}/readyz").status_code == 503
    finally:
        broker.start()

    for _ in range(120):
        if (again := post(intake, failures(range(1)))).status_code == 202:
            break
        time.sleep(0.25)
    assert again.json()["written"] == 2
    assert intake.stop() == 0
