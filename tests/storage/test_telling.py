"""Messages, attempts, promises: what a customer may have heard, and what was promised."""

from msgspec.structs import replace

from contracts.message import Claim, Outcome
from contracts.notice import Answer, NoticePhase, Urgency
from contracts.promise import PromiseState
from contracts.telling import Told
from contracts.times import HOUR
from contracts.verdict import GateAnswer, Look
from storage.sqlite import SqliteStore
from tests.storage.builders import EVENT, NOON, a_message, a_notice, a_phase, a_promise, add, an_attempt


def tell(store: SqliteStore, notice: str = "ntc_1", *, at: int = NOON + HOUR, **changes: object) -> None:
    """Add a notice, send its message and write the receipt."""
    waiting = a_notice(notice, **changes)
    message = a_message(f"msg_{notice}", notice=notice, customer=waiting.customer, claims=(Claim(notice, None, EVENT),))
    attempt = an_attempt(message=message.message, began_at=at)
    add(store, waiting, message, attempt, replace(attempt, outcome=Outcome.ACCEPTED, ended_at=at))
    with store.transaction() as tx:
        assert tx.answer(replace(waiting, answer=Answer.TOLD, channel="email", sent_at=at))


def told(store: SqliteStore, problem: str = "prb_1") -> list[str]:
    return [each.notice for each in store.told_of(problem)]


def told_to(store: SqliteStore, *, since: int) -> list[str]:
    return [each.notice for each in store.told_to_each(["C1"], since=since)["C1"]]


def test_a_message_comes_back_whole(store: SqliteStore) -> None:
    message = a_message(
        claims=(Claim("place", "Kassel", EVENT), Claim("chance", None, None), Claim("day", ["2026-03-05", "UTC", 5], EVENT))
    )

    add(store, message)

    assert store.message("msg_1") == message
    assert store.message("msg_2") is None


def test_a_message_may_be_written_again_until_it_was_accepted(store: SqliteStore) -> None:
    add(store, a_message(), a_message(title="better"), an_attempt(Outcome.REFUSED), a_message(title="best"))
    assert getattr(store.message("msg_1"), "title", None) == "best"

    add(store, an_attempt(Outcome.ACCEPTED, tries=2), a_message(title="too late"))

    assert getattr(store.message("msg_1"), "title", None) == "best"


def test_the_outcome_of_an_attempt_moves_forward_from_sending_only(store: SqliteStore) -> None:
    ended = an_attempt(Outcome.AMBIGUOUS, ended_at=NOON + 2 * HOUR, detail="no reply")
    add(store, a_message(), an_attempt(), ended, an_attempt(Outcome.REFUSED), an_attempt(), an_attempt(tries=2))

    with store.transaction() as tx:
        assert tx.attempts("msg_1") == [ended, an_attempt(tries=2)]


def test_a_late_answer_makes_an_ambiguous_try_accepted(store: SqliteStore) -> None:
    late = an_attempt(Outcome.ACCEPTED, ended_at=NOON + 3 * HOUR)

    add(store, a_message(), an_attempt(), an_attempt(Outcome.AMBIGUOUS), late)

    assert store.attempts("msg_1") == [late]


def test_a_told_notice_is_told_with_its_channel_time_and_apology(store: SqliteStore) -> None:
    tell(store)
    add(store, a_notice("ntc_2"))

    expected = Told(
        notice="ntc_1",
        problem="prb_1",
        phase=NoticePhase.OPENED,
        urgency=Urgency.SOON,
        customer="C1",
        channel="email",
        sent_at=NOON + HOUR,
        sorry=False,
    )
    assert store.told_of("prb_1") == [expected]
    with store.transaction() as tx:
        assert tx.told_of("prb_1") == [expected]


def test_whoever_may_have_heard_was_told(store: SqliteStore) -> None:
    add(store, a_notice(customer=None), a_message(says_sorry=True, channel="sms"), an_attempt())
    [sending] = store.told_of("prb_1")

    add(store, an_attempt(Outcome.AMBIGUOUS, ended_at=NOON + 2 * HOUR))

    assert (sending.customer, sending.channel, sending.sent_at, sending.sorry) == ("C1", "sms", NOON + HOUR, True)
    assert store.told_of("prb_1") == [sending]
    assert told_to(store, since=NOON) == ["ntc_1"]


def test_whom_the_provider_refused_was_not_told(store: SqliteStore) -> None:
    for outcome in (Outcome.REFUSED, Outcome.RETRY):
        name = outcome.value
        add(store, a_notice(name, problem=name), a_message(name, notice=name), an_attempt(message=name))

        add(store, an_attempt(outcome, message=name))

        assert told(store, name) == []


def test_an_ambiguous_try_is_not_taken_back_by_a_later_refusal(store: SqliteStore) -> None:
    add(store, a_notice(), a_message(), an_attempt(), an_attempt(Outcome.AMBIGUOUS))

    second = an_attempt(tries=2, began_at=NOON + 3 * HOUR)
    add(store, second, replace(second, outcome=Outcome.REFUSED))

    assert [each.sent_at for each in store.told_of("prb_1")] == [NOON + HOUR]


def test_a_late_refusal_of_an_earlier_try_does_not_take_back_a_later_one(store: SqliteStore) -> None:
    first, second = an_attempt(), an_attempt(tries=2, began_at=NOON + 2 * HOUR)
    add(store, a_notice(), a_message(), first, second)

    add(store, replace(first, outcome=Outcome.REFUSED))

    assert told(store) == ["ntc_1"]

    add(store, replace(second, outcome=Outcome.REFUSED))

    assert told(store) == []


