"""The score: what really happened against what was told, on stories of a few lines."""

from collections.abc import Sequence

from contracts.times import DAY, HOUR
from contracts.verdict import GateAnswer
from streams.shop.outcomes import Outcomes, Seeming, Trouble
from tellfirst.demo.ledger import Ledger, Problem, Said
from tellfirst.demo.score import NO_RULE, NOT_WRONG, TOO_LATE, Score, score

CASE, WHO, CAUSE = "parcel/P1", "C1", "the parcel came late"


def a_trouble(*, complains: int | None = 30 * HOUR, ends: int | None = 2 * DAY) -> Trouble:
    """It begins at noon of the first day, is felt at midnight, and put right a day later."""
    return Trouble(WHO, (CASE, "order/O1"), CAUSE, begins=12 * HOUR, felt=DAY, ends=ends, complains=complains)


def a_problem(
    *, at: int = 13 * HOUR, sent_at: int | None = 20 * HOUR, ended_at: int | None = None, customer: str = WHO, case: str = CASE
) -> Problem:
    said = Said("ntc_1", customer, at, sent_at)
    end = "solved" if ended_at else None
    return Problem("prb_1", "late-parcel", case, at=at, found_at=at, ended_at=ended_at, end=end, said=(said,))


def the_score(troubles: Sequence[Trouble], *problems: Problem, seems: str = "", gates: Sequence[GateAnswer] = ()) -> Score:
    seemings = (Seeming(CASE, seems),) if seems else ()
    ledger: Ledger = {problem.case: [problem] for problem in problems}
    return score(Outcomes(tuple(troubles), seemings), ledger, lambda case: gates)


def an_answer(at: int, reason: str | None) -> GateAnswer:
    return GateAnswer(notice="ntc_1", at=at, gate="quiet_hours", answer="hold" if reason else "pass", reason=reason)


def test_who_heard_it_before_the_complaint_counts_by_how_long() -> None:
    found = the_score([a_trouble(), a_trouble(complains=32 * HOUR)], a_problem())

    assert (found.complaints, found.told_before, found.before_felt) == (2, 2, 2)
    assert found.ahead_seconds == [10.5 * 3600, 11 * 3600, 11.5 * 3600]
    assert (found.told, found.told_wrongly, found.example) == (1, {}, CASE)


def test_what_was_told_of_the_order_counts_for_its_parcel() -> None:
    assert the_score([a_trouble()], a_problem(case="order/O1")).told_before == 1


def test_who_does_not_complain_is_nothing_to_score_but_was_told_rightly() -> None:
    found = the_score([a_trouble(complains=None)], a_problem())

    assert (found.complaints, found.told, found.told_wrongly) == (0, 1, {})


def test_who_heard_it_after_the_complaint_did_not_hear_it_before() -> None:
    found = the_score([a_trouble()], a_problem(at=31 * HOUR, sent_at=31 * HOUR))

    assert (found.told_before, found.missed) == (0, {TOO_LATE: 1})


def test_another_customer_who_was_told_is_not_this_one() -> None:
    assert the_score([a_trouble()], a_problem(customer="C2")).told_before == 0


def test_what_was_over_before_the_trouble_began_does_not_count() -> None:
    found = the_score([a_trouble()], a_problem(at=HOUR, sent_at=2 * HOUR, ended_at=11 * HOUR))

    assert (found.told_before, found.missed) == (0, {NO_RULE: 1})
    assert found.told_wrongly == {NOT_WRONG: {"solved": 1}}


def test_what_no_rule_saw_is_missed_for_that_reason() -> None:
    found = the_score([a_trouble()])

    assert found.missed == {NO_RULE: 1}
    assert found.by_cause[CAUSE].missed == {NO_RULE: 1}


def test_what_a_gate_held_is_missed_for_the_last_reason_before_the_complaint() -> None:
    gates = [an_answer(13 * HOUR, "caps"), an_answer(22 * HOUR, "quiet_hours"), an_answer(31 * HOUR, "complained")]

    found = the_score([a_trouble()], a_problem(sent_at=None), gates=gates)

    assert found.missed == {"quiet_hours": 1}


def test_what_only_looked_like_trouble_was_told_wrongly_and_why() -> None:
    found = the_score([], a_problem(ended_at=2 * DAY), seems="its scans reached us late")

    assert found.told_wrongly == {"its scans reached us late": {"solved": 1}}


def test_what_was_found_and_not_told_is_not_told_wrongly() -> None:
    assert the_score([], a_problem(sent_at=None)).told_wrongly == {}
