"""Which told fact has changed so much that the customer should hear of it: claims of the last message against the facts now."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from contracts.message import Claim
from contracts.problem import Facts
from contracts.tell import RuleTelling
from contracts.times import DAY, HOUR, parse_length
from contracts.values import FieldType, from_plain

LEAST_SHARE = 0.10


def worth_telling(
    claims: Sequence[Claim], facts: Facts, telling: RuleTelling, *, changed: Collection[str] | None = None
) -> str | None:
    """Return the first told fact, in the rule's order, that differs enough from the value sent, or None.

    Different enough is another day, a time by more than 1 h, an amount or number by 10 % or more, any other text, and a fact that
    became known or unknown; the rule's `worth_telling` may name another measure. F and F.now are one fact.
    changed: the facts that have just changed; None looks at all of them.
    """
    told = {claim.fact: claim.value for claim in claims}
    for name, kind in telling.facts.items():
        if name not in told or (changed is not None and name not in changed):
            continue
        newest = facts.get(name)
        value = from_plain(kind, newest.value if newest else None)
        if differs(kind, from_plain(kind, told[name]), value, measure=telling.tell.worth_telling.get(name)):
            return name
    return None


def differs(kind: FieldType, told: Any, newest: Any, *, measure: str | None = None) -> bool:
    """Whether the newest value is worth telling after the told one. measure: a length, a percentage as 25%, always, never."""
    if measure == "never" or told == newest:
        return False
    if measure == "always" or told is None or newest is None:
        return True
    match kind:
        case FieldType.TEXT | FieldType.BOOL:
            return True
        case FieldType.DATE:
            return _days_between(told.day, newest.day) >= _length(measure, DAY)
        case FieldType.INSTANT:
            return bool(abs(newest - told) > _length(measure, HOUR))
        case FieldType.DURATION:
            by_share = measure is None or measure.endswith("%")
            return _share(told, newest, measure) if by_share else bool(abs(newest - told) > _length(measure, HOUR))
        case FieldType.INTEGER | FieldType.DECIMAL:
            return _share(told, newest, measure)
        case FieldType.MONEY:
            return bool(told.currency != newest.currency) or _share(float(told.amount), float(newest.amount), measure)


def _days_between(told: str, newest: str) -> int:
    return abs((date.fromisoformat(newest) - date.fromisoformat(told)).days) * DAY


def _length(measure: str | None, default: int) -> int:
    return parse_length(measure) if measure and not measure.endswith("%") else default


def _share(told: float, newest: float, measure: str | None) -> bool:
    """Whether the change is at least this share of what was told, whatever rounding left of it."""
    least = float(measure[:-1]) / 100 if measure and measure.endswith("%") else LEAST_SHARE
    return abs(newest - told) >= abs(told) * least * (1 - 1e-12)
