"""How far the slots are behind, by what is known of how far they were read."""

import pytest

from streams.kafka.lag import Share, lag_of, mismatches, shares_of


def test_a_share_lies_between_where_its_topic_begins_and_ends() -> None:
    shares = shares_of({("a", 0): 5, ("a", 1): 0}, {("a", 1): 7, ("a", 0): 30}, {("a", 0): 10})

    assert shares == (Share("a", 0, 5, 30, 10), Share("a", 1, 0, 7, None))


@pytest.mark.parametrize(
    ("begin", "end", "read", "lag"),
    [(0, 10, 4, 6), (0, 10, 10, 0), (8, 10, 4, 2), (0, 10, None, None), (4, 4, None, 0), (0, 3, 9, 0)],
)
def test_what_was_removed_or_never_was_does_not_wait(begin: int, end: int, read: int | None, lag: int | None) -> None:
    assert Share("a", 0, begin, end, read).lag == lag


def test_the_lag_of_many_is_known_when_that_of_each_is() -> None:
    known, unknown = Share("a", 0, 0, 9, 4), Share("a", 1, 0, 9, None)

    assert lag_of([known, known]) == 10
    assert lag_of([known, unknown]) is None
    assert lag_of([]) is None


def test_a_position_outside_of_its_topic_is_a_mismatch() -> None:
    fine, made_anew, removed = Share("a", 0, 0, 9, 9), Share("a", 1, 0, 3, 9), Share("a", 2, 5, 9, 2)

    found = list(mismatches([fine, made_anew, removed]))

    assert [each.topic for each in found] == ["a, slot 1", "a, slot 2"]
    assert "it was made anew, or cut back" in found[0].fact
    assert found[1].fact == "3 records were removed before we read them"
