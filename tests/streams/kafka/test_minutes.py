"""The minutes of four weeks in which something came, and in which somebody looked."""

from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.minutes import BRIDGED, SPAN, WRITTEN_EVERY, Minutes, minutes_of, union

NOW = 30_000_000


def known(minutes: Minutes) -> tuple[set[int], set[int]]:
    """Return the minutes in which something came, and those in which somebody looked."""
    return when(minutes.heard, minutes.newest), when(minutes.looked, minutes.newest)


def when(bits: int, newest: int) -> set[int]:
    return {newest - age for age in range(SPAN) if bits >> age & 1}


def heard(*when: int) -> Minutes:
    minutes = Minutes()
    for minute in when:
        minutes.hear(minute)
    return minutes


def test_what_came_in_whatever_order_is_known() -> None:
    minutes = heard(NOW, NOW - 5, NOW + 70, NOW + 3)

    assert known(minutes) == ({NOW - 5, NOW, NOW + 3, NOW + 70}, set())
    assert (minutes.since, minutes.newest) == (NOW - 5, NOW + 70)


def test_what_is_more_than_four_weeks_old_is_forgotten() -> None:
    minutes = heard(NOW, NOW + 1, NOW + SPAN)
    assert known(minutes)[0] == {NOW + 1, NOW + SPAN}

    minutes.hear(NOW)
    minutes.hear(NOW + 10 * SPAN)

    assert known(minutes)[0] == {NOW + 10 * SPAN}
    assert minutes.since == NOW


def test_a_few_minutes_in_which_nobody_looked_are_bridged_and_more_are_not() -> None:
    minutes = Minutes()
    for minute in (NOW, NOW + BRIDGED, NOW + 2 * BRIDGED + 1):
        minutes.look(minute)

    assert known(minutes)[1] == {*range(NOW, NOW + BRIDGED + 1), NOW + 2 * BRIDGED + 1}


@given(st.lists(st.tuples(st.integers(0, 2 * SPAN), st.integers(0, 3)), max_size=40))
def test_what_slots_heard_each_by_itself_comes_together_as_if_one_had_heard_it(came: list[tuple[int, int]]) -> None:
    slots, whole = [Minutes() for _ in range(4)], Minutes()
    for minute, slot in came:
        slots[slot].hear(NOW + minute)
        whole.hear(NOW + minute)

    together = union(each.row("orders", slot) for slot, each in enumerate(slots))

    assert (together.heard, together.newest) == (whole.heard, whole.newest)


def test_a_row_brings_back_all_of_it() -> None:
    minutes = heard(NOW - 100, NOW)
    minutes.look(NOW - 3)

    again = minutes_of(minutes.row("orders", 3))

    assert known(again) == known(minutes)
    assert (again.since, again.newest) == (minutes.since, minutes.newest)


def test_four_weeks_of_a_slot_are_a_small_row() -> None:
    minutes = Minutes()
    for minute in range(NOW, NOW + SPAN, 7):
        minutes.hear(minute)
        minutes.look(minute)

    assert sum(map(len, (minutes.row("orders", 3).heard, minutes.row("orders", 3).looked))) < 1_000


def test_what_came_is_to_be_written_at_once_and_that_somebody_looked_now_and_then() -> None:
    minutes = heard(NOW)
    assert minutes.to_be_written
    minutes.written()

    minutes.hear(NOW)
    minutes.look(NOW + WRITTEN_EVERY - 1)
    assert not minutes.to_be_written

    minutes.look(NOW + WRITTEN_EVERY)
    assert minutes.to_be_written
    minutes.written()

    minutes.hear(NOW + WRITTEN_EVERY)
    assert minutes.to_be_written
