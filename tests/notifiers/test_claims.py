"""Which change of a told fact is worth telling."""

from decimal import Decimal
from typing import Any

import pytest

from contracts.problem import Fact
from contracts.times import DAY, HOUR
from contracts.values import FieldType, Money, to_plain
from notifiers.claims import worth_telling
from tests.notifiers.builders import NOON, a_day, a_rule, a_tell, claimed


def told_and_now(kind: FieldType, told: Any, newest: Any, measure: str | None = None) -> str | None:
    rule = a_rule(facts={"fact": kind}, tell=a_tell(worth_telling={"fact": measure} if measure else {}))
    return worth_telling([claimed("fact", to_plain(told))], {"fact": Fact(newest, None)}, rule)


@pytest.mark.parametrize(
    ("kind", "told", "newest", "worth"),
    [
        (FieldType.DATE, a_day("2026-03-05"), a_day("2026-03-06"), True),
        (FieldType.DATE, a_day("2026-03-05"), a_day("2026-03-05"), False),
        (FieldType.INSTANT, NOON, NOON + HOUR, False),
        (FieldType.INSTANT, NOON, NOON - HOUR - 1, True),
        (FieldType.DECIMAL, 0.7, 0.77, True),
        (FieldType.DECIMAL, 0.7, 0.76, False),
        (FieldType.INTEGER, 10, 9, True),
        (FieldType.INTEGER, 0, 1, True),
        (FieldType.DURATION, 10 * HOUR, 11 * HOUR, True),
        (FieldType.MONEY, Money(Decimal("10.00"), "EUR"), Money(Decimal("10.99"), "EUR"), False),
        (FieldType.MONEY, Money(Decimal("10.00"), "EUR"), Money(Decimal("11.00"), "EUR"), True),
        (FieldType.MONEY, Money(Decimal("10.00"), "EUR"), Money(Decimal("10.00"), "USD"), True),
        (FieldType.TEXT, "Leipzig", "Halle", True),
        (FieldType.BOOL, True, False, True),
        (FieldType.TEXT, "Leipzig", None, True),
        (FieldType.TEXT, None, "Leipzig", True),
        (FieldType.TEXT, None, None, False),
    ],
)
def test_a_fact_differs_enough(kind: FieldType, told: Any, newest: Any, worth: bool) -> None:
    assert told_and_now(kind, told, newest) == ("fact" if worth else None)


@pytest.mark.parametrize(
    ("kind", "told", "newest", "measure", "worth"),
    [
        (FieldType.TEXT, "Leipzig", "Halle", "never", False),
        (FieldType.DECIMAL, 0.7, 0.701, "always", True),
        (FieldType.DECIMAL, 0.7, 0.8, "25%", False),
        (FieldType.INSTANT, NOON, NOON + 2 * HOUR, "3h", False),
        (FieldType.DATE, a_day("2026-03-05"), a_day("2026-03-06"), "2d", False),
        (FieldType.DURATION, DAY, DAY + 5 * HOUR, "6h", False),
    ],
)
def test_a_rule_may_measure_otherwise(kind: FieldType, told: Any, newest: Any, measure: str, worth: bool) -> None:
    assert told_and_now(kind, told, newest, measure) == ("fact" if worth else None)


def test_a_fact_that_was_not_told_is_not_worth_telling() -> None:
    assert worth_telling([], {"promised": Fact(a_day("2026-03-09"), None)}, a_rule()) is None


def test_of_several_facts_the_first_in_the_rules_order_is_named() -> None:
    claims = [claimed("last_seen", "Leipzig"), claimed("promised", to_plain(a_day("2026-03-05")))]
    facts = {"promised": Fact(a_day("2026-03-07"), None), "last_seen": Fact("Halle", None)}

    assert worth_telling(claims, facts, a_rule()) == "promised"
    assert worth_telling(claims, facts, a_rule(), changed=["last_seen"]) == "last_seen"
