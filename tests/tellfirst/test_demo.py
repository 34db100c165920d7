"""The demo shows the main job, quickly, ends with its score, and leaves something to look at."""

import json
import shlex
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec import convert
from rich.console import Console
from typer.testing import CliRunner

from contracts.times import HOUR, MINUTE, first_instant, parse_instant
from streams.shop.days import STARTS
from tellfirst.cli import app
from tellfirst.demo.board import Board
from tellfirst.demo.ending import Ending, program
from tellfirst.demo.picture import picture
from tellfirst.demo.words import in_words
from tests.tellfirst.conftest import Ask
from tests.tellfirst.house import TELLFIRST

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = first_instant(date(2026, 3, 29), BERLIN)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the demo answers as JSON, in a folder with a space in its name."""
    folder = tmp_path_factory.mktemp("demo") / "a shop"
    answer = CliRunner().invoke(app, ["demo", "--into", str(folder), "--json"], catch_exceptions=False)
    assert answer.exit_code == 0
    document: dict[str, Any] = json.loads(answer.stdout)
    return document


def exported(result: dict[str, Any], table: str) -> list[dict[str, Any]]:
    answer = CliRunner().invoke(app, ["--project", result["project"], "export", table], catch_exceptions=False)
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_the_first_told_customer_is_on_screen_within_five_seconds_and_the_score_at_the_end(tmp_path: Path) -> None:
    began = time.perf_counter()
    demo = subprocess.Popen([*TELLFIRST, "demo", "--into", str(tmp_path / "shop")], stdout=subprocess.PIPE, text=True)
    assert demo.stdout is not None

    first = demo.stdout.readline()

    assert time.perf_counter() - began < 5
    assert " by " in first
    rest = demo.stdout.read()
    assert demo.wait(timeout=60) == 0
    assert time.perf_counter() - began < 60
    assert "complaints the customer had heard it from us before" in rest
    assert "\x1b" not in rest


def test_one_document_says_what_was_told_and_what_was_not(result: dict[str, Any]) -> None:
    told = [line for line in exported(result, "notices") if line["answer"] == "told" and line["channel"] != "desk"]

    assert result["customers_told"] == len({line["customer"] for line in told}) > 100
    assert sum(result["told"].values()) == len(told)
    assert {"caps", "consent", "complained"} <= set(result["withheld"])
    assert result["records"]["dead_letters"] > 0
    assert len(result["problems"]) >= 10
    pages = "".join(page.read_text() for page in Path(result["outbox"]).glob("*.html"))
    assert pages.count("<article") >= len(told)


def test_the_score_counts_the_complaints_of_the_world_and_explains_each(result: dict[str, Any]) -> None:
    score, really = result["score"], [json.loads(line) for line in Path(result["outcomes"]).read_text().splitlines()]

    assert score["complaints"] == sum(line.get("complains") is not None for line in really)
    assert score["told_before"] + sum(score["missed"].values()) == score["complaints"]
    assert sum(each["complaints"] for each in score["by_cause"].values()) == score["complaints"]
    assert score["ahead_seconds"] == sorted(score["ahead_seconds"])
    assert 0.45 < score["told_before"] / score["complaints"] < 0.9
    assert 0.05 < sum(sum(ends.values()) for ends in score["told_wrongly"].values()) / score["told"] < 0.3


def test_who_is_missed_though_a_rule_saw_it_is_missed_for_reasons_of_the_gates(result: dict[str, Any]) -> None:
    assert {"not_found", "found_after", "quiet_hours", "consent"} <= set(result["score"]["missed"])


def test_in_the_night_to_summer_time_the_morning_comes_an_hour_earlier(result: dict[str, Any]) -> None:
    at_home = set(those_at_home_in("Europe/Berlin", Path(result["project"])))
    notices = [line for line in exported(result, "notices") if line["sent_at"] and line["channel"] != "desk"]
    sent = [parse_instant(line["sent_at"]) for line in notices if line["customer"] in at_home]

    morning = sorted(at for at in sent if SUNDAY <= at < SUNDAY + 12 * HOUR)
    assert SUNDAY + 7 * HOUR <= morning[0] < SUNDAY + 7 * HOUR + 10 * MINUTE, "eight on the clock is seven hours after midnight"
    assert sum(at < SUNDAY + 7 * HOUR + 10 * MINUTE for at in morning) >= 5


def those_at_home_in(zone: str, project: Path) -> Iterator[str]:
    for line in (project / "events.jsonl").read_bytes().splitlines():
        if b'"customer.updated"' in line and f'"zone":"{zone}"'.encode() in line:
            yield json.loads(line)["data"]["customer_id"]


def test_what_to_try_next_can_be_tried(ask: Ask, result: dict[str, Any]) -> None:
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


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (40, 12)])
def test_the_picture_fits_the_screen_before_anything_has_happened(width: int, height: int) -> None:
    board, screen = Board(), Console(width=width, height=height)
    board.begins(lambda number: STARTS, 100, BERLIN)

    with screen.capture() as shown:
        screen.print(picture(board, width=width, height=height))

    lines = shown.get().splitlines()
    assert all(len(line) <= width for line in lines)
    assert len(lines) < max(height, 18)


def test_the_ending_fits_a_small_screen_and_tells_more_on_a_tall_one(result: dict[str, Any]) -> None:
    ending = convert(result, Ending, dec_hook=lambda kind, value: kind(value))

    small, tall = list(in_words(ending, 80, tall=False)), list(in_words(ending, 80, tall=True))

    assert len(small) <= 23 < len(tall), "the prompt needs a line too"
    assert all(len(line) <= 80 for line in small if result["project"] not in line.plain)
