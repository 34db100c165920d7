"""What was fetched waits until it is applied: in whole batches as long as more is there, and then all of it."""

from collections.abc import Sequence

import pytest

from streams.kafka.backlog import Backlog
from streams.kafka.incoming import Incoming
from streams.kafka.log import Fetched, Reach, Where

HERE, THERE = ("orders", 0), ("usage", 1)
MOST = 3


def brought(where: Where, offsets: Sequence[int], *, end: int | None = None) -> Fetched:
    records = [Incoming(*where, offset, b"") for offset in offsets]
    return Fetched({where: records} if records else {}, {} if end is None else {where: Reach(end, end, as_of=77)})


def taken(backlog: Backlog) -> list[tuple[Where, list[int]]]:
    return [(where, [each.offset for each in records]) for where, records in backlog.batches()]


@pytest.fixture
def backlog() -> Backlog:
    return Backlog(MOST)


def test_less_than_a_batch_is_taken_at_once(backlog: Backlog) -> None:
    backlog.add(brought(HERE, [0, 1]))
    backlog.add(brought(THERE, [5]))

    assert taken(backlog) == [(HERE, [0, 1]), (THERE, [5])]
    assert taken(backlog) == []


def test_where_more_than_a_batch_came_the_rest_makes_a_batch_with_what_comes_next(backlog: Backlog) -> None:
    backlog.add(brought(HERE, range(8)))
    assert taken(backlog) == [(HERE, [0, 1, 2, 3, 4, 5])]

    backlog.add(brought(HERE, [8, 9]))
    assert taken(backlog) == [(HERE, [6, 7, 8])]


def test_more_than_a_batch_is_a_backlog(backlog: Backlog) -> None:
    backlog.add(brought(HERE, range(3)))
    assert not backlog.is_long

    backlog.add(brought(HERE, [3]))
    assert backlog.is_long


def test_the_rest_is_taken_alone_when_nothing_comes(backlog: Backlog) -> None:
    backlog.add(brought(HERE, range(4)))
    assert taken(backlog) == [(HERE, [0, 1, 2])]

    assert taken(backlog) == [(HERE, [3])]


def test_the_end_counts_once_nothing_waits_before_it(backlog: Backlog) -> None:
    backlog.add(brought(HERE, range(4), end=4))
    taken(backlog)
    assert list(backlog.ends()) == []

    taken(backlog)
    assert list(backlog.ends()) == [(HERE, 77)]


def test_a_partition_that_was_not_handed_out_to_its_end_has_none(backlog: Backlog) -> None:
    backlog.add(Fetched({}, {HERE: Reach(4, 5, as_of=77)}))

    assert list(backlog.ends()) == []


def test_of_a_slot_that_is_lost_nothing_stays_even_while_others_are_taken(backlog: Backlog) -> None:
    for where in (HERE, THERE):
        backlog.add(brought(where, range(4), end=4))

    batches = backlog.batches()
    assert next(batches)[0] == HERE
    backlog.forget([0, 1])

    assert list(batches) == []
    assert (taken(backlog), list(backlog.ends())) == ([], [])


def test_all_can_be_forgotten(backlog: Backlog) -> None:
    backlog.add(brought(HERE, [0], end=1))
    backlog.forget()

    assert (taken(backlog), list(backlog.ends())) == ([], [])
