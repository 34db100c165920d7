"""A slot and its claim: what a worker is given, where it goes on, and that every record is applied once."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.claims import Claim, first_of, slots_of
from streams.kafka.errors import LogMismatch, TornSlot


@dataclass(frozen=True)
class Fetched:
    offset: int


def fetched(*offsets: int) -> list[Fetched]:
    return [Fetched(offset) for offset in offsets]


def test_the_slots_of_an_assignment_are_its_partition_numbers() -> None:
    assigned = [(topic, slot) for topic in ("orders", "routed") for slot in (3, 0)]

    assert slots_of(assigned, ["orders", "routed"]) == (0, 3)


def test_a_slot_without_all_of_its_topics_is_refused() -> None:
    with pytest.raises(TornSlot, match="slot 3  it was given to us without routed, usage — all topics need"):
        slots_of([("orders", 3)], ["orders", "routed", "usage"])


def test_a_slot_goes_on_where_the_database_says_and_a_new_topic_at_what_is_kept() -> None:
    assert first_of(2, {"orders": 40}, {"orders": 7, "usage": 5}, {"orders": 90, "usage": 5}) == {"orders": 40, "usage": 5}


@pytest.mark.parametrize(
    ("stored", "begin", "end", "fact"),
    [(40, 41, 90, "1 records were removed before we read them"), (40, 0, 39, "we have read to 40, and it ends at 39")],
)
def test_a_position_outside_of_its_topic_is_refused_and_never_jumped_over(stored: int, begin: int, end: int, fact: str) -> None:
    with pytest.raises(LogMismatch, match=f"orders, slot 2  {fact}"):
        first_of(2, {"orders": stored}, {"orders": begin}, {"orders": end})


def test_what_was_applied_before_is_not_new() -> None:
    claim = Claim(0, 7, {"orders": 12})

    assert claim.unseen("orders", fetched(10, 11)) == []
    assert claim.unseen("orders", fetched(11, 12, 13)) == fetched(12, 13)
    assert claim.unseen("orders", fetched(14)) == fetched(14)


def test_a_move_is_written_only_over_the_position_that_it_came_from() -> None:
    claim = Claim(4, 7, {"orders": 12})

    move = claim.move("orders", 20, {"w": 5})

    assert (move.position.source, move.position.part, move.position.next, move.expected) == ("orders", 4, 20, 12)
    assert claim.next == {"orders": 12}
    claim.moved("orders", 20)
    assert claim.next == {"orders": 20}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12), st.booleans()), max_size=40))
def test_however_records_are_fetched_anew_each_is_applied_once_and_in_order(fetches: list[tuple[int, int, bool]]) -> None:
    """A fetch begins anywhere at or before the position; some commits fail, and then the same is fetched again."""
    claim, applied = Claim(0, 1, {"orders": 0}), list[int]()

    for back, size, commits in fetches:
        begin = max(claim.next["orders"] - back, 0)
        unseen = claim.unseen("orders", fetched(*range(begin, begin + size)))
        if unseen and commits:
            applied += [each.offset for each in unseen]
            claim.moved("orders", unseen[-1].offset + 1)

    assert applied == list(range(len(applied)))
