"""The names that a generated function may use, beside the plan and its detectors."""

from sys import intern
from typing import Any

from contracts.event import Fate
from rules.applied import Applied
from rules.detectors.sight import Sight
from rules.detectors.states import ExpectState, SilenceState
from rules.expression.functions import KNOWN_TO_CODE
from rules.forgetting import begins_anew, settle
from rules.generating import seldom
from rules.memory import Origin, is_newer

APPLIED = Applied(Fate.APPLIED, ())
REPEATED = Applied(Fate.REPEATED, ())
UNREAD = Applied(Fate.UNREAD, ())

NEVER = 1 << 63
"""Later than all times."""

KNOWN: dict[str, Any] = KNOWN_TO_CODE | {
    "APPLIED": APPLIED,
    "Applied": Applied,
    "ExpectState": ExpectState,
    "isinstance": isinstance,
    "NEVER": NEVER,
    "Fate": Fate,
    "Origin": Origin,
    "REPEATED": REPEATED,
    "Sight": Sight,
    "SilenceState": SilenceState,
    "begins_anew": begins_anew,
    "closes": seldom.closes,
    "corrects": seldom.corrects,
    "finds": seldom.finds,
    "in_order_of_rules": seldom.in_order_of_rules,
    "is_newer": is_newer,
    "judges": seldom.judges,
    "looks": seldom.looks,
    "max": max,
    "sorted": sorted,
    "opens": seldom.opens,
    "plainly": seldom.plainly,
    "reports": seldom.reports,
    "settle": settle,
    "shared": intern,
    "sequences_know": seldom.sequences_know,
}
