"""A thousand small worlds in which everything breaks: nobody is told twice or forgotten, nothing is told that is not so."""

import re

import pytest

from streams.simulator import simulate
from streams.simulator.world import CHANNELS

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
        "asks for half an hour of peace",
        "was refused",
        "came back",
        "on its way for longer than anybody waits",
        "couriers have a turn",
        "the reader has a turn",
    ):
        assert accident in story, f"in 40 seeds it never happened that {accident}"


def test_customers_are_told_on_every_channel_and_on_the_next_where_one_refuses() -> None:
    lines = [line for seed in range(40) for line in simulate(seed).story]
    refused = [lines[place + 1] for place, line in enumerate(lines) if line.endswith("was refused")]

    assert {channel for channel in CHANNELS for line in lines if f"sends {channel} to" in line} == set(CHANNELS)
    assert any("sends" in line for line in refused)


def test_words_that_turn_out_wrong_are_put_right_and_then_left_to_a_person() -> None:
    story = "\n".join(line for seed in range(60) for line in simulate(seed).story)

    for fact in ("promised", "slot_ends", "due"):
        assert re.search(rf"corrected of .*, {fact} (?!unknown)", story), f"in 60 seeds {fact} was never put right"
    assert "the desk has it, because what was told changed once more" in story
