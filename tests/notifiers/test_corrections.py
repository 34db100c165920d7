"""Which told facts are no longer so after a problem's end, and to whom that must be said."""

from contracts.event import Citation
from contracts.message import Claim
from contracts.notice import NoticeClass, Urgency
from contracts.problem import Fact
from contracts.tell import RuleTelling, Tell
from contracts.telling import Heard
from contracts.values import Day, FieldType
from notifiers.corrections import outdated

TELL = Tell(urgency=Urgency.SOON, notice_class=NoticeClass.SERVICE, channels=("email",), desk="desk")
FACTS = {"promised": FieldType.DATE, "place": FieldType.TEXT}
RULE = RuleTelling(rule="late", title="Late", tell=TELL, wordings={}, facts=FACTS, voices=())
OLD, NEW = Day("2026-03-05", "UTC", 4), Day("2026-03-07", "UTC", 6)
BEFORE = Citation(source="shop", id="e1", type="delivery.promised", time=1)
AFTER = Citation(source="shop", id="e2", type="delivery.promised", time=5)
NOW = {"promised": Fact(NEW, AFTER), "place": Fact("Ulm", AFTER)}


def heard(problem: str, customer: str, sent_at: int, *claims: Claim) -> Heard:
    return Heard(problem, customer, sent_at, claims, {})


def test_who_was_told_a_day_that_moved_is_to_be_corrected_and_nobody_else() -> None:
    told = heard("prb_a", "C1", 2, Claim("promised", OLD, BEFORE))
    found = outdated("prb_a", [told, heard("prb_a", "C2", 3)], NOW, RULE)
    assert {customer: (each.fact, each.heard) for customer, each in found.items()} == {"C1": ("promised", told)}


def test_what_a_newer_message_of_another_problem_says_is_not_said_again() -> None:
    old, newer = heard("prb_a", "C1", 2, Claim("promised", OLD, BEFORE)), heard("prb_b", "C1", 6, Claim("day", NEW, AFTER))
    assert not outdated("prb_a", [old, newer], NOW, RULE)
    assert outdated("prb_a", [old, heard("prb_b", "C2", 6, Claim("day", NEW, AFTER))], NOW, RULE)


def test_the_newest_word_on_a_fact_is_what_counts() -> None:
    right = [heard("prb_a", "C1", 2, Claim("promised", OLD, BEFORE)), heard("prb_a", "C1", 6, Claim("promised", NEW, AFTER))]
    assert not outdated("prb_a", right, NOW, RULE)


def test_where_a_parcel_was_seen_was_true_when_it_was_said() -> None:
    assert not outdated("prb_a", [heard("prb_a", "C1", 2, Claim("place", "Bonn", BEFORE))], NOW, RULE)


def test_a_day_that_was_not_known_is_not_made_wrong_by_knowing_it() -> None:
    assert not outdated("prb_a", [heard("prb_a", "C1", 2, Claim("promised", None, None))], NOW, RULE)
