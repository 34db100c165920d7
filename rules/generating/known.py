"""The names that a generated function may use, beside the rules and detectors of its plan."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from contracts.event import Citation, Event, Fate
from contracts.problem import Finding
from contracts.times import DAY
from rules.applied import Applied
from rules.detectors.expect import ExpectState
from rules.detectors.sequence import sequence_knows
from rules.detectors.sight import Sight
from rules.detectors.silence import SilenceState
from rules.detectors.when import WhenState
from rules.expression.code import KNOWN_TO_CODE
from rules.forgetting import begins_anew, forget_at
from rules.memory import Memory, is_newer
from rules.plan import CasePlan
from rules.watching import Watching

LATE_LOOKS = 7 * DAY


APPLIED = Applied(Fate.APPLIED, ())
REPEATED = Applied(Fate.REPEATED, ())
UNREAD = Applied(Fate.UNREAD, ())


def plainly(plan: CasePlan, sight: Sight, event: Event, altered: int) -> list[Finding]:
    """Look with every rule that reads the event, one by one: what a generated function does in other words.

    altered: a bit for each fact's slot whose value is another than before the event.
    """
    memory, turns = sight.memory, {}
    findings: list[Finding] = []
    for position in plan.readings[event.type].rules:
        rule = plan.rules[position]
        life = memory.lives[rule.life]
        if rule.life not in turns:
            turns[rule.life] = plan.lives[rule.life].turn(life, memory.t, event)
        sight.closing, sight.opening = turns[rule.life]
        sight.start, sight.is_open = life.start or 0, life.is_open
        if not life.newcomers >> position & 1:
            findings += Watching(rule, sight).at_event(event, altered)
    return findings


def amount_of(value: Any) -> Any:
    """Return the number that enters a window: the amount of money, else the value itself."""
    amount = getattr(value, "amount", None)
    return value if amount is None else float(amount)


def in_order_of_rules(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Return the findings as the rules stand, by name; those of one rule stay in order."""
    return sorted(findings, key=attrgetter("rule"))


def sequences_know(memory: Memory, numbers: Sequence[int], mark: int) -> bool:
    """Whether one of these sequences remembers an event with this mark."""
    states = memory.states
    return any((state := states.get(number)) is not None and sequence_knows(state, mark) for number in numbers)


KNOWN: dict[str, Any] = KNOWN_TO_CODE | {
    "APPLIED": APPLIED,
    "Applied": Applied,
    "Citation": Citation,
    "Fate": Fate,
    "ExpectState": ExpectState,
    "REPEATED": REPEATED,
    "Sight": Sight,
    "amount_of": amount_of,
    "SilenceState": SilenceState,
    "Watching": Watching,
    "WhenState": WhenState,
    "begins_anew": begins_anew,
    "forget_at": forget_at,
    "in_order_of_rules": in_order_of_rules,
    "is_newer": is_newer,
    "max": max,
    "plainly": plainly,
    "sequences_know": sequences_know,
}
