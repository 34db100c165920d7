"""Whoever is woken finds a page for the alert, and every command on it is there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from deploy.monitoring.dashboards import DASHBOARDS
from deploy.monitoring.generate import ALERTS
from tellfirst.cli import app

PAGES = sorted((Path(__file__).parents[2] / "docs" / "runbooks").glob("*.md"))
CHAPTERS = ["Meaning", "Impact", "Diagnosis", "Mitigation"]
COMMAND = re.compile(r"`tellfirst ([^`]+)`")
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
DASHBOARD = re.compile(r"dashboard \*([^*]+)\*")
EMPHASIS = re.compile(r"\*([^*\n]+)\*")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def commands_of(page: Path) -> list[str]:
    return COMMAND.findall(page.read_text(encoding="utf-8"))


def faults_of(words: list[str]) -> Iterator[str]:
    """Yield which words of a command line the command does not know; capitals stand for what a reader puts there."""
    command: Any = typer.main.get_command(app)
    for place, word in enumerate(words):
        if not hasattr(command, "get_command"):
            yield from unknown_options(command, words[place:])
            return
        found = command.get_command(None, word)
        if found is None:
            yield word
            return
        command = found


def unknown_options(command: Any, words: list[str]) -> Iterator[str]:
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    places = sum(parameter.param_type_name == "argument" for parameter in command.params)
    yield from (word for word in words if word.startswith("-") and word not in known)
    if any(not word.startswith("-") for word in words[:1]) and not places:
        yield words[0]


def test_every_alert_has_a_runbook_and_every_runbook_an_alert() -> None:
    assert [page.stem for page in PAGES] == sorted(ALERTS)


@each_page
def test_a_runbook_has_the_four_chapters_and_something_in_each(page: Path) -> None:
    title, *chapters = re.split(r"^#+ ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]

    assert title.strip() == page.stem
    assert [chapter.partition("\n")[0] for chapter in chapters] == CHAPTERS
    assert all(chapter.partition("\n")[2].strip() for chapter in chapters)


@pytest.mark.parametrize("line", sorted({line for page in PAGES for line in commands_of(page)}))
def test_a_command_on_a_runbook_is_there(line: str) -> None:
    assert list(faults_of(line.split())) == []


@pytest.mark.parametrize(
    "line", ["rulez list", "rules lst", "rules release RULE --now", "dlq redrive --because poison", "stats now"]
)
def test_a_command_that_is_not_there_is_found(line: str) -> None:
    assert list(faults_of(line.split())) != []


def test_runbooks_name_enough_commands_for_these_tests_to_mean_something() -> None:
    assert len({line for page in PAGES for line in commands_of(page)}) > 20


@each_page
def test_a_runbook_leads_to_pages_and_panels_that_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    titles = {board.title for board in DASHBOARDS} | {panel.title for board in DASHBOARDS for panel in board.panels}

    assert all((page.parent / link).is_file() for link in LINK.findall(text))
    assert set(DASHBOARD.findall(text)) <= {board.title for board in DASHBOARDS}
    assert set(EMPHASIS.findall(text)) <= titles | {"Alerts"}
