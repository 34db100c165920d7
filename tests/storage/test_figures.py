"""The numbers by which a running tellfirst is watched."""

from contracts.event import DeadLetter, DeadReason
from contracts.notice import Answer, Reason
from contracts.promise import PromiseState
from contracts.telling import Complaint
from contracts.times import HOUR
from storage.sql_store import SqlStore
from tests.storage.builders import NOON, a_case, a_notice, a_phase, a_promise, add


def test_an_empty_store_has_nothing_to_show(store: SqlStore) -> None:
    figures = store.figures(NOON)

    assert (figures.timers_armed, figures.promises_oldest_due, figures.notices_waiting) == (0, None, {"due": 0})
    assert not (figures.problems_open or figures.dead_letters or figures.promises_over or figures.complaints)


def test_what_waits_is_counted_by_what_it_waits_for(store: SqlStore) -> None:
    add(store, a_phase(), a_case(ripe_at=NOON), a_notice("ntc_1"))
    add(store, a_notice("ntc_2", answer=Answer.HELD, reason=Reason.BREAKER, number=1))
    add(store, a_notice("ntc_3", answer=Answer.TOLD, ask_at=None, number=2))
    with store.transaction() as tx:
        tx.add_dead_letter(DeadLetter("http", 7, b"{", DeadReason.SYNTAX, "it ends", NOON))

    figures = store.figures(NOON)

    assert figures.problems_open == {"late-parcel": 1}
    assert figures.notices_waiting == {"due": 1, "breaker": 1}
    assert figures.breaker_held == {"late-parcel": 1}
    assert figures.dead_letters == {"http": 1}
    assert figures.timers_armed == 1


def test_a_promise_is_over_by_what_became_of_it_or_broken(store: SqlStore) -> None:
    add(store, a_phase())
    late = NOON + 25 * HOUR
    add(store, a_promise("ntc_1", state=PromiseState.KEPT, ended_at=NOON + 22 * HOUR))
    add(store, a_promise("ntc_2", state=PromiseState.KEPT, ended_at=late), a_promise("ntc_3"))

    assert store.figures(NOON).promises_over == {("late-parcel", "kept"): 1, ("late-parcel", "broken"): 1}
    assert store.figures(late).promises_over == {("late-parcel", "kept"): 1, ("late-parcel", "broken"): 2}
    assert store.figures(NOON).promises_oldest_due == NOON + 24 * HOUR


def test_a_complaint_was_preceded_when_case_or_customer_had_heard_before(store: SqlStore) -> None:
    told = a_notice(answer=Answer.TOLD, ask_at=None, sent_at=NOON)
    add(store, a_phase(), a_notice())
    with store.transaction() as tx:
        tx.answer(told)
        tx.save_complaints([Complaint("parcel/P1", NOON + HOUR, None)])
        tx.save_complaints([Complaint("customer/C1", NOON + HOUR, None)])
        tx.save_complaints([Complaint("parcel/P2", NOON + HOUR, None)])
        tx.save_complaints([Complaint("customer/C2", None, NOON)])

    assert store.figures(NOON).complaints == {"yes": 2, "no": 1}


def test_a_complaint_before_we_told_was_not_preceded(store: SqlStore) -> None:
    add(store, a_phase(), a_notice())
    with store.transaction() as tx:
        tx.answer(a_notice(answer=Answer.TOLD, ask_at=None, sent_at=NOON))
        tx.save_complaints([Complaint("parcel/P1", NOON - HOUR, None)])

    assert store.figures(NOON).complaints == {"no": 1}
