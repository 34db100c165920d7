"""When a comparison with a window turns next, against a search through every moment."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.expression import Threshold, WindowSpec
from rules.memory import Memory, fields_of, memory_of
from rules.turning import Turning
from rules.windows import Window
from tests.rules.entering import packed

LENGTH = 12
HORIZON = 60
TRUTHS = {
    ">=": lambda value, limit: value >= limit,
    ">": lambda value, limit: value > limit,
    "<=": lambda value, limit: value <= limit,
    "<": lambda value, limit: value < limit,
}

entries = st.lists(st.tuples(st.integers(0, 40), st.integers(-1, 5)), max_size=8, unique_by=lambda entry: entry[0])
thresholds = st.builds(
    Threshold, st.sampled_from(["count", "sum", "min", "max"]), st.sampled_from(list(TRUTHS)), st.integers(-1, 8)
)


def a_window(held: list[tuple[int, int]], function: str) -> Window:
    field = None if function == "count" else "amount"
    window = Window.of(WindowSpec("usage.recorded", field, None, LENGTH, None))
    for mark, (time, value) in enumerate(held):
        window.enter(time, packed(mark), None if field is None else value)
    return window


def turning(asked: Threshold) -> Turning:
    return Turning(("w0",), asked, has_length=True)


def remembering(window: Window) -> Memory:
    """Return a memory with this one window, which is not there before something enters it."""
    memory = memory_of("meter", fields_of([], 0, 1))("meter/M1")
    memory.w0 = window if window.times else None  # type: ignore[attr-defined]
    return memory


def truth(window: Window, asked: Threshold, now: int) -> bool | None:
    value: Any = getattr(window, asked.function)(now)
    return None if value is None else TRUTHS[asked.operator](value, asked.limit)


@given(entries, thresholds, st.integers(0, 50))
def test_nothing_turns_before_the_moment_that_is_named(held: list[tuple[int, int]], asked: Threshold, now: int) -> None:
    window = a_window(held, asked.function)

    named = turning(asked).after(remembering(window), now)

    turned = [at for at in range(now + 1, HORIZON) if truth(window, asked, at) is not truth(window, asked, at - 1)]
    assert not turned or (named is not None and named <= turned[0])


@given(entries, thresholds, st.integers(0, 50))
def test_a_quiet_comparison_is_below_its_limit_and_stays_there(held: list[tuple[int, int]], asked: Threshold, now: int) -> None:
    window, turns = a_window(held, asked.function), turning(asked)

    if turns.is_rare and turns.is_quiet(remembering(window), now):
        below = asked.operator in ("<", "<=")
        assert {truth(window, asked, at) for at in range(now, HORIZON)} == {below}


def test_an_entry_that_leaves_wakes_nobody_while_enough_are_left() -> None:
    window = a_window([(1, 0), (2, 0), (3, 0), (4, 0)], "count")

    assert turning(Threshold("count", ">=", 3)).after(remembering(window), 4) == 2 + LENGTH