def test_the_message_that_was_accepted_is_the_one_that_told(store: SqliteStore) -> None:
    text = an_attempt(message="msg_2", began_at=NOON + 2 * HOUR)
    add(
        store,
        a_notice(),
        a_message(),
        an_attempt(),
        an_attempt(Outcome.AMBIGUOUS),
        a_message("msg_2", channel="sms", says_sorry=True),
    )

    add(store, text, replace(text, outcome=Outcome.ACCEPTED))

    assert [(each.channel, each.sorry) for each in store.told_of("prb_1")] == [("sms", True)]


def test_what_is_handed_over_speaks_to_the_desk_and_tells_nobody(store: SqliteStore) -> None:
    tell(store, phase=NoticePhase.HANDED_OVER)

    assert store.told_of("prb_1") == []
    assert store.told_to_each(["C1"], since=0) == {}
    with store.transaction() as tx:
        assert tx.last_claims("prb_1") == ()


def test_told_is_in_the_order_of_telling(store: SqliteStore) -> None:
    tell(store, "ntc_1", at=NOON + 3 * HOUR)
    tell(store, "ntc_2", at=NOON + 2 * HOUR)

    assert told(store) == ["ntc_2", "ntc_1"]


def test_what_a_customer_was_told_is_asked_since_a_time_whatever_the_problem(store: SqliteStore) -> None:
    tell(store, "ntc_1", at=NOON + 1)
    tell(store, "ntc_2", at=NOON + 2, problem="prb_2")
    tell(store, "ntc_3", at=NOON + 3, customer="C2")

    assert told_to(store, since=NOON + 1) == ["ntc_1", "ntc_2"]
    assert told_to(store, since=NOON + 2) == ["ntc_2"]


def test_the_last_claims_are_those_of_the_last_message_sent(store: SqliteStore) -> None:
    with store.transaction() as tx:
        assert tx.last_claims("prb_1") == ()
    tell(store, "ntc_1", at=NOON + 2)
    tell(store, "ntc_2", at=NOON + 1)
    add(store, a_notice("ntc_3"), a_message("msg_3", notice="ntc_3"))

    with store.transaction() as tx:
        assert tx.last_claims("prb_1") == (Claim("ntc_1", None, EVENT),)


def test_a_message_that_states_nothing_unsays_nothing(store: SqliteStore) -> None:
    tell(store, "ntc_1", at=NOON + 1)
    silent = an_attempt(message="msg_2", began_at=NOON + 2)
    add(store, a_notice("ntc_2", phase=NoticePhase.NEWS), a_message("msg_2", notice="ntc_2", claims=()), silent)

    with store.transaction() as tx:
        assert tx.last_claims("prb_1") == (Claim("ntc_1", None, EVENT),)


def promises(store: SqliteStore) -> list[tuple[str, str, object]]:
    return [(line["notice"], line["state"], line["ended_at"] is not None) for line in store.export("promises")]


def test_a_new_promise_supersedes_the_one_before(store: SqliteStore) -> None:
    add(store, a_promise("ntc_1"), a_promise("ntc_2", problem="prb_2"), a_promise("ntc_3", made_at=NOON + 1))

    assert promises(store) == [("ntc_1", "superseded", True), ("ntc_2", "made", False), ("ntc_3", "made", False)]


def test_a_promise_is_made_once(store: SqliteStore) -> None:
    add(store, a_promise(), a_promise(deadline=NOON))

    assert store.promises_to_keep(NOON + 99 * HOUR) == [a_promise()]


def test_an_end_ends_what_was_promised(store: SqliteStore) -> None:
    add(store, a_promise("ntc_1"), a_promise("ntc_2", problem="prb_2"))

    with store.transaction() as tx:
        tx.end_promises(["prb_1"], PromiseState.ENDED, now=NOON)

    assert promises(store) == [("ntc_1", "ended", True), ("ntc_2", "made", False)]


def test_promises_are_kept_from_their_time_on_the_earliest_first_and_once(store: SqliteStore) -> None:
    late, early = a_promise("ntc_1", keep_at=NOON + 2), a_promise("ntc_2", problem="prb_2", keep_at=NOON + 1)
    add(store, late, early)

    assert store.promises_to_keep(NOON + 1) == [early]
    assert store.promises_to_keep(NOON + 2) == [early, late]
    with store.transaction() as tx:
        assert [tx.finish_promise(early, PromiseState.KEPT, now=NOON + 2) for _ in range(2)] == [True, False]
    assert store.promises_to_keep(NOON + 2) == [late]
    assert store.next_ask() == NOON + 2


def test_each_answer_of_each_gate_is_kept_look_by_look(store: SqliteStore) -> None:
    add(store, a_phase(), a_notice())
    passed, held = ("still_open", "pass", None, None), ("caps", "hold", "caps", NOON + HOUR)
    withheld = ("still_open", "withhold", "not_open", None)

    with store.transaction() as tx:
        tx.log_gates([Look("ntc_1", NOON, (passed, held)), Look("ntc_2", NOON, (passed,))])
        tx.log_gates([Look("ntc_1", NOON, (withheld,))])
        tx.log_gates([])

    assert store.story("parcel/P1")["gates"] == [GateAnswer("ntc_1", NOON, *said) for said in (passed, held, withheld)]
