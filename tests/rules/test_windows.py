"""Windows against a brute-force model: every entry kept, every question answered by looking at all of them."""

import math
from dataclasses import dataclass, field
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import msgpack

from contracts.times import HOUR, MINUTE
from rules.expression import WindowSpec
from rules.windows import BUCKETS, EXACT, Window
from tests.rules.entering import add, marks

LENGTH = 12


def a_spec(*, length: int | None = LENGTH, field: str | None = "amount", keep: int | None = None) -> WindowSpec:
    return WindowSpec("usage.recorded", field, None, length, None if length else "allowance.granted", keep)


@dataclass
class Model:
    """All entries ever, by mark, and all times of the type since which it counts."""

    length: int | None
    entries: dict[int, tuple[int, float]] = field(default_factory=dict)
    since: list[int] = field(default_factory=list)

    def held(self, now: int) -> list[float] | None:
        if self.length is None and not self.since:
            return None
        start = max(self.since) if self.length is None else now - self.length + 1
        return [value for time, value in self.entries.values() if start <= time <= now]

    def answers(self, now: int) -> tuple[Any, ...]:
        held = self.held(now)
        if held is None:
            return (None,) * 5
        mean = sum(held) / len(held) if held else None
        return len(held), sum(held), min(held, default=None), max(held, default=None), mean


def answers(window: Window, now: int) -> tuple[Any, ...]:
    return window.count(now), window.sum(now), window.min(now), window.max(now), window.mean(now)


events = st.tuples(st.just("entry"), st.integers(0, 40), st.integers(0, 30), st.integers(-5, 5))
sinces = st.tuples(st.just("since"), st.integers(0, 40), st.just(0), st.just(0))


@given(st.lists(events, max_size=EXACT), st.integers(-5, 60))
def test_a_window_of_a_length_answers_as_if_it_looked_at_every_entry(steps: list[tuple[str, int, int, int]], now: int) -> None:
    window, model = Window.of(a_spec()), Model(LENGTH)

    for _, time, mark, value in steps:
        assert add(window, time, mark, value) is (mark not in model.entries)
        model.entries.setdefault(mark, (time, value))

    assert answers(window, now) == model.answers(now)


@given(st.lists(events | sinces, max_size=EXACT), st.integers(-5, 60))
def test_a_window_since_an_event_answers_as_if_it_looked_at_every_entry(steps: list[tuple[str, int, int, int]], now: int) -> None:
    window, model = Window.of(a_spec(length=None)), Model(None)

    for number, (what, time, _, value) in enumerate(steps):
        if what == "since":
            window.moves_since(time)
            model.since.append(time)
        else:
            add(window, time, number, value)
            model.entries[number] = (time, value)

    assert answers(window, now) == model.answers(now)


@given(st.lists(events, max_size=40), st.integers(1, 6), st.integers(40, 60))
def test_the_newest_few_decide_a_count_compared_with_a_constant(
    steps: list[tuple[str, int, int, int]], keep: int, now: int
) -> None:
    window, model = Window.of(a_spec(field=None, keep=keep)), Model(LENGTH)

    for number, (_, time, _, _) in enumerate(steps):
        add(window, time, number)
        model.entries[number] = (time, 0)

    held = len(model.held(now) or [])
    assert window.count(now) == held or held > keep
    assert len(window.times) <= keep + EXACT


@given(st.lists(events, max_size=EXACT), st.integers(-5, 60), st.none() | st.just(LENGTH))
def test_nothing_turns_before_the_next_turn(steps: list[tuple[str, int, int, int]], now: int, length: int | None) -> None:
    window = Window.of(a_spec(length=length))
    window.moves_since(3)
    for number, (_, time, _, value) in enumerate(steps):
        add(window, time, number, value)

    turn = window.turns_after(now)

    assert all(held(window, at) == held(window, now) for at in range(now, 200 if turn is None else turn))
    assert turn is None or (turn > now and held(window, turn) != held(window, now))


def held(window: Window, at: int) -> list[int]:
    """Return the marks of the entries that count at a moment."""
    start = window.since if window.length is None else at - window.length + 1
    return [mark for time, mark in zip(window.times, marks(window), strict=True) if start is not None and start <= time <= at]


@given(st.lists(events, max_size=150), st.none() | st.just(LENGTH), st.sampled_from([None, 3]))
def test_a_window_survives_being_written_and_read(
    steps: list[tuple[str, int, int, int]], length: int | None, keep: int | None
) -> None:
    window = Window.of(a_spec(length=length, keep=keep))
    window.moves_since(5)
    for number, (_, time, _, value) in enumerate(steps):
        add(window, time, number, value)

    again = msgpack.decode(msgpack.encode(window), type=Window)

    assert again == window
    assert [answers(again, now) for now in range(0, 60, 7)] == [answers(window, now) for now in range(0, 60, 7)]


