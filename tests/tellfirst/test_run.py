"""A run as a process: it answers, it drains, it takes up decisions, and it shares its store with nobody."""

import gzip
import json
import shlex
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from contracts.times import instant_text
from streams.metrics.catalogue import ROLES
from tellfirst import clock
from tests.tellfirst.conftest import Ask
from tests.tellfirst.house import TELLFIRST, House


def failed_payment(order: str) -> bytes:
    data = {"order_id": order, "customer_id": "C1", "amount": 12.5, "currency": "EUR"}
    event = {"specversion": "1.0", "id": f"e-{order}", "source": "shop", "type": "payment.failed", "data": data}
    return json.dumps({**event, "time": instant_text(clock.now())}).encode()


def send(house: House, *records: bytes) -> httpx.Response:
    return httpx.post(f"{house.address}/events", content=b"\n".join(records), headers={"content-type": "application/x-ndjson"})


def rows(ask: Ask, project: Path, table: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in ask("--project", str(project), "export", table).stdout.splitlines()]


def test_what_was_answered_is_in_the_store_and_can_be_read_beside_the_run(ask: Ask, house: House) -> None:
    house.start()

    answer = send(house, failed_payment("O1"), b"{", failed_payment("O1"))

    assert (answer.status_code, answer.json()) == (202, {"read": 3, "applied": 1, "repeated": 1, "unread": 0, "dead_letters": 1})
    assert [line["case"] for line in rows(ask, house.project, "problems")] == ["order/O1"]


def test_it_drains_when_it_is_asked_to_stop(ask: Ask, house: House) -> None:
    house.start()
    send(house, failed_payment("O1"))

    assert house.stop() == 0
    assert len(rows(ask, house.project, "problems")) == 1


def test_a_person_who_interrupts_it_gets_the_code_for_that(house: House) -> None:
    house.start()

    assert house.end(signal.SIGINT) == 130


def test_new_rules_start_in_shadow_and_are_published_while_it_runs(ask: Ask, house: House) -> None:
    house.start()
    send(house, failed_payment("O1"))
    stages = {
        each["rule"]: each["stage"] for each in json.loads(ask("--project", str(house.project), "rules", "list", "--json").stdout)
    }
    assert set(stages.values()) == {"shadow"}

    assert ask("--project", str(house.project), "rules", "publish", "payment-failing", "--live").exit_code == 0

    stages = {
        each["rule"]: each["stage"] for each in json.loads(ask("--project", str(house.project), "rules", "list", "--json").stdout)
    }
    assert stages["payment-failing"] == "live"
    assert house.stop() == 0
    assert [line["reason"] for line in rows(ask, house.project, "notices")] == ["before_the_rule"]


def test_a_second_process_on_the_same_store_is_refused(ask: Ask, house: House) -> None:
    house.start()

    second = subprocess.run([*TELLFIRST, "--project", str(house.project), "run", "--stdin"], input=b"", capture_output=True)

    assert second.returncode == 6
    assert f"process {house.process.pid if house.process else 0} writes to this store" in second.stderr.decode()
    assert second.stderr.count(b"\n") == 1


def test_a_replay_into_what_a_run_has_used_is_refused(ask: Ask, house: House, tmp_path: Path) -> None:
    house.start()
    house.stop()
    (tmp_path / "one.jsonl").write_bytes(failed_payment("O1"))

    answer = ask("--project", str(house.project), "events", "replay", str(tmp_path / "one.jsonl"))

    assert answer.exit_code == 6
    assert "has used this store" in answer.stderr


def test_it_is_alive_ready_and_measured(house: House) -> None:
    house.start()
    send(house, failed_payment("O1"))

    assert httpx.get(f"{house.address}/livez").status_code == 200
    ready = httpx.get(f"{house.address}/readyz")
    assert (ready.status_code, set(ready.json()["checks"])) == (200, {"store", "source", "rules", "outbox"})
    metrics = httpx.get(f"{house.address}/metrics").text
    assert 'tellfirst_events_total{outcome="applied",topic="http"} 1.0' in metrics
    assert 'tellfirst_problems_total{phase="opened",rule="payment-failing"} 1.0' in metrics
    assert 'tellfirst_problems_open{rule="payment-failing"} 1.0' in metrics
    assert 'tellfirst_rules{stage="shadow"} 11.0' in metrics
    assert [f'tellfirst_role{{role="{role}"}} 1.0' in metrics for role in ROLES] == [True, True, True]
    assert "C1" not in metrics and "O1" not in metrics


def test_receipts_are_answered_and_counted_while_it_runs(house: House) -> None:
    house.start()

    answer = httpx.post(f"{house.address}/receipts", json={"message": "msg_of_somebody_else", "receipt": "delivered"})

    assert (answer.status_code, answer.json()) == (202, {"taken": 0, "repeated": 0, "unmatched": 1})
    metrics = httpx.get(f"{house.address}/metrics").text
    assert 'tellfirst_receipts_total{fate="unmatched",receipt="delivered"} 1.0' in metrics


