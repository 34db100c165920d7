"""Notices: who waits, who claims, and whose answer counts."""

from msgspec.structs import replace

from contracts.message import Outcome
from contracts.notice import Answer, Notice, NoticePhase, Reason
from contracts.times import HOUR, MINUTE
from storage.courier_writes import MOST_CLAIMED
from storage.records import RecordedPhase
from storage.sqlite import SqliteStore
from tests.storage.builders import NOON, a_message, a_notice, a_phase, a_promise, add, an_attempt


def claim(store: SqliteStore, now: int = NOON) -> list[Notice]:
    with store.transaction() as tx:
        return list(tx.claim_due(now))


def answer(store: SqliteStore, notice: Notice) -> bool:
    with store.transaction() as tx:
        return tx.answer(notice)


def only(store: SqliteStore, problem: str = "prb_1") -> Notice:
    [notice] = store.notices_of(problem)
    return notice


def held(reason: Reason = Reason.CAUSE_SPEAKS, **changes: object) -> Notice:
    return a_notice(**{"answer": Answer.HELD, "reason": reason, "ask_at": None} | changes)


def test_a_notice_comes_back_as_it_was_added_and_a_repeat_writes_nothing(store: SqliteStore) -> None:
    notice = a_notice(phase=NoticePhase.UPDATED, fact="promised", detector=None, graver=True)

    add(store, notice, replace(notice, says="something else"))

    assert only(store) == notice


def test_notices_are_counted_by_problem_and_phase(store: SqliteStore) -> None:
    add(store, a_notice("ntc_1"), a_notice("ntc_2", phase=NoticePhase.NEWS), a_notice("ntc_3", problem="prb_2"))

    with store.transaction() as tx:
        assert tx.notice_count("prb_1", NoticePhase.OPENED) == 1
        assert tx.notice_count("prb_1", NoticePhase.CLEARED) == 0


def test_a_claim_takes_all_that_is_due_of_whomever_by_time_then_case_then_rule(store: SqliteStore) -> None:
    add(
        store,
        a_notice("ntc_1", customer="C1", at=NOON - 2),
        a_notice("ntc_2", customer="C2", at=NOON - 3, ask_at=NOON - 1),
        a_notice("ntc_3", customer="C2", at=NOON - 1, case="parcel/P3"),
        a_notice("ntc_4", customer=None, at=NOON - 1, case="parcel/P2", rule="b"),
        a_notice("ntc_5", customer=None, at=NOON - 1, case="parcel/P2", rule="a"),
        a_notice("ntc_6", customer="C2", at=NOON - 9, ask_at=NOON + 1),
    )

    assert [notice.notice for notice in claim(store)] == ["ntc_2", "ntc_1", "ntc_5", "ntc_4", "ntc_3"]
    assert claim(store) == []


def test_a_claim_grows_and_is_lent_for_five_minutes(store: SqliteStore) -> None:
    add(store, a_notice())

    [claimed] = claim(store)

    assert (claimed.claim, claimed.ask_at) == (1, NOON + 5 * MINUTE)
    assert only(store) == claimed
    assert store.next_ask() == NOON + 5 * MINUTE
    assert claim(store, NOON + 5 * MINUTE - 1) == []
    assert [notice.claim for notice in claim(store, NOON + 5 * MINUTE)] == [2]


def test_only_the_newest_claim_may_answer(store: SqliteStore) -> None:
    add(store, a_notice())
    [slow] = claim(store)
    [quick] = claim(store, NOON + 5 * MINUTE)

    assert not answer(store, replace(slow, answer=Answer.WITHHELD, reason=Reason.CAPS))
    assert answer(store, replace(quick, answer=Answer.HELD, reason=Reason.QUIET_HOURS, ask_at=NOON + 9 * HOUR))

    notice = only(store)
    assert (notice.answer, notice.reason, notice.ask_at) == (Answer.HELD, Reason.QUIET_HOURS, NOON + 9 * HOUR)


def test_a_final_answer_is_final_and_is_not_asked_again(store: SqliteStore) -> None:
    add(store, a_notice(customer=None))
    [claimed] = claim(store)
    told = replace(claimed, answer=Answer.TOLD, channel="sms", customer="C7", sent_at=NOON + 1)

    assert answer(store, told)
    assert not answer(store, replace(told, answer=Answer.WITHHELD, reason=Reason.CAPS))

    assert only(store) == replace(told, ask_at=None)
    assert store.next_ask() is None
    assert claim(store, NOON + 99 * HOUR) == []


def test_a_notice_that_is_held_without_a_time_waits_for_what_wakes_it(store: SqliteStore) -> None:
    add(store, held())

    assert claim(store, NOON + 99 * HOUR) == []
    assert store.next_ask() is None


