"""Which told facts are no longer so after a problem's end, and to whom that must be said."""

from contracts.event import Citation
from contracts.message import Claim
from contracts.notice import Answer, Notice, NoticeClass, NoticePhase, Urgency
from contracts.problem import Fact, Phase
from contracts.tell import RuleTelling, Tell
from contracts.telling import Heard
from contracts.values import Day, FieldType
from notifiers.corrections import outdated, put_right_by
from tests.notifiers.builders import a_problem

TELL = Tell(urgency=Urgency.SOON, notice_class=NoticeClass.SERVICE, channels=("email",), desk="desk")
FACTS = {"promised": FieldType.DATE, "place": FieldType.TEXT}
RULE = RuleTelling(rule="late", title="Late", tell=TELL, wordings={}, facts=FACTS, voices=())
OLD, NEW = Day("2026-03-05", "UTC", 4), Day("2026-03-07", "UTC", 6)
BEFORE = Citation(source="shop", id="e1", type="delivery.promised", time=1)
AFTER = Citation(source="shop", id="e2", type="delivery.promised", time=5)
ENDED = a_problem(problem="prb_a", phase=Phase.CLEARED)
NOW = {"promised": Fact(NEW, AFTER), "place": Fact("Ulm", AFTER)}


def heard(problem: str, customer: str, sent_at: int, *claims: Claim) -> Heard:
    return Heard(f"ntc_{sent_at}", problem, customer, sent_at, claims, {})


def said(phase: NoticePhase, *, customer: str = "C1", fact: str | None = "promised", answer: Answer = Answer.TOLD) -> Notice:
    return Notice(
        notice="ntc_a",
        problem="prb_a",
        rule="late",
        case="parcel/P1",
        customer=customer,
        phase=phase,
        number=0,
        detector=None,
        fact=fact,
        says="",
        at=1,
        found_at=1,
        urgency=Urgency.SOON,
        answer=answer,
        ask_at=None,
    )


def test_who_was_told_a_day_that_moved_is_to_be_corrected_and_nobody_else() -> None:
    told = heard("prb_a", "C1", 2, Claim("promised", OLD, BEFORE))
    found = outdated(ENDED, [told, heard("prb_a", "C2", 3)], NOW, RULE)
    assert {customer: (each.fact, each.heard) for customer, each in found.items()} == {"C1": ("promised", told)}


def test_what_a_newer_message_of_another_problem_says_is_not_said_again() -> None:
    old, newer = heard("prb_a", "C1", 2, Claim("promised", OLD, BEFORE)), heard("prb_b", "C1", 6, Claim("day", NEW, AFTER))
    assert not outdated(ENDED, [old, newer], NOW, RULE)
    assert outdated(ENDED, [old, heard("prb_b", "C2", 6, Claim("day", NEW, AFTER))], NOW, RULE)


def test_the_same_day_by_a_newer_event_is_the_day_that_was_told() -> None:
    again = {"promised": Fact(NEW, Citation(source="shop", id="e3", type="delivery.promised", time=6))}
    messages = [heard("prb_a", "C1", 2, Claim("promised", OLD, BEFORE)), heard("prb_b", "C1", 5, Claim("promised", NEW, AFTER))]
    assert not outdated(ENDED, messages, again, RULE)


def test_the_newest_word_on_a_fact_is_what_counts() -> None:
    right = [heard("prb_a", "C1", 2, Claim("promised", OLD, BEFORE)), heard("prb_a", "C1", 6, Claim("promised", NEW, AFTER))]
    assert not outdated(ENDED, right, NOW, RULE)


def test_where_a_parcel_was_seen_was_true_when_it_was_said() -> None:
    assert not outdated(ENDED, [heard("prb_a", "C1", 2, Claim("place", "Bonn", BEFORE))], NOW, RULE)


def test_a_day_that_was_not_known_is_not_made_wrong_by_knowing_it() -> None:
    assert not outdated(ENDED, [heard("prb_a", "C1", 2, Claim("promised", None, None))], NOW, RULE)


def test_a_day_that_had_passed_when_the_detector_fired_stays_what_it_was() -> None:
    fired = a_problem(problem="prb_a", phase=Phase.SOLVED, fired={"promised": Fact(OLD, BEFORE)})
    assert not outdated(fired, [heard("prb_a", "C1", 2, Claim("promised", OLD, BEFORE))], NOW, RULE)
    between = Citation(source="shop", id="e3", type="delivery.promised", time=3)
    newer = heard("prb_a", "C1", 4, Claim("promised", Day("2026-03-06", "UTC", 5), between))
    assert outdated(fired, [newer], NOW, RULE)


def test_after_two_corrections_a_person_takes_over_and_then_nothing_is_said_by_itself() -> None:
    correction, hand_over = said(NoticePhase.CORRECTED), said(NoticePhase.HANDED_OVER)
    assert put_right_by([correction], "C1") is NoticePhase.CORRECTED
    assert put_right_by([correction, correction], "C1") is NoticePhase.HANDED_OVER
    assert put_right_by([correction, correction, hand_over], "C1") is None


def test_only_corrections_of_facts_to_this_customer_that_may_have_been_heard_count() -> None:
    others = [said(NoticePhase.CORRECTED, customer="C2")] * 2
    never_said = [said(NoticePhase.CORRECTED, answer=answer) for answer in (Answer.CANCELLED, Answer.WITHHELD)]
    of_no_fact = [said(NoticePhase.CORRECTED, fact=None), said(NoticePhase.HANDED_OVER, fact=None)]
    updates = [said(NoticePhase.UPDATED)] * 2
    assert put_right_by([*others, *never_said, *of_no_fact, *updates], "C1") is NoticePhase.CORRECTED
