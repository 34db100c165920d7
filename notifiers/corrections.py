"""What customers were told of a problem that has ended, which of it is no longer so, and who says so."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from contracts.message import Claim
from contracts.notice import Answer, Notice, NoticePhase
from contracts.problem import Fact, Facts
from contracts.tell import RuleTelling
from contracts.telling import Heard
from contracts.values import FieldType, to_plain
from notifiers.claims import worth_telling

HELD_TO = frozenset({FieldType.DATE, FieldType.INSTANT, FieldType.MONEY})
"""What a customer goes by after the end: a day, a time, an amount. Where a parcel was seen was true when it was said."""

MOST_CORRECTIONS = 2
TOLD_TOO_OFTEN = "told_too_often"
"""Why a person takes over: what a customer goes by changed once more after so many corrections of one problem."""


class Outdated(Struct, frozen=True):
    """A told fact that is no longer so, and the newest message that stated it."""

    fact: str
    heard: Heard


def outdated(problem: str, heard: Sequence[Heard], facts: Facts, telling: RuleTelling) -> Mapping[str, Outdated]:
    """Return, by customer, the first fact told of the problem that has changed enough since, and that no newer message tells.

    heard: every message sent about the case, oldest first; another problem's may have said by now what is so.
    """
    found: dict[str, Outdated] = {}
    for customer in dict.fromkeys(each.customer for each in heard if each.problem == problem):
        own = [each for each in heard if each.customer == customer]
        stated = {claim.fact: (claim, each) for each in own if each.problem == problem for claim in each.claims}
        lasting = [claim for claim, _ in stated.values() if claim.value is not None and telling.facts.get(claim.fact) in HELD_TO]
        wrong = worth_telling(lasting, facts, telling)
        if wrong is not None and not _is_told(facts[wrong], own[own.index(stated[wrong][1]) + 1 :]):
            found[customer] = Outdated(wrong, stated[wrong][1])
    return found


def put_right_by(before: Sequence[Notice], customer: str) -> NoticePhase | None:
    """Return how this customer hears that something is no longer so: by a correction; after two of them by a person, once.

    before: all notices of the problem. None: a person has it, and we say nothing more by ourselves.
    """
    own = [each for each in before if each.customer == customer and each.fact is not None]
    counted = [each for each in own if each.answer not in (Answer.CANCELLED, Answer.WITHHELD)]
    if any(each.phase is NoticePhase.HANDED_OVER for each in counted):
        return None
    corrections = sum(each.corrects_a_fact for each in counted)
    return NoticePhase.CORRECTED if corrections < MOST_CORRECTIONS else NoticePhase.HANDED_OVER


def _is_told(fact: Fact, newer: Sequence[Heard]) -> bool:
    """Whether a newer message states this value by the same event."""
    return any(_states(claim, fact) for each in newer for claim in each.claims)


def _states(claim: Claim, fact: Fact) -> bool:
    return claim.event == fact.event and to_plain(claim.value) == to_plain(fact.value)
