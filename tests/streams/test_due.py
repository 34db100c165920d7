"""Which case is looked at when."""

from hypothesis import given
from hypothesis import strategies as some

from contracts.times import HOUR
from streams.due import MOST_LEFT_BEHIND, Dues, in_order

A_TIME = some.integers(0, 60).map(lambda number: number * HOUR // 7)
A_CASE = some.sampled_from(["parcel/P1", "parcel/P2", "parcel/P3", "order/O1"])


def test_a_later_due_time_is_the_one_that_counts() -> None:
    dues = Dues([("parcel/P1", 10)])

    dues.arm("parcel/P1", 20)

    assert (dues.take(19), dues.take(20)) == ([], ["parcel/P1"])


def test_however_often_a_case_is_armed_anew_few_entries_lie_about() -> None:
    dues = Dues([("parcel/P1", 0)])
    for number in range(10_000):
        dues.arm("parcel/P2", (100 + number % 2) * HOUR)

    assert sum(map(len, dues._buckets.values())) + len(dues._near) <= 2 * len(dues) + MOST_LEFT_BEHIND + 1
    assert (dues.take(100 * HOUR), dues.take(101 * HOUR)) == (["parcel/P1"], ["parcel/P2"])


def test_an_earlier_due_time_is_looked_at_once() -> None:
    dues = Dues([("parcel/P1", 20)])

    dues.arm("parcel/P1", 10)

    assert (dues.take(10), dues.take(30)) == (["parcel/P1"], [])


@given(some.lists(some.one_of(some.tuples(A_CASE, A_TIME), A_TIME)))
def test_every_entry_is_taken_when_its_time_has_come_and_not_before(steps: list[tuple[str, int] | int]) -> None:
    dues, armed, w = Dues(), dict[str, int](), 0

    for step in steps:
        if isinstance(step, tuple):
            case, ripe_at = step
            dues.arm(case, ripe_at)
            armed[case] = ripe_at
        else:
            w = max(w, step)
            due = {case for case, ripe_at in armed.items() if ripe_at <= w}
            assert not due or dues.quiet_until <= w
            assert sorted(dues.take(w)) == sorted(due)
            armed = {case: ripe_at for case, ripe_at in armed.items() if case not in due}
        assert len(dues) == len(armed)

    earliest = dues.first()
    assert (earliest and earliest[0]) == min(armed.values(), default=None)


def test_what_is_ripe_fires_by_due_time_then_by_case() -> None:
    due = {"parcel/P1": [3, 5], "parcel/P2": [3, 4], "parcel/P0": [5]}
    order = []

    for case in in_order(due, lambda case: due[case][0] if due[case] else None):
        order.append((due[case].pop(0), case))

    assert order == [(3, "parcel/P1"), (3, "parcel/P2"), (4, "parcel/P2"), (5, "parcel/P0"), (5, "parcel/P1")]
