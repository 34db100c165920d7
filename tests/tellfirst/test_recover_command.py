"""A run on a store that was put back from a copy is refused until it knows who was told since, and then tells nobody again."""

import json
import re
import shutil
import time
from pathlib import Path

import httpx

from contracts.times import instant_text
from tellfirst import clock
from tests.tellfirst.conftest import Ask
from tests.tellfirst.house import House
from tests.tellfirst.test_run import rows

MANY = 5_000
AT_ONCE = 1_000
MESSAGE = re.compile(r'id="(msg_\w+)"')


def event(number: int, kind: str, at: str, **data: object) -> bytes:
    record = {"specversion": "1.0", "id": f"{kind}-{number}", "source": "shop", "type": kind, "time": at}
    return json.dumps({**record, "data": {"customer_id": f"C{number}", **data}}).encode()


def send(house: House, numbers: range, at: str) -> None:
    """Send a failed payment of each of these customers, who want to hear at any hour."""
    for first in range(numbers.start, numbers.stop, AT_ONCE):
        some = range(first, min(first + AT_ONCE, numbers.stop))
        customers = [event(each, "customer.updated", at, quiet_from="00:00", quiet_until="00:00") for each in some]
        failures = [event(each, "payment.failed", at, order_id=f"O{each}", amount=12.5, currency="EUR") for each in some]
        kind = {"content-type": "application/x-ndjson"}
        answer = httpx.post(f"{house.address}/events", content=b"\n".join(customers + failures), headers=kind, timeout=60)
        assert answer.status_code == 202


def until_told(ask: Ask, project: Path, number: int) -> None:
    for _ in range(600):
        stats = json.loads(ask("--project", str(project), "stats", "--json").stdout)
        if stats["notices"].get("told", {}) and sum(stats["notices"]["told"].values()) == number:
            return
        time.sleep(0.1)
    raise AssertionError(stats)


def sent(project: Path) -> list[str]:
    """Return the messages that really went out, oldest first."""
    pages = sorted((project / "data" / "outbox").glob("2*.html"))
    return [message for page in pages for message in MESSAGE.findall(page.read_text())]


def test_after_five_thousand_were_told_an_older_copy_tells_none_of_them_again(ask: Ask, house: House, tmp_path: Path) -> None:
    project = house.project
    house.start()
    assert ask("--project", str(project), "rules", "publish", "payment-failing", "--live").exit_code == 0
    at = instant_text(clock.now())
    send(house, range(5), at)
    until_told(ask, project, 5)
    assert ask("--project", str(project), "backup", str(tmp_path / "copy")).exit_code == 0
    send(house, range(5, 5 + MANY), at)
    until_told(ask, project, 5 + MANY)
    assert house.stop() == 0
    heard = sent(project)
    assert len(heard) == 5 + MANY

    for each in (project / "data").glob("store.db*"):
        each.unlink()
    shutil.copy(tmp_path / "copy", project / "data" / "store.db")

    refused = ask("--project", str(project), "run", "--listen", "127.0.0.1:0")
    assert refused.exit_code == 6
    assert "the store was put back from a copy" in refused.stderr and refused.stderr.count("\n") == 1

    answer = ask("--project", str(project), "recover", "--json")
    assert json.loads(answer.stdout) | {"from": "", "lines": 0} == {"from": "", "lines": 0, "put_back": 0, "kept": MANY}

    house.start()
    send(house, range(5 + MANY + 1), at)
    until_told(ask, project, 5 + MANY + 1)
    assert house.stop() == 0
    assert len(sent(project)) == 5 + MANY + 1
    assert {line["answer"] for line in rows(ask, project, "notices")} == {"told"}


def test_a_log_that_is_not_there_is_named(ask: Ask, project: Path, tmp_path: Path) -> None:
    answer = ask("--project", str(project), "recover", "--from", str(tmp_path / "none.jsonl"))

    assert answer.exit_code == 2
    assert answer.stderr == f"{tmp_path / 'none.jsonl'}  no such file or folder — check the name\n"


def test_nobody_may_run_meanwhile(ask: Ask, house: House) -> None:
    house.start()

    answer = ask("--project", str(house.project), "recover")

    assert answer.exit_code == 6
    assert "writes to this store" in answer.stderr


def test_where_nobody_was_told_there_is_nothing_to_do(ask: Ask, project: Path) -> None:
    answer = ask("--project", str(project), "recover")

    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[0].endswith("told.jsonl: 0 lines read")


def test_a_customer_is_taken_out_of_the_log_beside_a_run_and_without_one(ask: Ask, house: House) -> None:
    project = house.project

    def erased(customer: str) -> int:
        return int(json.loads(ask("--project", str(project), "recover", "--erase", customer, "--json").stdout)["erased"])

    def left() -> set[str]:
        lines = (project / "data" / "told.jsonl").read_text().splitlines()
        return {json.loads(line)["hearing"]["customer"] for line in lines}

    house.start()
    assert ask("--project", str(project), "rules", "publish", "payment-failing", "--live").exit_code == 0
    send(house, range(4), instant_text(clock.now()))
    until_told(ask, project, 4)

    assert erased("customer/C1") == 1
    assert left() == {"C0", "C2", "C3"}
    send(house, range(4, 5), instant_text(clock.now()))
    until_told(ask, project, 5)
    assert house.stop() == 0
    assert (erased("C2"), erased("C2")) == (1, 0)
    assert left() == {"C0", "C3", "C4"}
    house.start()
    assert house.stop() == 0


def test_a_customer_is_taken_out_of_the_projects_own_log_only(ask: Ask, project: Path, tmp_path: Path) -> None:
    answer = ask("--project", str(project), "recover", "--erase", "C1", "--from", str(tmp_path / "copy.jsonl"))

    assert answer.exit_code == 2
    assert "a customer is taken out of the project's own log" in answer.stderr
