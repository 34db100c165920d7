"""May we tell this customer of this problem now? The gates, in the order in which they speak."""

from collections.abc import Callable
from typing import TypeAlias

from contracts.verdict import Pass, Verdict
from notifiers.gates.customer import complained, consent, known_customer, quiet_hours, silenced, urgency
from notifiers.gates.often import caps, grouping
from notifiers.gates.question import Question
from notifiers.gates.truth import breaker, caught_up, cause_speaks, rule_was_live, still_open

Gate: TypeAlias = Callable[[Question, int], Verdict]

# fmt: off
GATES: tuple[Gate, ...] = (still_open, rule_was_live, known_customer, caught_up, breaker, silenced, complained, cause_speaks, consent, urgency, quiet_hours, caps, grouping)  # noqa: E501
# fmt: on
PASS = Pass()


def judge(telling: Question, now: int) -> tuple[Verdict, tuple[Gate, ...]]:
    """Return the first verdict that is not Pass, or Pass, and the gates that were asked: the last of them gave it."""
    for asked, gate in enumerate(GATES, start=1):
        verdict = gate(telling, now)
        if not isinstance(verdict, Pass):
            return verdict, GATES[:asked]
    return PASS, GATES
