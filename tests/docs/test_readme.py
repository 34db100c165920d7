"""What the README shows is so: its commands are there, its rule loads, and makes the message beside it."""

import re
from pathlib import Path

import pytest

from contracts.message import Posted
from rules.loader import library
from streams.project import Project, load_project
from tellfirst.preview.scenes import scenes_of_rule
from tellfirst.preview.wording import composed
from tests.docs.running import Block, blocks_of

ROOT = Path(__file__).parents[2]
BLOCKS = blocks_of(ROOT / "README.md")
STORY = """
tests:
  - name: the story that the README tells
    given:
      - {at: 0h, event: shipment.created}
      - {at: 0h, event: delivery.promised, promised_day: 2026-03-07}
      - {at: 1h, event: shipment.handed_over}
      - {at: 6h, event: delivery.scanned, place: Leipzig}
    until: 72h
    then: []
"""


def the(language: str) -> Block:
    (block,) = [each for each in BLOCKS if each.language == language]
    return block


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with the README's rule and nothing else, and the story that it tells as the rule's test."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "late-parcel.yaml").write_text(the("yaml").text + STORY, encoding="utf-8")
    return load_project(tmp_path)


def test_every_kind_of_block_is_proved_here() -> None:
    assert {each.language for each in BLOCKS} == {"console", "yaml", "text"}


def test_the_commands_are_targets_of_the_makefile() -> None:
    commands = [line[2:].split("#")[0].split() for line in the("console").text.splitlines() if line.startswith("$ ")]
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert commands
    assert all(command[0] == "make" and command[1] in targets for command in commands)


def test_the_rule_is_the_shipped_one_with_less_of_it(project: Project) -> None:
    shipped = (library() / "late-parcel.yaml").read_text(encoding="utf-8")
    own = [line.split("#")[0].strip() for line in the("yaml").text.splitlines() if line.strip()]

    assert [line for line in own if line not in shipped] == []


def test_the_rule_makes_the_message_that_stands_beside_it(project: Project) -> None:
    (rule,) = project.rules
    first = scenes_of_rule(project, rule)[0]

    message = composed(first, project, "email")

    assert isinstance(message, Posted)
    assert without_code(f"{message.title}\n\n{message.text}") == without_code(the("text").text)


def without_code(text: str) -> list[str]:
    """Return the lines of a message; the code is another in every case, and so not compared."""
    return [re.sub(r"code [A-Z0-9]{4}-[A-Z0-9]{4}", "code", line).rstrip() for line in text.strip().splitlines()]
