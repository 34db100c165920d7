"""The page of messages shows what the shipped rules say today."""

import re

import pytest

from docs.render_messages import LANGUAGES, PAGE, page
from rules.loader import library, load_rules
from rules.model import Rule
from rules.shipped import shipped_catalogue

RULES = load_rules(library(), shipped_catalogue(), choices={}).rules
SHOWN = PAGE.read_text(encoding="utf-8")


def test_the_page_is_up_to_date() -> None:
    assert page() == SHOWN, "make it anew: .venv/bin/python docs/render_messages.py"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_everything_that_a_rule_can_open_with_is_shown_in_both_languages(rule: Rule) -> None:
    (chapter,) = re.findall(rf"^## {rule.name}\n(.*?)(?=^## )", SHOWN, re.DOTALL | re.MULTILINE)
    messages = re.split(r"^### ", chapter, flags=re.MULTILINE)[1:]

    assert {detector.says for detector in rule.detectors} <= {message.partition("\n")[0] for message in messages}
    assert all(f"{language}:\n" in message for message in messages for language in LANGUAGES.values())
