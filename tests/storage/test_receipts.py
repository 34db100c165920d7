"""What providers say later of a message: it only moves forward, and what came back is told again."""

import pytest
from msgspec.structs import replace

from contracts.message import Outcome
from contracts.notice import Answer
from contracts.receipt import Receipt, ReceiptFate, ReceiptKind
from contracts.times import HOUR
from storage.store import Store
from tests.storage.builders import NOON, a_message, a_notice, a_phase, a_promise, add, an_attempt

LATER = NOON + 5 * HOUR
TAKEN, REPEATED, UNMATCHED = ReceiptFate.TAKEN, ReceiptFate.REPEATED, ReceiptFate.UNMATCHED
UNKNOWN, DELIVERED, BOUNCED, COMPLAINED = ReceiptKind


def told(
    store: Store, notice: str = "ntc_1", *, at: int = NOON + HOUR, outcome: Outcome = Outcome.ACCEPTED, **sent: object
) -> None:
    """Add a notice that was told by msg_NOTICE."""
    waiting = a_notice(notice, number=int(notice[-1]) - 1)
    add(store, waiting, a_message(f"msg_{notice}", notice=notice), an_attempt(message=f"msg_{notice}", began_at=at, **sent))
    add(store, an_attempt(outcome, message=f"msg_{notice}", began_at=at, ended_at=at, **sent))
    with store.transaction() as tx:
        assert tx.answer(replace(waiting, answer=Answer.TOLD, channel="email", sent_at=at))


def take(store: Store, kind: ReceiptKind, *, message: str = "msg_ntc_1", at: int = LATER) -> ReceiptFate:
    with store.transaction() as tx:
        return tx.take_receipt(Receipt(message=message, receipt=kind, at=at), now=LATER)


def receipts(store: Store) -> list[tuple[str, str | None]]:
    return [(row["outcome"], row["receipt"]) for row in store.export("attempts")]


def answers(store: Store) -> dict[str, tuple[str, int | None]]:
    notices = store.notices_of("prb_1")
    return {notice.notice: (notice.answer.value, notice.ask_at) for notice in notices}


@pytest.mark.parametrize(
    ("said", "stays"),
    [
        ((UNKNOWN, DELIVERED), DELIVERED),
        ((DELIVERED, UNKNOWN), DELIVERED),
        ((COMPLAINED, DELIVERED), COMPLAINED),
        ((DELIVERED, BOUNCED), BOUNCED),
        ((BOUNCED, DELIVERED), BOUNCED),
    ],
)
def test_a_receipt_only_moves_forward(store: Store, said: tuple[ReceiptKind, ...], stays: ReceiptKind) -> None:
    told(store)

    fates = [take(store, kind) for kind in said]

    assert fates == [TAKEN, TAKEN if said[1] is stays else REPEATED]
    assert receipts(store) == [("accepted", stays.value)]


def test_a_repeat_changes_nothing_and_keeps_its_first_time(store: Store) -> None:
    told(store)

    assert [take(store, DELIVERED, at=NOON + 2 * HOUR), take(store, DELIVERED)] == [TAKEN, REPEATED]
    assert [row["receipt_at"] for row in store.export("attempts")] == ["2026-03-02T14:00:00Z"]


def test_what_no_message_of_ours_has_as_its_id_is_unmatched(store: Store) -> None:
    told(store, outcome=Outcome.REFUSED)

    assert [take(store, DELIVERED), take(store, DELIVERED, message="msg_other")] == [UNMATCHED, UNMATCHED]
    assert receipts(store) == [("refused", None)]


def test_of_several_tries_it_is_the_newest_that_may_have_arrived(store: Store) -> None:
    told(store, outcome=Outcome.AMBIGUOUS)
    again = an_attempt(message="msg_ntc_1", tries=2)
    add(store, again, replace(again, outcome=Outcome.ACCEPTED), an_attempt(Outcome.REFUSED, message="msg_ntc_1", tries=3))

    take(store, DELIVERED)

    assert dict(receipts(store)) == {"ambiguous": None, "accepted": "delivered", "refused": None}


def test_a_receipt_may_be_faster_than_the_answer(store: Store) -> None:
    add(store, a_notice(), a_message(), an_attempt())

    assert take(store, DELIVERED, message="msg_1") is TAKEN
    add(store, an_attempt(Outcome.ACCEPTED, ended_at=LATER))

    assert receipts(store) == [("accepted", "delivered")]


def test_what_went_in_one_message_has_its_receipt_together(store: Store) -> None:
    told(store, "ntc_1")
    told(store, "ntc_2", sent_in="msg_ntc_1")

    take(store, DELIVERED)

    assert receipts(store) == [("accepted", "delivered")] * 2


def test_what_came_back_waits_to_be_told_again_and_promises_nothing(store: Store) -> None:
    add(store, a_phase())
    told(store)
    add(store, a_promise())

    take(store, BOUNCED)

    assert answers(store) == {"ntc_1": ("waiting", LATER)}
    assert store.told_of("prb_1") == [] and list(store.export("promises")) == []
    with store.transaction() as tx:
        assert [notice.channel for notice in tx.claim_due(LATER)] == ["email"]


def test_what_came_back_after_its_problem_told_another_stays_as_it_is(store: Store) -> None:
    told(store, "ntc_1")
    told(store, "ntc_2", at=NOON + 2 * HOUR)

    take(store, BOUNCED)

    assert answers(store) == {"ntc_1": ("told", None), "ntc_2": ("told", None)}


def test_what_came_back_while_another_channel_told_it_stays_told(store: Store) -> None:
    told(store)
    sms = an_attempt(Outcome.ACCEPTED, message="msg_sms", began_at=NOON + 2 * HOUR)
    add(store, a_message("msg_sms", channel="sms"), sms)

    take(store, BOUNCED)

    assert answers(store)["ntc_1"] == ("told", None)


def test_a_bounce_before_the_answer_counts_once_the_answer_is_there(store: Store) -> None:
    add(store, a_phase(), a_notice(), a_message(), an_attempt())
    take(store, BOUNCED, message="msg_1")
    assert answers(store)["ntc_1"][0] == "waiting"

    add(store, an_attempt(Outcome.ACCEPTED, ended_at=LATER))
    with store.transaction() as tx:
        tx.answer(replace(a_notice(), answer=Answer.TOLD, channel="email", sent_at=NOON + HOUR))
        tx.tell_again(["msg_1"], now=LATER)

    assert answers(store)["ntc_1"] == ("waiting", LATER)


def test_receipts_are_counted_by_channel(store: Store) -> None:
    told(store)
    take(store, COMPLAINED)

    assert store.counts()["receipts"] == {"email": {"complained": 1}}
