"""`kafka` where no broker is needed to say what is wrong; with one: tests/slow/test_real_kafka_topics.py."""

import json
from pathlib import Path

import pytest

from tests.tellfirst.conftest import Ask

NOBODY = "127.0.0.1:9"


@pytest.mark.parametrize("command", ["init", "status"])
def test_a_project_without_kafka_is_told_how_to_have_it(ask: Ask, project: Path, command: str) -> None:
    answer = ask("--project", str(project), "kafka", command)

    assert (answer.exit_code, answer.stderr.count("\n")) == (3, 1)
    assert "there is no `kafka` — write `kafka: {brokers: HOST:PORT}`" in answer.stderr


@pytest.mark.parametrize("command", ["init", "status"])
def test_a_broker_that_nobody_is_ends_with_one_line(
    ask: Ask, project: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.kafka.client.CONNECT_MS", 200)
    (project / "tellfirst.yaml").write_text(f"kafka: {{brokers: {NOBODY}}}")

    answer = ask("--project", str(project), "kafka", command)

    assert (answer.exit_code, answer.stdout) == (4, "")
    assert answer.stderr.startswith(f"kafka {NOBODY}  the brokers cannot be reached: ")
    assert answer.stderr.count("\n") == 1


def test_an_input_read_by_a_mapping_that_is_not_there_is_refused(ask: Ask, project: Path) -> None:
    topics = "{orders: {carries: order, mapping: shop}}"
    (project / "tellfirst.yaml").write_text(f"kafka: {{brokers: {NOBODY}, topics: {topics}}}")

    answer = ask("--project", str(project), "kafka", "init")

    assert answer.exit_code == 3
    assert "there is no mapping `shop`, by which `orders` is read — the project has none" in answer.stderr


def test_the_environment_names_brokers_too(ask: Ask, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.kafka.client.CONNECT_MS", 200)
    monkeypatch.setenv("TELLFIRST_KAFKA__brokers", NOBODY)

    assert ask("--project", str(project), "kafka", "status").exit_code == 4


def test_the_doctor_knocks_at_brokers_only_when_that_is_asked_for(
    ask: Ask, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.kafka.client.CONNECT_MS", 200)
    (project / "tellfirst.yaml").write_text(f"kafka: {{brokers: {NOBODY}}}")

    usual, knocked = (
        [
            each
            for each in json.loads(ask("--project", str(project), "doctor", "--json", *words).stdout)
            if each["look"] == "kafka"
        ]
        for words in ([], ["--connect"])
    )

    assert [(each["well"], each["fact"]) for each in usual] == [(None, f"brokers at {NOBODY}")]
    assert [each["well"] for each in knocked] == [False]
    assert knocked[0]["fact"].startswith(f"kafka {NOBODY}  the brokers cannot be reached")