def test_an_entry_goes_out_exactly_at_its_length_and_comes_in_at_its_time() -> None:
    window = Window.of(a_spec(length=24 * HOUR, field=None))
    add(window, HOUR, 1)

    assert [window.count(now) for now in (HOUR - 1, HOUR, 25 * HOUR - 1, 25 * HOUR)] == [0, 1, 1, 0]
    assert [window.turns_after(now) for now in (0, HOUR, 25 * HOUR)] == [HOUR, 25 * HOUR, None]


def test_the_event_since_which_it_counts_includes_its_own_time() -> None:
    window = Window.of(a_spec(length=None, field=None))
    add(window, 5, 1)
    add(window, 6, 2)

    window.moves_since(6)

    assert window.count(10) == 1
    window.moves_since(4)
    assert window.count(10) == 1
    assert not add(window, 5, 3)


def test_a_known_repeat_changes_nothing_whatever_it_contains() -> None:
    window = Window.of(a_spec())

    assert add(window, 5, 77, 1)
    assert not add(window, 8, 77, 100)
    assert window.sum(10) == 1


def test_what_may_be_a_forgotten_repeat_is_refused_and_counted() -> None:
    window, newest = Window.of(a_spec(field=None, length=HOUR, keep=2)), EXACT + 3
    for time in range(1, newest + 1):
        add(window, time, time)

    assert not add(window, 1, 1)
    assert not add(window, 1, 99)
    assert add(window, 2, 98)
    assert marks(window)[:2] == [98, 3]


def test_beyond_sixty_four_entries_the_oldest_are_folded_with_an_error_of_one_bucket_at_most() -> None:
    random = Random(7)
    length = 64 * MINUTE
    window, model = Window.of(a_spec(length=length)), Model(length)

    for number in range(3000):
        time = number * 2_000_000 + random.randrange(1_500_000)
        add(window, time, number, number % 10)
        model.entries[number] = (time, number % 10)
        if number % 50 == 0:
            held = model.held(time)
            in_one_bucket = math.ceil(length / BUCKETS / 2_000_000) + 1
            assert held is not None
            assert 0 <= (window.count(time) or 0) - len(held) <= in_one_bucket
            assert 0 <= (window.sum(time) or 0) - sum(held) <= in_one_bucket * 9

    assert len(window.times) == EXACT
    assert len(window.buckets) <= BUCKETS + 1


def test_buckets_of_a_window_since_an_event_double_until_they_are_few() -> None:
    window = Window.of(a_spec(length=None))
    window.moves_since(0)

    for number in range(5000):
        add(window, number * MINUTE, number, 1)

    assert window.count(5000 * MINUTE) == window.sum(5000 * MINUTE) == 5000
    assert len(window.buckets) <= BUCKETS
    window.moves_since(4000 * MINUTE)
    assert 0 <= (window.count(5000 * MINUTE) or 0) - 1000 <= window.width // MINUTE


def test_the_order_of_arrival_changes_nothing() -> None:
    entries = [(5, 1, 0.1), (5, 2, 0.2), (6, 3, 0.3), (7, 4, 1e16), (7, 5, -1e16)]

    seen = set()
    for order in permutations(entries):
        window = Window.of(a_spec())
        for entry in order:
            add(window, *entry)
        seen.add((*answers(window, 8), str(window)))

    assert len(seen) == 1


def test_dropping_what_no_look_can_hold_changes_no_answer() -> None:
    window, untouched = Window.of(a_spec()), Window.of(a_spec())
    for time in range(30):
        add(window, time, time, time)
        add(untouched, time, time, time)

    window.drop_before(25)

    assert window.times == list(range(14, 30))
    assert [answers(window, now) for now in range(25, 60)] == [answers(untouched, now) for now in range(25, 60)]


def test_the_oldest_go_first_for_lack_of_room() -> None:
    window = Window.of(a_spec(length=HOUR))
    for number in range(EXACT + 2):
        add(window, number * MINUTE, number, 1)

    dropped = sum(1 for _ in range(500) if window.drop_oldest())

    assert dropped == EXACT + 2
    assert not window.drop_oldest()
    assert not add(window, 65 * MINUTE, 999, 1)


@pytest.mark.parametrize("values", [[1e308, 1e308], [math.inf, -math.inf]])
def test_a_sum_beyond_all_numbers_is_unknown(values: list[float]) -> None:
    window = Window.of(a_spec())
    for number, value in enumerate(values):
        add(window, number, number, value)

    assert window.sum(5) is None
    assert window.mean(5) is None
