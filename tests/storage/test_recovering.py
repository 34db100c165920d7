"""A store that was put back from a copy is known by the log of what was told since, and tells none of it again once recovered."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from contracts.message import Claim, Outcome
from contracts.notice import Answer
from contracts.on_its_way import OnItsWay
from contracts.outgoing import Word
from contracts.promise import PromiseState
from contracts.times import HOUR
from storage.noting import Kinds, Noting, transactions
from storage.postgres import KINDS, PostgresStore
from storage.recovering import Recovered, recover, unknown
from storage.sql_store import SqlStore
from storage.sqlite import open_memory
from storage.told_lines import ToldLine, decode
from tests.storage.builders import EVENT, NOON, a_message, a_notice, a_phase, a_promise, add, an_attempt, an_end
from tests.storage.test_sending_on import begin, end


def log_of(*outcomes: Outcome) -> list[ToldLine]:
    """Return the log of a store that began to tell ntc_1, and had these outcomes."""
    lost = open_memory(Noting(sends_on=True))
    add(lost, a_phase(), a_notice())
    begin(lost)
    for outcome in outcomes:
        end(lost, outcome)
    told = [each.outgoing for each in lost.outgoing(limit=100) if each.outgoing.topic is Word.TOLD]
    return [ToldLine((each.key or b"").decode()) if each.value is None else decode(each.value) for each in told]


@pytest.fixture
def restored(store: SqlStore) -> Iterator[SqlStore]:
    """A store of before anything was told, in which the notice waits."""
    add(store, a_phase(), a_notice())
    yield store


def due(store: SqlStore) -> list[str]:
    with store.transaction() as tx:
        return [notice.notice for notice in tx.claim_due(NOON + 10 * HOUR)]


def finding(store: SqlStore) -> None:
    """Find the problem and its notice, as reading the events once more does."""
    kinds = KINDS if isinstance(store, PostgresStore) else Kinds()
    store.writes = transactions(store.session, kinds, Noting(sends_on=True))
    add(store, a_phase(), a_notice())


def test_a_store_that_was_not_put_back_knows_all_of_its_log(sending: SqlStore) -> None:
    add(sending, a_phase(), a_notice())
    begin(sending)

    assert unknown(sending, log_of()) == []
    for outcome in (Outcome.RETRY, Outcome.ACCEPTED):
        assert unknown(sending, log_of(outcome)) == []


def test_one_that_lacks_something_heard_is_known_by_it(restored: SqlStore) -> None:
    assert [line.notice for line in unknown(restored, log_of(Outcome.ACCEPTED))] == ["ntc_1"]


def test_what_waits_there_and_was_told_is_told(restored: SqlStore) -> None:
    lines = log_of(Outcome.ACCEPTED)

    assert recover(restored, lines) == Recovered(lines=2, put_back=1, kept=0)

    [notice] = restored.notices_of("prb_1")
    assert (notice.answer, notice.channel, notice.sent_at, notice.ask_at) == (Answer.TOLD, "email", NOON + 1, None)
    assert due(restored) == []
    assert [told.notice for told in restored.told_of("prb_1")] == ["ntc_1"]
    assert unknown(restored, lines) == []


def test_what_it_claimed_and_promised_comes_back_and_its_words_do_not(restored: SqlStore) -> None:
    recover(restored, log_of(Outcome.ACCEPTED))

    assert restored.last_claims("prb_1") == (Claim("place", "Kassel", EVENT),)
    assert restored.promises_to_keep(NOON + 24 * HOUR) == [a_promise()]
    message = restored.message("msg_1")
    assert message is not None and (message.customer, message.text) == ("C1", "")
    assert [(each.tries, each.outcome, each.detail) for each in restored.attempts("msg_1")] == [
        (1, Outcome.ACCEPTED, "put back by recover")
    ]


def test_what_may_have_been_heard_counts_as_told(restored: SqlStore) -> None:
    recover(restored, log_of())

    [notice] = restored.notices_of("prb_1")
    assert (notice.answer, notice.sent_at) == (Answer.TOLD, NOON)
    assert [each.outcome for each in restored.attempts("msg_1")] == [Outcome.AMBIGUOUS]


def test_what_nobody_heard_after_all_still_waits(restored: SqlStore) -> None:
    assert recover(restored, log_of(Outcome.RETRY)) == Recovered(lines=2, put_back=0, kept=0)

    assert due(restored) == ["ntc_1"]


def test_what_is_not_found_yet_is_told_as_soon_as_it_is(store: SqlStore) -> None:
    lines = log_of(Outcome.ACCEPTED)
    assert recover(store, lines) == Recovered(lines=2, put_back=0, kept=1)
    assert unknown(store, lines) == []

    finding(store)

    [notice] = store.notices_of("prb_1")
    assert notice.answer is Answer.TOLD
    assert due(store) == []
    assert unknown(store, lines) == []
    assert store.promises_to_keep(NOON + 24 * HOUR) == [a_promise()]


def test_an_end_found_afterwards_goes_to_whom_the_beginning_was_told(store: SqlStore) -> None:
    recover(store, log_of(Outcome.ACCEPTED))
    finding(store)

    add(store, an_end())

    assert [told.customer for told in store.told_of("prb_1")] == ["C1"]


def test_a_claim_of_a_courier_that_holds_the_notice_is_void(restored: SqlStore) -> None:
    with restored.transaction() as tx:
        [held] = tx.claim_due(NOON)

    recover(restored, log_of(Outcome.ACCEPTED))

    with restored.transaction() as tx:
        assert tx.begin([OnItsWay(held, an_attempt(), False)]) == []


def test_to_recover_twice_does_no_more_than_once(restored: SqlStore) -> None:
    lines = log_of(Outcome.ACCEPTED)
    recover(restored, lines)

    assert recover(restored, lines) == Recovered(lines=2, put_back=0, kept=0)


def test_of_several_that_were_told_the_last_promise_is_the_one_that_holds(restored: SqlStore) -> None:
    [*_, line] = log_of(Outcome.ACCEPTED)
    assert line.hearing is not None and line.promise is not None
    later = ToldLine(
        "ntc_2",
        replace(line.hearing, message="msg_2", told_at=NOON + HOUR),
        replace(line.promise, notice="ntc_2", made_at=NOON + HOUR),
    )
    add(restored, a_notice("ntc_2", number=1), a_message("msg_9"))

    recover(restored, [line, later])

    states = {row["notice"]: row["state"] for row in restored.export("promises")}
    assert states == {"ntc_1": PromiseState.SUPERSEDED.value, "ntc_2": PromiseState.MADE.value}
