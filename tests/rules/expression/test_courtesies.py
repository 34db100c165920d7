"""What people write beside pure CEL, and the pure CEL that it becomes."""

from random import Random

import pytest

from contracts.times import HOUR, parse_instant
from contracts.values import Day, FieldType
from rules.expression.checker import Checker
from rules.expression.parser import parse
from rules.expression.printing import cel_text, rule_text
from tests.rules.expression.random_trees import Author
from tests.rules.expression.scene import NOON, SCOPE, a_day, condition, formula, where


@pytest.mark.parametrize(
    ("text", "cel"),
    [
        ("fragile and not has(place) or tries > 1", "fragile && !has(facts.place) || tries > 1"),
        ("not tries > 1", "!(tries > 1)"),
        ("fragile and (has(place) or tries > 1)", "fragile && (has(facts.place) || tries > 1)"),
        ("chance >= 1", "chance >= 1.0"),
        ("chance > tries", "chance > double(tries)"),
        ("chance > -1", "chance > -1.0"),
        ("price > 12", "price.amount > 12.0"),
        ("transit > 1d12h", 'transit > duration("129600s")'),
        ("promised - now >= 24h", 'promised.ends - now >= duration("86400s")'),
        ("expected > promised", "expected.day > promised.day"),
        ("expected > slot", "expected.ends > slot"),
        ('expected == "2026-03-05"', 'expected.day == "2026-03-05"'),
        ("since(delivery.scanned) > 36h", 'now - newest["delivery.scanned"] > duration("129600s")'),
        ("count(payment.failed, 24h) >= 3", 'windows["count(payment.failed, 1d)"] >= 3'),
        ("place not in ['a', 'b']", '!(place in ["a", "b"])'),
        ("fragile ? has(place) : tries > 1", "fragile && has(facts.place) || !fragile && tries > 1"),
        ("tries - (limit - 1) > 0", "tries - (limit - 1) > 0"),
        ("(tries - limit) * 2 > 0", "(tries - limit) * 2 > 0"),
        (
            "slot + transit * 2 > slot",
            'slot + duration(string((transit.getSeconds() * 1000 + transit.getMilliseconds()) * 2) + "ms") > slot',
        ),
        ("transit > tries * 2h", 'transit > duration(string(tries * 7200) + "s")'),
        ("transit > -(2h)", 'transit > duration("0s") - duration("7200s")'),
        ("place == 'it\\'s \\x41 \\u00e9 \\101'", 'place == "it\'s A é A"'),
        ("place == r'a\\b' // a remark", 'place == "a\\\\b"'),
        ("place == '''a\"b'''", 'place == "a\\"b"'),
        ("tries == 0x1F", "tries == 31"),
        ("tries > -9223372036854775808", "tries > -9223372036854775808"),
    ],
)
def test_a_courtesy_is_rewritten_to_pure_cel(text: str, cel: str) -> None:
    assert condition(text).compiled.cel == cel


def test_what_means_the_same_has_one_canonical_text() -> None:
    texts = (
        "count(payment.failed where it.amount>1&&!(it.reason=='x'), 36h) > 2",
        'count( payment.failed where it.amount > 1 and not (it.reason == "x"), 1d12h ) > 2',
    )

    first, other = (condition(text).compiled for text in texts)

    assert first.windows == other.windows
    assert first.windows[0].where == 'it.amount > 1 and not (it.reason == "x")'


@pytest.mark.parametrize("seed", range(0, 400, 40))
def test_the_canonical_text_means_what_the_text_meant(seed: int) -> None:
    for number in range(seed, seed + 40):
        written = Author(Random(number)).write(FieldType.BOOL, 3)
        tree = Checker(SCOPE).condition(parse(written))

        again = Checker(SCOPE).condition(parse(rule_text(tree)))

        assert cel_text(again) == cel_text(tree), written
        assert rule_text(again) == rule_text(tree)


def test_dates_compare_by_their_local_days_and_with_instants_by_their_end() -> None:
    berlin = Day("2026-03-05", "Europe/Berlin", parse_instant("2026-03-05T23:00:00Z"))

    assert condition("promised == expected").holds(promised=a_day("2026-03-05"), expected=berlin)
    assert condition("promised > slot").holds(promised=berlin, slot=parse_instant("2026-03-05T22:59:59Z"))
    assert not condition("promised > slot").holds(promised=berlin, slot=parse_instant("2026-03-05T23:00:00Z"))
    assert formula("promised - 3h").value(promised=berlin) == parse_instant("2026-03-05T20:00:00Z")
    assert formula("expected - promised").value(promised=berlin, expected=a_day("2026-03-05")) == HOUR


def test_a_formula_has_a_type_and_a_value() -> None:
    assert formula("promised").compiled.type is FieldType.DATE
    assert formula("promised").value(promised=a_day("2026-03-05")) == a_day("2026-03-05")
    assert formula("slot + 3h").compiled.type is FieldType.INSTANT
    assert formula("slot + 3h").value(slot=NOON) == NOON + 3 * HOUR
    assert formula("slot + 3h").value() is None
    assert formula("price").compiled.type is FieldType.DECIMAL
    assert formula("tries > 1").value(tries=2) is True
    assert formula("tries > 1").value() is None
    assert formula("fragile ? slot : slot + transit").compiled.bound == {"fragile", "slot"}


def test_a_where_asks_the_event_at_hand() -> None:
    assert where("it.amount > 10 and it.reason in ['a', 'b']", "payment.failed", amount=20.0, reason="a")
    assert not where("it.amount > 10", "payment.failed", amount=5.0)
    assert not where("it.amount > 10", "payment.failed")
    assert where("not has(it.amount)", "payment.failed", reason="a")


def test_why_sees_each_comparison_with_both_its_sides() -> None:
    asked = condition("not (chance >= 0.7) or has(place) and slot - now >= 4h")
    known = {"chance": 0.9, "slot": NOON + HOUR}

    parts = asked.compiled.parts

    assert [part.text for part in parts] == ["chance >= 0.7", "has(place)", "slot - now >= 4h"]
    assert [part.evaluate(*asked.look(known)) for part in parts] == [True, False, False]
    assert [part.sides(*asked.look(known)) for part in parts] == [(0.9, 0.7), (False,), (HOUR, 4 * HOUR)]
    assert [part.sides_text for part in parts] == [("chance", "0.7"), ("has(place)",), ("slot - now", "4h")]
    assert parts[2].sides(*asked.look({})) == (None, 4 * HOUR)
