"""Unknown facts: Kleene's logic, and only what is surely true holds."""

import re
from itertools import product

import pytest

from tests.rules.expression.scene import Asked, condition, formula

PAIRS = list(product((True, False, None), repeat=2))
FACTS = {True: 0.9, False: 0.1, None: None}


def of_two(text: str) -> Asked:
    """Compile a text over `a` and `b`, two comparisons of which each may be true, false or unknown."""
    meaning = {"a": "(chance >= 0.5)", "b": "(limit >= 1)"}
    return condition(re.sub(r"\b[ab]\b", lambda found: meaning[found.group()], text))


def kleene_and(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else None if a is None or b is None else True


def kleene_not(a: bool | None) -> bool | None:
    return None if a is None else not a


def kleene_or(a: bool | None, b: bool | None) -> bool | None:
    return kleene_not(kleene_and(kleene_not(a), kleene_not(b)))


def kleene_choice(c: bool | None, a: bool | None, b: bool | None) -> bool | None:
    return kleene_or(kleene_and(c, a), kleene_and(kleene_not(c), b))


def known(a: bool | None, b: bool | None) -> dict[str, float | int | None]:
    return {"chance": FACTS[a], "limit": None if b is None else int(b)}


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_and_or_not_are_kleenes(a: bool | None, b: bool | None) -> None:
    cases = {
        "a and b": kleene_and(a, b),
        "a or b": kleene_or(a, b),
        "not (a and b)": kleene_not(kleene_and(a, b)),
        "not (a or not b)": kleene_and(kleene_not(a), b),
        "not a": kleene_not(a),
    }

    for text, expected in cases.items():
        asked = of_two(text)
        assert asked.truth(**known(a, b)) is expected, text
        assert asked.holds(**known(a, b)) is (expected is True), text


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_a_choice_is_its_two_ways_joined(a: bool | None, b: bool | None) -> None:
    for text, expected in {
        "a ? b : true": kleene_choice(a, b, True),
        "a ? false : b": kleene_choice(a, False, b),
        "not (a ? b : a)": kleene_not(kleene_choice(a, b, a)),
    }.items():
        assert of_two(text).truth(**known(a, b)) is expected, text


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_conditions_are_equal_only_when_both_are_known(a: bool | None, b: bool | None) -> None:
    expected = None if a is None or b is None else a is b

    assert of_two("a == b").truth(**known(a, b)) is expected
    assert of_two("a != b").truth(**known(a, b)) is kleene_not(expected)
    assert of_two("not (a == b)").truth(**known(a, b)) is kleene_not(expected)


@pytest.mark.parametrize("operator", ["==", "!=", "<", "<=", ">", ">="])
def test_a_comparison_with_an_unknown_is_unknown(operator: str) -> None:
    assert condition(f"chance {operator} 0.5").truth() is None
    assert condition(f"chance + 1 {operator} 0.5").truth() is None
    assert condition(f"not (chance {operator} 0.5)").truth() is None


@pytest.mark.parametrize(
    "text", ["tries / 0", "tries % 0", "9223372036854775807 + tries", "-9223372036854775808 / -tries", "int(1e300) + tries"]
)
def test_what_has_no_value_is_unknown(text: str) -> None:
    assert formula(text).value(tries=1) is None


def test_whole_numbers_are_divided_toward_zero_and_the_remainder_follows_the_dividend() -> None:
    assert formula("tries / limit").value(tries=-7, limit=2) == -3
    assert formula("tries % limit").value(tries=-7, limit=2) == -1
    assert formula("tries % limit").value(tries=7, limit=-2) == 1


def test_has_is_never_unknown() -> None:
    assert condition("has(place)").truth() is False
    assert condition("not has(place)").holds()
    assert condition("has(place)").holds(place="hub")


def test_a_value_chosen_by_an_unknown_is_unknown() -> None:
    asked = formula("fragile ? 1 : tries")

    assert asked.value(tries=5) is None
    assert asked.value(fragile=True) == 1
    assert asked.value(fragile=False, tries=5) == 5
    assert asked.value(fragile=False) is None


@pytest.mark.parametrize(
    ("text", "bound", "absent"),
    [
        ("chance > 0.5 and place == 'hub'", {"chance", "place"}, set()),
        ("chance > 0.5 or chance < tries", {"chance"}, set()),
        ("chance > 0.5 or tries > 1", set(), set()),
        ("not (chance > 0.5 or tries > 1)", {"chance", "tries"}, set()),
        ("has(place) and not has(expected)", {"place"}, {"expected"}),
        ("not (has(place) or chance > 1)", {"chance"}, {"place"}),
        ("fragile ? chance > 1 : tries > 1", {"fragile"}, set()),
        ("(fragile ? tries : limit) > 1", {"fragile"}, set()),
        ("chance > 0.5 or false", {"chance"}, set()),
        ("promised - now > 3h", {"promised"}, set()),
        ("false", set(), set()),
    ],
)
def test_it_says_which_facts_must_be_known_or_unknown(text: str, bound: set[str], absent: set[str]) -> None:
    compiled = condition(text).compiled

    assert compiled.bound == bound
    assert compiled.absent == absent
