"""What customers were told of a problem that has ended, which of it is no longer so, and who says so."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from contracts.message import Claim
from contracts.notice import Answer, Notice, NoticePhase
from contracts.problem import Fact, Facts
from contracts.tell import RuleTelling
from contracts.telling import Heard, ProblemNow
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


def outdated(problem: ProblemNow, heard: Sequence[Heard], facts: Facts, telling: RuleTelling) -> Mapping[str, Outdated]:
    """Return, by customer, the first fact told of the problem that has changed enough since, and that no newer message tells.

    heard: every message sent about the case, oldest first; another problem's may have said by now what is so.
    """
    found: dict[str, Outdated] = {}
    for customer in dict.fromkeys(each.customer for each in heard if each.problem == problem.problem):
        own = [each for each in heard if each.customer == customer]
        stated = {claim.fact: (claim, each) for each in own if each.problem == problem.problem for claim in each.claims}
        lasting = [claim for claim, _ in stated.values() if _is_held_to(claim, problem, telling)]
        wrong = worth_telling(lasting, facts, telling)
        if wrong is not None and not _is_told(wrong, facts[wrong], own[own.index(stated[wrong][1]) + 1 :]):
            found[customer] = Outdated(wrong, stated[wrong][1])
    return found


def _is_held_to(claim: Claim, problem: ProblemNow, telling: RuleTelling) -> bool:
    """Whether the customer holds us to it: not to what was unknown, nor to a deadline that had passed when it fired."""
    fired = problem.fired.get(claim.fact)
    has_passed = fired is not None and claim.event == fired.event and _states(claim, fired)
    return claim.value is not None and not has_passed and telling.facts.get(claim.fact) in HELD_TO


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


def _is_told(name: str, fact: Fact, newer: Sequence[Heard]) -> bool:
    """Whether a newer message states this value: of the fact of this name, or of another by the same event."""
    claims = [claim for each in newer for claim in each.claims]
    return any(_states(claim, fact) and (claim.fact == name or claim.event == fact.event) for claim in claims)


def _states(claim: Claim, fact: Fact) -> bool:
    return bool(to_plain(claim.value) == to_plain(fact.value))
