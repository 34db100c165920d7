"""Which case is looked at when."""

from streams.due import Dues, in_order


def test_a_later_due_time_keeps_the_early_entry_until_someone_looks() -> None:
    dues = Dues([("parcel/P1", 10)])

    dues.arm("parcel/P1", 20)

    assert dues.take(10) == ["parcel/P1"]
    dues.arm("parcel/P1", 20)
    assert (dues.take(19), dues.take(20)) == ([], ["parcel/P1"])


def test_an_earlier_due_time_is_looked_at_once() -> None:
    dues = Dues([("parcel/P1", 20)])

    dues.arm("parcel/P1", 10)

    assert (dues.take(10), dues.take(30)) == (["parcel/P1"], [])


def test_what_is_ripe_fires_by_due_time_then_by_case() -> None:
    due = {"parcel/P1": [3, 5], "parcel/P2": [3, 4], "parcel/P0": [5]}
    order = []

    for case in in_order(due, lambda case: due[case][0] if due[case] else None):
        order.append((due[case].pop(0), case))

    assert order == [(3, "parcel/P1"), (3, "parcel/P2"), (4, "parcel/P2"), (5, "parcel/P0"), (5, "parcel/P1")]