def test_standard_input_is_read_to_its_end(ask: Ask, project: Path) -> None:
    text = failed_payment("O1") + b"\n\n" + failed_payment("O2")

    done = subprocess.run([*TELLFIRST, "--project", str(project), "run", "--stdin"], input=text, capture_output=True)

    assert done.returncode == 0
    assert {line["case"] for line in rows(ask, project, "problems")} == {"order/O1", "order/O2"}


def test_at_the_end_it_says_what_it_has_read_this_time(project: Path) -> None:
    command = [*TELLFIRST, "--project", str(project), "run", "--stdin", "--json"]
    subprocess.run(command, input=failed_payment("O1"), capture_output=True, check=True)

    done = subprocess.run(command, input=failed_payment("O2") + b"\n{", capture_output=True, check=True)

    assert json.loads(done.stdout) == {
        "drained": True,
        "interrupted": False,
        "sources": {"stdin": {"read": 2, "applied": 1, "repeated": 0, "unread": 0, "dead_letters": 1}},
    }


def test_a_file_is_read_to_its_end_and_not_read_again(ask: Ask, project: Path, tmp_path: Path) -> None:
    file = tmp_path / "two.jsonl"
    file.write_bytes(failed_payment("O1") + b"\n" + failed_payment("O2") + b"\n")

    for _ in range(2):
        done = subprocess.run([*TELLFIRST, "--project", str(project), "run", "--file", str(file)], capture_output=True)
        assert done.returncode == 0

    (records,) = json.loads(ask("--project", str(project), "stats", "--json").stdout)["records"].values()
    assert records == {"applied": 2}


def test_a_file_that_is_cut_off_ends_the_run_with_one_line(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "cut.jsonl.gz"
    file.write_bytes(gzip.compress(b"\n".join(failed_payment(f"O{number}") for number in range(5_000)))[:-100])

    done = subprocess.run(
        [*TELLFIRST, "--project", str(project), "run", "--file", str(file)], capture_output=True, text=True, timeout=30
    )

    assert done.returncode == 5
    assert "it is damaged or cut off" in done.stderr.splitlines()[-1]


def test_nobody_listens_to_the_world_without_a_token(ask: Ask, project: Path) -> None:
    answer = ask("--project", str(project), "run", "--listen", "0.0.0.0:0")

    assert answer.exit_code == 6
    assert "TELLFIRST_TOKEN_FILE" in answer.stderr


def test_an_address_that_is_taken_is_one_line(ask: Ask, house: House) -> None:
    house.start()
    address = house.address.removeprefix("http://")

    answer = ask("--project", str(house.project), "run", "--listen", address)

    assert (answer.exit_code, answer.stderr) == (
        4,
        f"{address}  the address is taken — stop the other process, or listen on another port\n",
    )


def test_a_file_is_sent_to_it(ask: Ask, house: House, tmp_path: Path) -> None:
    house.start()
    file = tmp_path / "many.jsonl"
    file.write_bytes(b"\n".join(failed_payment(f"O{number}") for number in range(1_200)))

    answer = ask("events", "send", str(file), "--to", house.address, "--json")

    assert answer.exit_code == 0
    assert json.loads(answer.stdout) == {"read": 1_200, "applied": 1_200, "repeated": 0, "unread": 0, "dead_letters": 0}


@pytest.mark.parametrize("redirected", ["< /dev/null", "<&-", "< {file}"])
def test_standard_input_that_is_no_pipe_is_read_to_its_end(project: Path, tmp_path: Path, redirected: str) -> None:
    file = tmp_path / "empty.jsonl"
    file.touch()
    words = shlex.join([*TELLFIRST, "--project", str(project), "run", "--stdin"])

    done = subprocess.run(["bash", "-c", f"{words} {redirected.format(file=file)}"], capture_output=True, timeout=30)

    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "fact"), [(["--stdin"], "there is no mapping `shop`"), ([], "is for a file or standard input")]
)
def test_a_mapping_that_cannot_be_used_is_said_at_the_start(ask: Ask, project: Path, words: list[str], fact: str) -> None:
    answer = ask("--project", str(project), "run", *words, "--mapping", "shop")

    assert (answer.exit_code, fact in answer.stderr) == (2, True)


def test_a_store_that_fails_ends_the_run_with_its_one_line(project: Path) -> None:
    lines = b"".join(failed_payment(f"O{number}") + b"\n" for number in range(500))
    words = [*TELLFIRST, "--project", str(project), "run", "--stdin"]
    subprocess.run(words, input=lines, check=True, capture_output=True)
    with closing(sqlite3.connect(project / "data" / "store.db")) as file, file:
        file.execute("UPDATE cases SET memory = x'93c0'")

    done = subprocess.run(words, input=lines, capture_output=True, timeout=60)

    assert done.returncode == 6
    assert [line for line in done.stderr.splitlines() if not line.startswith(b"{")][0].startswith(b"what is remembered of order/")
    assert b"Traceback" not in done.stderr
