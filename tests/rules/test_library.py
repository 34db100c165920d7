"""The shipped rules load as they are, compile, and prove themselves with tests."""

import pytest

from rules.compiler import compile_rules
from rules.loader import library, load_rules
from rules.model import Rule
from rules.shipped import shipped_catalogue

LIBRARY = load_rules(library(), shipped_catalogue(), choices={})


def test_the_shipped_rules_have_neither_faults_nor_warnings() -> None:
    assert LIBRARY.warnings == ()
    assert {rule.name for rule in LIBRARY.rules} >= {
        "late-parcel",
        "payment-failing",
        "payment-last-chance",
        "allowance-nearly-used",
    }


def test_the_shipped_rules_compile() -> None:
    assert set(compile_rules(LIBRARY.rules, shipped_catalogue()).tellings) == {rule.name for rule in LIBRARY.rules}


@pytest.mark.parametrize("rule", LIBRARY.rules, ids=lambda rule: rule.name)
def test_a_shipped_rule_is_proved_in_both_directions(rule: Rule) -> None:
    assert len(rule.tests) >= 4
    assert any(not test.then or "solved" in test.then[-1].words for test in rule.tests)


@pytest.mark.parametrize("rule", LIBRARY.rules, ids=lambda rule: rule.name)
def test_a_rule_about_money_is_private(rule: Rule) -> None:
    assert rule.tell.private == rule.name.startswith("payment")
