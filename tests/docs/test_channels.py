"""The page on channels shows what is: its settings load, and its payload has the fields that a receiver gets."""

import re
from pathlib import Path
from typing import Any

from msgspec import json

from notifiers.composing.payload import as_payload
from streams.project import load_project
from tests.notifiers.channels.posts import a_post

PAGE = (Path(__file__).parents[2] / "docs" / "channels.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def outline(tree: Any) -> Any:
    """Return the names in a tree of JSON, without its values; the sections depend on the message."""
    if isinstance(tree, dict):
        return {name: outline(value) for name, value in tree.items() if name != "sections"}
    return outline(tree[0]) if isinstance(tree, list) and tree else None


def test_the_settings_that_are_shown_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "tellfirst.yaml").write_text(block("yaml"))

    settings = load_project(tmp_path).settings

    assert sorted(settings.channels) == ["email", "sms"] and settings.pages is not None


def test_the_payload_that_is_shown_has_the_fields_of_a_real_one() -> None:
    assert outline(json.decode(block("json"))) == outline(json.decode(as_payload(a_post(channel="sms"))))
