"""How the command line answers, and how it ends when it cannot."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tellfirst import collisions
from tellfirst.cli.front import COMMANDS
from tests.tellfirst.conftest import Ask
from tests.tellfirst.house import TELLFIRST

HEAVY = {
    "asyncio",
    "babel",
    "fastapi",
    "faust",
    "jinja2",
    "kafka",
    "msgspec",
    "psycopg",
    "pydantic",
    "sqlite3",
    "streams",
    "yaml",
}


def test_every_command_of_the_table_has_its_help(ask: Ask) -> None:
    for name in (name for room in COMMANDS.values() for name in room):
        answer = ask(name, "--help")

        assert (answer.exit_code, "Usage: tellfirst" in answer.stdout) == (0, True)


def test_help_waits_for_nothing_that_only_other_commands_need() -> None:
    """How long it takes is measured in benchmarks/, for a busy machine takes longer."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *TELLFIRST[1:], "--help"], check=True, capture_output=True, text=True
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}

    assert "typer" in loaded
    assert loaded & HEAVY == set()


def test_a_misspelt_command_is_answered_with_the_nearest(ask: Ask) -> None:
    answer = ask("stas")

    assert answer.exit_code == 2
    assert "Did you mean 'stats'?" in answer.stderr


def test_a_project_that_is_not_there_is_one_line(ask: Ask, tmp_path: Path) -> None:
    answer = ask("--project", str(tmp_path / "nowhere"), "stats")

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr == f"{tmp_path / 'nowhere'}  no such file or folder — check the name\n"


def test_a_project_without_a_store_says_what_makes_one(ask: Ask, project: Path) -> None:
    answer = ask("--project", str(project), "stats")

    assert answer.exit_code == 3
    assert "makes one" in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_setting_of_the_environment_that_cannot_be_is_named(ask: Ask, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLFIRST_SOURCES", "{")

    answer = ask("--project", str(project), "rules", "list")

    assert answer.exit_code == 3
    assert answer.stderr.startswith("TELLFIRST_")


def test_the_environment_names_the_project(ask: Ask, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLFIRST_PROJECT", str(project))

    assert "late-parcel" in ask("rules", "list").stdout


def test_a_package_of_ours_that_is_another_ends_every_command_but_doctor(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tellfirst.cli.elsewhere", lambda: {"rules": "/somewhere/rules"})

    answer = ask("stats")

    assert answer.exit_code == 3
    assert answer.stderr.startswith("/somewhere/rules  `rules` is another package")
    assert ask("doctor").exit_code in (0, 1)


def test_a_package_before_ours_on_the_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert collisions.elsewhere() == {}
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))

    assert collisions.elsewhere() == {"rules": str(tmp_path / "rules")}


def test_a_folder_of_rules_without_code_is_no_collision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))

    assert collisions.elsewhere() == {}


def test_a_reader_who_has_had_enough_is_no_error(project: Path) -> None:
    words = shlex.join([*TELLFIRST, "--project", str(project), "rules", "explain", "late-parcel"])
    text = f"{words} | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}"

    done = subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("0\n", "")


def test_help_of_a_lone_command_looks_like_that_of_a_group(ask: Ask) -> None:
    for words in (["stats"], ["rules"], ["rules", "check"]):
        answer = ask(*words, "--help").stdout

        assert answer.startswith("Usage: tellfirst")
        assert "completion" not in answer and "╭" not in answer


def test_the_project_named_behind_the_command_is_answered_with_its_place(ask: Ask, project: Path) -> None:
    answer = ask("rules", "list", "--project", str(project))

    assert answer.exit_code == 2
    assert "tellfirst --project DIR COMMAND" in answer.stderr


def test_a_log_level_that_is_none_is_refused(ask: Ask, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLFIRST_LOG_LEVEL", "loud")

    answer = ask("--project", str(project), "rules", "list")

    assert (answer.exit_code, answer.stderr.startswith("TELLFIRST_LOG_LEVEL")) == (3, True)
