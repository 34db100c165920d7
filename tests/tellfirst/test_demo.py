"""The demo shows the main job, quickly, and leaves something to look at."""

import json
import shlex
import subprocess
import time
from pathlib import Path

import pytest

from tellfirst.demo.ending import program
from tests.tellfirst.conftest import Ask
from tests.tellfirst.house import TELLFIRST


def test_the_first_told_customer_is_on_screen_within_five_seconds(tmp_path: Path) -> None:
    began = time.perf_counter()
    demo = subprocess.Popen([*TELLFIRST, "demo", "--into", str(tmp_path / "shop")], stdout=subprocess.PIPE, text=True)
    assert demo.stdout is not None

    first = demo.stdout.readline()

    assert time.perf_counter() - began < 5
    assert " by " in first
    assert demo.wait(timeout=60) == 0


def test_one_document_says_what_was_told_and_what_was_not(ask: Ask, tmp_path: Path) -> None:
    answer = ask("demo", "--into", str(tmp_path / "a shop"), "--json")

    result = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert result["customers_told"] > 10
    assert result["held_for_a_while"]["quiet_hours"] > 0
    assert result["records"]["dead_letters"] > 0
    assert {"late-parcel", "payment-failing", "allowance-nearly-used"} <= set(result["problems"])
    assert len(list(Path(result["outbox"]).glob("*/*.html"))) >= sum(result["told"].values())


def test_what_to_try_next_can_be_tried(ask: Ask, tmp_path: Path) -> None:
    result = json.loads(ask("demo", "--into", str(tmp_path / "a shop"), "--json").stdout)

    assert len(result["try_next"]) == 3
    for command in result["try_next"]:
        answer = ask(*shlex.split(command)[1:])
        assert (answer.exit_code, bool(answer.stdout)) == (0, True)


def test_a_folder_that_holds_something_is_left_alone(ask: Ask, project: Path) -> None:
    answer = ask("demo", "--into", str(project))

    assert answer.exit_code == 2
    assert not (project / "events.jsonl").exists()


def test_what_to_try_next_can_be_typed_where_the_shell_does_not_find_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("sys.argv", ["a folder/.venv/bin/tellfirst", "demo"])

    assert program() == "'a folder/.venv/bin/tellfirst'"
