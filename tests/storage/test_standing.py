"""How things stand with a notice: its problem, whom it would be told, and who complained."""

import pytest

from contracts.notice import Notice, NoticePhase
from contracts.telling import Complaint, Known, Standing
from storage.records import CustomerRow
from storage.sqlite import SqliteStore
from tests.storage.builders import NOON, a_case, a_message, a_notice, a_phase, add, an_attempt

OPENED, SOLVED = a_notice(), a_notice(phase=NoticePhase.SOLVED)
PROFILE = {"name": ["Ada", NOON, "e1"]}


def standing(store: SqliteStore, notice: Notice = OPENED) -> Standing:
    add(store, notice)
    return store.standings([notice.notice])[notice.notice]


def test_a_notice_without_a_problem_has_no_standing(store: SqliteStore) -> None:
    add(store, OPENED)

    assert store.standings([OPENED.notice]) == {}


def test_a_problem_of_which_nothing_else_is_known_stands_alone(store: SqliteStore) -> None:
    add(store, a_phase())

    assert standing(store) == Standing(store.problem("prb_1"), "C1", None, ())  # type: ignore[arg-type]


@pytest.mark.parametrize(("notice", "whose"), [(OPENED, "C2"), (SOLVED, "C1")])
def test_a_beginning_goes_to_the_newest_customer_of_its_case_and_an_end_to_whom_it_began(
    store: SqliteStore, notice: Notice, whose: str
) -> None:
    add(store, a_phase(), a_case(customer="C2"))

    assert standing(store, notice).whose == whose


def test_a_beginning_that_may_have_been_heard_stays_with_who_heard_it(store: SqliteStore) -> None:
    add(store, a_phase(), a_case(customer="C2"), OPENED, a_message(), an_attempt())

    assert store.standings([OPENED.notice])[OPENED.notice].whose == "C1"


def test_the_profile_is_that_of_the_customer_it_would_be_told(store: SqliteStore) -> None:
    add(store, a_phase(), a_case(customer="C2"))
    with store.transaction() as tx:
        tx.save_customers([CustomerRow("C1", {}, []), CustomerRow("C2", PROFILE, [7])])

    assert standing(store).row == Known("C2", PROFILE)


def test_complaints_are_about_the_case_and_about_the_customer_and_about_nobody_else(store: SqliteStore) -> None:
    add(store, a_phase())
    about = [Complaint(name, NOON, None) for name in ("parcel/P1", "customer/C1", "parcel/P2", "customer/C2")]
    with store.transaction() as tx:
        tx.save_complaints(about)

    assert standing(store).complaints == tuple(about[:2])
