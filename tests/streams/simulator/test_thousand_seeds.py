"""A thousand small worlds in which everything breaks: nobody is told twice or forgotten, nothing is told that is not so."""

import pytest

from streams.simulator import simulate

SEEDS, CHUNK = 1_000, 50


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_whatever_breaks_every_promise_is_kept(first: int) -> None:
    outcomes = [simulate(seed) for seed in range(first, first + CHUNK)]

    assert {outcome.seed: outcome.violations for outcome in outcomes if outcome.violations} == {}


def test_a_seed_runs_the_same_way_again() -> None:
    assert simulate(7) == simulate(7)


def test_things_do_break() -> None:
    story = "\n".join(line for seed in range(40) for line in simulate(seed).story)

    for accident in (
        "its connection breaks",
        "is killed",
        "is fenced",
        "is an hour ahead",
        "is an hour behind",
        "the reply was lost",
        "no reply came",
        "is back; its message",
        "another takes its place",
        "couriers have a turn",
        "the reader has a turn",
    ):
        assert accident in story, f"in 40 seeds it never happened that {accident}"
