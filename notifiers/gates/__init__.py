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


def judge(telling: Question, now: int) -> tuple[Verdict, list[tuple[str, Verdict]]]:
    """Return the first verdict that is not Pass, or Pass, and what each gate said that was asked."""
    answers: list[tuple[str, Verdict]] = []
    for gate in GATES:
        verdict = gate(telling, now)
        answers.append((gate.__name__, verdict))
        if not isinstance(verdict, Pass):
            return verdict, answers
    return Pass(), answers
