"""What a process may be: refused with one line where a role makes no sense."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from streams.metrics.catalogue import ROLES
from tellfirst.run.roles import Role
from tests.tellfirst.conftest import Ask

KAFKA = "kafka: {brokers: 127.0.0.1:9}\n"
DATABASE = "database: {address: postgresql://tell@127.0.0.1:9/shop}\n"


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def asked(ask: Ask, project: Path, settings: str, *words: str) -> tuple[int, str]:
    (project / "tellfirst.yaml").write_text(settings)
    answer = ask("--project", str(project), "run", *words)
    assert answer.stderr.count("\n") == 1
    return answer.exit_code, answer.stderr


@pytest.mark.parametrize("role", ["worker", "courier", "intake"])
def test_a_role_needs_kafka(ask: Ask, project: Path, role: str) -> None:
    code, said = asked(ask, project, DATABASE, "--role", role)

    assert code == 3
    assert "there is no `kafka`" in said


@pytest.mark.parametrize("role", ["worker", "courier"])
def test_processes_beside_each_other_need_a_database(ask: Ask, project: Path, role: str) -> None:
    code, said = asked(ask, project, KAFKA, "--role", role)

    assert code == 3
    assert "there is no `database`" in said and "postgresql://" in said


@pytest.mark.parametrize("words", [("--stdin",), ("--json",), ("--mapping", "shop"), ("--role", "worker", "--stdin")])
def test_where_events_come_by_kafka_nothing_else_is_read(ask: Ask, project: Path, words: tuple[str, ...]) -> None:
    code, said = asked(ask, project, KAFKA + DATABASE, *words)

    assert code == 2
    assert "events send FILE --to kafka" in said


@pytest.mark.parametrize("role", ["all", "courier", "intake"])
def test_whoever_takes_something_in_needs_a_token_beyond_this_machine(ask: Ask, project: Path, role: str) -> None:
    code, said = asked(ask, project, KAFKA + DATABASE, "--role", role, "--listen", "0.0.0.0:0")

    assert code == 6
    assert "TELLFIRST_TOKEN" in said


def test_who_watches_knows_every_role() -> None:
    assert set(ROLES) == set(Role) - {Role.ALL}


def test_there_are_no_other_roles(ask: Ask, project: Path) -> None:
    answer = ask("--project", str(project), "run", "--role", "conductor")

    assert answer.exit_code == 2
    assert "worker" in answer.stderr


@pytest.mark.parametrize("role", ["all", "worker", "courier", "intake"])
def test_brokers_or_a_database_that_are_not_there_are_one_line(ask: Ask, project: Path, role: str) -> None:
    answer = ask("--project", str(project), "rules", "list")
    assert answer.exit_code == 0
    (project / "tellfirst.yaml").write_text(KAFKA + DATABASE)

    answer = ask("--project", str(project), "run", "--role", role, "--listen", "127.0.0.1:0")

    assert answer.exit_code == 4
    assert answer.stderr.splitlines()[-1].count(" — ") == 1


def test_nobody_is_told_where_it_listens_before_all_is_there_that_it_needs(
    ask: Ask, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.kafka.client.CONNECT_MS", 200)

    code, said = asked(ask, project, KAFKA, "--listen", "127.0.0.1:0")

    assert code == 4
    assert "listening on" not in said
