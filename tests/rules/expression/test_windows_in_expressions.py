"""Windows in expressions: their spec, how many entries are enough, and what they answer."""

import pytest

from contracts.times import HOUR
from rules.expression import WindowSpec
from tests.rules.entering import add
from tests.rules.expression.scene import NOON, Asked, condition


def filled(text: str, *times_and_values: tuple[int, float | int | None]) -> Asked:
    """Compile a text and put entries, hours before noon, into all its windows."""
    asked = condition(text)
    for spec, window in zip(asked.memory.windows, asked.w, strict=True):
        for mark, (hours, value) in enumerate(times_and_values):
            add(window, NOON - hours * HOUR, mark, value if spec.field else None)
    return asked


@pytest.mark.parametrize(
    ("comparison", "enough"),
    [
        ("count(payment.failed, 24h) >= 3", 3),
        ("3 <= count(payment.failed, 24h)", 3),
        ("count(payment.failed, 24h) < 3", 3),
        ("count(payment.failed, 24h) > 3", 4),
        ("count(payment.failed, 24h) <= 3", 4),
        ("count(payment.failed, 24h) == 3", 4),
        ("count(payment.failed, 24h) != 3", 4),
        ("count(payment.failed, 24h) >= 100", 100),
        ("count(payment.failed, 24h) >= 0", 1),
        ("count(payment.failed, 24h) in [1, 2]", None),
        ("count(payment.failed, 24h) >= 3 or count(payment.failed, 24h) == 5", 6),
        ("count(payment.failed, 24h) >= tries", None),
        ("count(payment.failed, 24h) >= 3 and count(payment.failed, 24h) > tries", None),
        ("count(payment.failed, 24h) >= 2.5", None),
        ("count(payment.failed, 24h) + 1 >= 3", None),
        ("sum(payment.failed.amount, 24h) >= 3", None),
    ],
)
def test_a_count_compared_with_a_constant_keeps_as_many_as_it_needs(comparison: str, enough: int | None) -> None:
    (spec,) = condition(comparison).compiled.windows

    assert spec.keep == enough


def test_a_spec_says_all_of_a_window() -> None:
    (spec,) = condition("max(payment.failed.cost where it.tries > 2, since order.placed) > 3").compiled.windows

    assert spec == WindowSpec("payment.failed", "cost", "it.tries > 2", None, "order.placed", None)


def test_two_needs_of_one_window_are_merged_to_the_wider() -> None:
    three, five, all_of_it = (WindowSpec("payment.failed", None, None, HOUR, None, keep) for keep in (3, 5, None))

    assert three.merged(five) == five
    assert three.merged(all_of_it) == all_of_it


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("count(payment.failed, 24h) == 3", True),
        ("sum(payment.failed.amount, 24h) == 6", True),
        ("min(payment.failed.amount, 24h) == 1", True),
        ("max(payment.failed.amount, 24h) == 3", True),
        ("mean(payment.failed.amount, 24h) == 2", True),
        ("mean(payment.failed.tries, 24h) == 2", True),
        ("mean(payment.failed.pause, 24h) < 1s", True),
        ("sum(payment.failed.amount, 24h) / 4 == 1.5", True),
        ("count(payment.failed, 24h) / 2 == 1", True),
        ("count(payment.failed, 1h) == 1", True),
    ],
)
def test_windows_answer_in_comparisons(text: str, holds: bool) -> None:
    asked = filled(text, (0, 3), (1, 2), (3, 1), (24, 50))

    assert asked.holds() is holds


def test_of_nothing_count_and_sum_are_zero_and_the_others_unknown() -> None:
    assert condition("count(payment.failed, 1h) == 0 and sum(payment.failed.amount, 1h) == 0").holds()
    for function in ("min", "max", "mean"):
        assert condition(f"{function}(payment.failed.amount, 1h) < 5").truth() is None


def test_a_window_since_an_event_is_unknown_before_the_first() -> None:
    asked = filled("count(payment.failed, since order.placed) >= 1", (0, None))

    assert asked.truth() is None
    asked.w[0].moves_since(NOON)
    assert asked.truth() is True


def test_comparisons_with_windows_are_told_apart_with_the_windows_they_read() -> None:
    asked = condition(
        "chance > 0.5 and count(payment.failed, 1h) > max(payment.failed.tries, 2h) or count(payment.failed, 1h) > tries"
    )

    ((first, first_truth), (second, second_truth)) = asked.compiled.window_comparisons

    assert (first, second) == ((0, 1), (0,))
    assert first_truth(*asked.look({})) is None
    assert second_truth(*asked.look({"tries": -1})) is True
