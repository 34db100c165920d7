"""`init` makes a project that runs as it is, and touches nothing that is there."""

import json
import os
import subprocess
import sys
from pathlib import Path
from shlex import split

import pytest

from streams.project import load_project
from tellfirst.cli.init import next_steps
from tellfirst.init.folder import PACKAGED, WHAT_IT_IS
from tests.tellfirst.conftest import Ask


def test_it_runs_as_it_is(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "my shop"

    assert ask("init", str(folder)).exit_code == 0

    here = ("--project", str(folder))
    assert "nothing to say against them" in ask(*here, "rules", "check", "--strict").stdout
    assert ask(*here, "rules", "test").exit_code == 0
    assert ask(*here, "events", "validate", str(folder / "samples" / "shop.jsonl"), "--mapping", "shop").exit_code == 0
    assert ask(*here, "events", "replay", str(folder / "samples" / "week.jsonl")).exit_code == 0
    assert "accepted by email" in ask(*here, "why", "parcel/P1").stdout
    assert ask(*here, "doctor").exit_code == 0


def test_every_language_of_a_rule_and_every_choice_is_there() -> None:
    project = load_project(PACKAGED)

    assert len(project.rules) == 3
    assert all(set(rule.wordings) == {"en", "de"} for rule in project.rules)
    offered = {choice for rule in project.rules for wording in rule.wordings.values() for choice in wording.choices}
    assert offered == set(project.choices)
    assert all({"en", "de"} <= set(choice.texts) for choice in project.choices.values())


def test_it_says_what_it_made_and_what_to_do_next(ask: Ask, tmp_path: Path) -> None:
    answer = ask("init", str(tmp_path / "shop"))

    told = {line.split()[0] for line in answer.stdout.split("Three things")[0].splitlines()[1:] if line}
    assert told == set(WHAT_IT_IS) == {each.name for each in (tmp_path / "shop").iterdir()}
    assert [line.split(maxsplit=1)[1] for line in answer.stdout.splitlines()[-2:]] == [
        "events replay samples/week.jsonl",
        "why parcel/P1",
    ]


def test_what_it_says_to_do_next_works_in_the_folder(ask: Ask, tmp_path: Path) -> None:
    steps = json.loads(ask("init", str(tmp_path / "a b"), "--json").stdout)["try_next"]

    path = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-ec", "\n".join(steps)], cwd=tmp_path, env=path, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert "parcel/P1, of customer C1" in done.stdout


def test_a_folder_that_holds_something_is_refused_with_one_line(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    answer = ask("init", str(tmp_path))

    assert answer.exit_code == 6
    assert answer.stderr.splitlines() == [
        f"{tmp_path}  holds notes.txt already — name a new folder, such as `tellfirst init shop`"
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_a_new_repository_counts_as_empty(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()

    assert ask("init", str(tmp_path)).exit_code == 0


def test_what_to_do_next_can_be_typed_where_a_folder_above_has_a_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a b").mkdir()
    monkeypatch.chdir(tmp_path / "a b")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("sys.argv", [".venv/bin/tellfirst", "init", "shop"])

    steps = next_steps(Path("shop"))

    assert split(steps[1])[0] == str(tmp_path / "a b" / ".venv" / "bin" / "tellfirst")
