"""Comparisons with `now` and `since(E)`: each turns at one computed moment, and a fired moment is just past it."""

import pytest

from contracts.times import DAY, HOUR
from tests.rules.expression.scene import NOON, a_day, condition

OPERATORS = ("<", "<=", ">", ">=")
SLOT = NOON + 4 * HOUR


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("slot - now >= 4h", SLOT - 4 * HOUR),
        ("4h <= slot - now", SLOT - 4 * HOUR),
        ("now - slot > 3h", SLOT + 3 * HOUR),
        ("3h < now - slot", SLOT + 3 * HOUR),
        ("now > slot", SLOT),
        ("slot < now", SLOT),
        ("slot + transit - now < 1h", SLOT + HOUR),
        ("slot - now < transit * 2", SLOT - 4 * HOUR),
        ("promised - now >= 24h", a_day("2026-03-05").ends - DAY),
        ("now > promised", a_day("2026-03-05").ends),
        ("since(delivery.scanned) > 36h", NOON + 36 * HOUR),
        ("36h < since(delivery.scanned)", NOON + 36 * HOUR),
        ("since(delivery.scanned) > transit", NOON + 2 * HOUR),
    ],
)
def test_the_moment_is_the_time_and_the_duration_whatever_the_operator(text: str, moment: int) -> None:
    asked = condition(text, seen={"delivery.scanned": NOON})

    assert asked.moments(slot=SLOT, promised=a_day("2026-03-05"), transit=2 * HOUR) == [moment]


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize(
    ("text", "rises"),
    [
        ("slot - now {} 4h", False),
        ("now - slot {} -4h", True),
        ("now {} timestamp('2026-03-02T12:00:00Z')", True),
        ("timestamp('2026-03-02T12:00:00Z') {} now", False),
        ("since(delivery.scanned) {} 4h", True),
        ("4h {} since(delivery.scanned)", False),
    ],
)
def test_at_its_moment_the_operator_decides_and_just_past_it_an_instant_later(text: str, rises: bool, operator: str) -> None:
    asked = condition(text.format(operator), seen={"delivery.scanned": NOON - 4 * HOUR})

    at_the_moment = asked.holds(slot=SLOT)
    asked.past = True
    just_past_it = asked.holds(slot=SLOT)

    assert at_the_moment is (operator in ("<=", ">="))
    assert just_past_it is (operator in (">", ">=") if rises else operator in ("<", "<="))


def test_an_event_at_the_moment_still_finds_it_true_where_the_fired_moment_lets_go() -> None:
    asked = condition("slot - now >= 4h")

    assert asked.holds(slot=SLOT)
    asked.past = True
    assert not asked.holds(slot=SLOT)


def test_just_past_another_moment_changes_nothing() -> None:
    asked = condition("slot - now >= 4h", past=True)

    assert asked.holds(slot=SLOT + 1)
    assert not asked.holds(slot=SLOT - 1)


def test_a_moment_is_unknown_while_its_time_is() -> None:
    assert condition("slot - now >= 4h").moments() == [None]
    assert condition("since(delivery.scanned) > 36h").moments() == [None]
    assert condition("since(delivery.scanned) > 36h").truth() is None


def test_a_moment_is_known_whatever_else_is_unknown() -> None:
    asked = condition("chance > 0.5 and slot - now >= 4h and (expected > promised or now > slot)")

    assert asked.moments(slot=SLOT) == [SLOT - 4 * HOUR, SLOT]
    assert asked.truth(slot=SLOT) is None


def test_a_negated_comparison_turns_at_the_same_moment() -> None:
    asked = condition("not (slot - now >= 4h)", past=True)

    assert asked.moments(slot=SLOT) == [NOON]
    assert asked.holds(slot=SLOT)


def test_it_says_which_event_types_it_reads() -> None:
    compiled = condition("since(delivery.scanned) > 36h or count(payment.failed, since order.placed) > 1").compiled

    assert compiled.reads_types == {"delivery.scanned", "payment.failed", "order.placed"}