def test_held_notices_are_asked_again_by_reason(store: SqliteStore) -> None:
    add(
        store,
        held(notice="ntc_1", problem="prb_1"),
        held(notice="ntc_2", problem="prb_2", reason=Reason.CUSTOMER_UNKNOWN),
        held(notice="ntc_3", problem="prb_3", reason=Reason.BREAKER),
        held(notice="ntc_4", problem="prb_4", ask_at=NOON + HOUR),
        held(notice="ntc_5", problem="prb_5", ask_at=NOON - HOUR),
    )

    with store.transaction() as tx:
        tx.ask_again(reasons=[Reason.CAUSE_SPEAKS, Reason.CUSTOMER_UNKNOWN], now=NOON)

    asked = [only(store, f"prb_{number}").ask_at for number in range(1, 6)]
    assert asked == [NOON, NOON, None, NOON, NOON - HOUR]


def test_an_answer_that_did_not_know_what_woke_the_notice_is_not_taken(store: SqliteStore) -> None:
    add(store, held(ask_at=NOON))
    [claimed] = claim(store)

    with store.transaction() as tx:
        tx.ask_again(reasons=[Reason.CAUSE_SPEAKS], now=NOON + 1)

    assert not answer(store, replace(claimed, ask_at=None))
    assert only(store).ask_at == NOON + 1


def test_an_end_settles_what_waits_and_its_courier_finds_out(store: SqliteStore) -> None:
    add(store, a_notice("ntc_1"), held(notice="ntc_2", at=NOON - 1))
    [claimed] = claim(store)

    with store.transaction() as tx:
        waiting = tx.waiting_of("prb_1")
        tx.settle([waiting[0]], Answer.WITHHELD, reason=Reason.MISSED)
        tx.settle([waiting[1]], Answer.CANCELLED)
        left = tx.waiting_of("prb_1")

    assert [notice.notice for notice in waiting] == ["ntc_2", "ntc_1"]
    assert left == []
    assert not answer(store, replace(claimed, answer=Answer.TOLD, sent_at=NOON))
    settled = {notice.notice: (notice.answer, notice.reason, notice.ask_at) for notice in store.notices_of("prb_1")}
    assert settled == {"ntc_1": (Answer.CANCELLED, None, None), "ntc_2": (Answer.WITHHELD, Reason.MISSED, None)}


def test_a_notice_whose_sending_has_begun_is_told_and_no_longer_waits(store: SqliteStore) -> None:
    add(store, a_notice())
    [claimed] = claim(store)
    add(store, a_message(), an_attempt())

    with store.transaction() as tx:
        assert tx.waiting_of("prb_1") == []
        tx.settle([claimed], Answer.CANCELLED)

    assert answer(store, replace(claimed, answer=Answer.TOLD, channel="email", sent_at=NOON + HOUR))


def test_a_notice_waits_again_when_the_provider_refused_it(store: SqliteStore) -> None:
    add(store, a_notice(), a_message(), an_attempt())

    add(store, an_attempt(Outcome.RETRY))

    with store.transaction() as tx:
        assert len(tx.waiting_of("prb_1")) == 1


def test_the_next_ask_is_the_earliest_of_notices_promises_and_hand_overs(store: SqliteStore) -> None:
    assert store.next_ask() is None

    with store.transaction() as tx:
        tx.record_phases([RecordedPhase(a_phase(), NOON, hand_over_at=NOON + 3)])
    assert store.next_ask() == NOON + 3

    add(store, a_promise(keep_at=NOON + 2))
    assert store.next_ask() == NOON + 2

    add(store, a_notice(ask_at=NOON + 1))
    assert store.next_ask() == NOON + 1


def test_of_more_than_one_claim_takes_those_longest_due_come_first_with_all_that_is_due_of_their_customers(
    store: SqliteStore,
) -> None:
    longest_due = [a_notice(f"ntc_{number:03}", customer=f"C{number}", ask_at=NOON - 2) for number in range(MOST_CLAIMED)]
    of_one_of_them = a_notice("ntc_of_C7", customer="C7")
    of_nobody, of_another = a_notice("ntc_of_nobody", customer=None), a_notice("ntc_of_another", customer="D", at=NOON - HOUR)
    add(store, of_nobody, of_another, of_one_of_them, *longest_due)

    claims = [sorted(notice.notice for notice in claim(store)) for _ in range(3)]

    assert claims[0] == sorted(notice.notice for notice in (*longest_due, of_one_of_them))
    assert claims[1:] == [["ntc_of_another", "ntc_of_nobody"], []]
