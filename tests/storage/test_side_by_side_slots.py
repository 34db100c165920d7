"""What the workers of two slots write about the same people at the same time: all of it is kept, whatever the order."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from contracts.times import HOUR
from storage.errors import StoreGone
from storage.postgres import open_postgres
from storage.store import Complaint, CustomerRow, Store, Transaction
from streams.breaker import Breaker
from tests.storage.builders import NOON

Write = Callable[[Transaction], None]


@pytest.fixture
def stores(schema: str) -> Iterator[tuple[Store, Store]]:
    with closing(open_postgres(schema)) as one, closing(open_postgres(schema)) as other:
        yield one, other


def side_by_side(stores: tuple[Store, Store], first: Write, second: Write) -> None:
    """Have the second write begin while the first one has written and not yet committed."""
    one, other = stores

    def write() -> None:
        with other.transaction() as tx:
            second(tx)

    beside = threading.Thread(target=write)
    with one.transaction() as tx:
        first(tx)
        beside.start()
        beside.join(0.2)
    beside.join(10)
    assert not beside.is_alive()


def linking(case: str, *others: str) -> Write:
    return lambda tx: tx.link_cases([(case, *others)])


def complaining(raised: int | None, resolved: int | None) -> Write:
    return lambda tx: tx.save_complaints([Complaint("order/O1", raised, resolved)])


@pytest.mark.parametrize("turned", [False, True])
def test_links_of_two_slots_are_all_kept(stores: tuple[Store, Store], *, turned: bool) -> None:
    writes = [linking("parcel/P1", "order/O1"), linking("order/O1", "subscription/S1")]

    side_by_side(stores, *(reversed(writes) if turned else writes))

    assert sorted(stores[0].linked_cases("order/O1")) == ["parcel/P1", "subscription/S1"]


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_complaint_the_later_of_each_time_is_kept(stores: tuple[Store, Store], *, turned: bool) -> None:
    writes = [complaining(NOON, None), complaining(NOON - HOUR, NOON + HOUR)]

    side_by_side(stores, *(reversed(writes) if turned else writes))

    assert stores[0].complaints(["order/O1"]) == [Complaint("order/O1", NOON, NOON + HOUR)]


def test_layouts_of_two_workers_that_start_at_the_same_time_have_one_number(stores: tuple[Store, Store]) -> None:
    numbers: list[int] = []
    number: Write = lambda tx: numbers.append(tx.layout_number("parcel", [["fact a", "text"]]))  # noqa: E731

    side_by_side(stores, number, number)

    assert numbers == [1, 1]


def test_what_two_slots_link_in_opposite_orders_makes_nobody_wait_in_a_circle(stores: tuple[Store, Store]) -> None:
    links = [("order/O1", f"parcel/P{number}") for number in range(6)]

    side_by_side(stores, lambda tx: tx.link_cases(links), lambda tx: tx.link_cases(reversed(links)))

    assert len(stores[0].linked_cases("order/O1")) == 6


def test_workers_that_wait_for_each_other_in_a_circle_are_parted_and_one_of_them_tries_again(stores: tuple[Store, Store]) -> None:
    """PostgreSQL ends one of the two transactions, which is a doubt like any other: forget, and read again."""
    both_hold_one = threading.Barrier(2)
    ended: list[str] = []

    def crosswise(store: Store, one: str, other: str) -> None:
        try:
            with store.transaction() as tx:
                tx.save_customers([CustomerRow(one, {}, [])])
                both_hold_one.wait(5)
                tx.save_customers([CustomerRow(other, {}, [])])
        except StoreGone as gone:
            ended.append(str(gone))

    workers = [
        threading.Thread(target=crosswise, args=(store, *customers))
        for store, customers in zip(stores, (("C1", "C2"), ("C2", "C1")), strict=True)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)

    (gone,) = ended
    assert "deadlock" in gone
    assert sorted(stores[0].customers(["C1", "C2"])) == ["C1", "C2"]


def test_a_breaker_counts_what_the_workers_of_all_slots_find_at_the_same_time(stores: tuple[Store, Store]) -> None:
    """Each alone is below the limit; whoever counts second sees what the first has found."""
    tripped: list[str] = []

    def find(store: Store, part: int) -> Write:
        def write(tx: Transaction) -> None:
            tripped.extend(Breaker(store, limit=10).trip(tx, {("late-parcel", 5): 6}, armed=0))
            tx.add_fired({("late-parcel", 5): 6}, part=part)

        return write

    side_by_side(stores, find(stores[0], 1), find(stores[1], 2))

    assert tripped == ["late-parcel"]
    assert stores[1].rule_states()["late-parcel"].breaker_open
