"""The same run with its store in PostgreSQL: what a folder does for one process, a database does."""

import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from tests.tellfirst.conftest import Ask
from tests.tellfirst.house import TELLFIRST, House
from tests.tellfirst.test_backup import name_database
from tests.tellfirst.test_run import failed_payment, rows, send


@pytest.fixture
def house(house: House, schema: str) -> House:
    name_database(house.project, schema)
    return house


def test_what_was_answered_is_in_the_database_and_can_be_read_beside_the_run(ask: Ask, house: House) -> None:
    house.start()

    answer = send(house, failed_payment("O1"), b"{", failed_payment("O1"))

    assert (answer.status_code, answer.json()) == (202, {"read": 3, "applied": 1, "repeated": 1, "unread": 0, "dead_letters": 1})
    assert [line["case"] for line in rows(ask, house.project, "problems")] == ["order/O1"]
    assert not (house.project / "data" / "store.db").exists()
    assert house.stop() == 0


def test_what_a_run_committed_is_known_to_the_next(ask: Ask, house: House) -> None:
    house.start()
    send(house, failed_payment("O1"))
    house.end(9)
    house.start()

    assert send(house, failed_payment("O1")).json()["repeated"] == 1
    assert house.stop() == 0
    assert len(rows(ask, house.project, "problems")) == 1


def test_rules_are_published_while_it_runs(ask: Ask, house: House) -> None:
    house.start()

    assert ask("--project", str(house.project), "rules", "publish", "payment-failing", "--live").exit_code == 0

    send(house, failed_payment("O1"))
    assert house.stop() == 0
    assert "before_the_rule" not in [line["reason"] for line in rows(ask, house.project, "notices")]


def test_a_second_process_on_the_same_database_is_refused(house: House) -> None:
    house.start()

    second = subprocess.run([*TELLFIRST, "--project", str(house.project), "run", "--stdin"], input=b"", capture_output=True)

    assert second.returncode == 6
    assert "another process runs on this database" in second.stderr.decode()
    assert second.stderr.count(b"\n") == 1


def test_a_connection_that_ends_ends_the_run_with_one_line_and_the_next_goes_on_from_what_was_committed(
    ask: Ask, house: House, schema: str
) -> None:
    house.start()
    send(house, failed_payment("O1"))
    with psycopg.connect(schema, autocommit=True) as other:
        ended = other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tellfirst'")
        assert ended.rowcount == 2

    assert house.process is not None and house.process.wait(timeout=30) == 4
    last = house.log.read_text().splitlines()[-1]
    assert last.startswith("PostgreSQL") and "connection" in last
    house.start()

    assert send(house, failed_payment("O1"), failed_payment("O2")).json()["repeated"] == 1
    assert house.stop() == 0
    assert len(rows(ask, house.project, "problems")) == 2


def test_a_server_that_is_not_there_is_one_line_and_the_code_for_that(ask: Ask, project: Path) -> None:
    (project / "tellfirst.yaml").write_text("database: {address: postgresql://tell@127.0.0.1:9/shop}\n")

    answer = ask("--project", str(project), "stats")

    assert answer.exit_code == 4
    assert answer.stderr.count("\n") == 1
    assert "port=9" in answer.stderr


@pytest.mark.parametrize(
    ("written", "fact"),
    [
        ("{address: mysql://localhost/shop}", "is no address of a PostgreSQL database"),
        ("{address: 'postgresql://tell:s3cret@db/shop'}", "a password does not belong into this file"),
        ("{password_file: secret}", "address"),
        ("{address: postgresql://db/shop, password: s3cret}", "a password does not belong into this file"),
        ("{address: postgresql://db/shop, pasword_file: x}", "did you mean `password_file`"),
    ],
)
def test_a_faulty_setting_tells_its_place(ask: Ask, project: Path, written: str, fact: str) -> None:
    (project / "tellfirst.yaml").write_text(f"database: {written}\n")

    answer = ask("--project", str(project), "rules", "check")

    assert answer.exit_code == 3
    assert "tellfirst.yaml:1:" in answer.stderr and fact in answer.stderr
    assert "s3cret" not in answer.stderr


def test_a_password_comes_from_the_environment(ask: Ask, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TELLFIRST_DATABASE__ADDRESS", "postgresql://tell@127.0.0.1:9/shop")
    monkeypatch.setitem(os.environ, "TELLFIRST_DATABASE__PASSWORD", "s3cret")

    answer = ask("--project", str(project), "stats")

    assert answer.exit_code == 4
    assert "s3cret" not in answer.stderr
