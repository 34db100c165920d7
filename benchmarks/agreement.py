"""What two contestants found comes in; where they differ, counted by rule and with examples, goes out."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

EXAMPLES = 5


def pairs(found: Iterable[Iterable[str]]) -> set[tuple[str, ...]]:
    return {tuple(pair) for pair in found}


def difference(ours: set[tuple[str, ...]], theirs: set[tuple[str, ...]]) -> dict[str, Any]:
    """Return how many both found, what only we found and what only they did; empty sides are left out."""
    sides = {"only_ours": ours - theirs, "only_theirs": theirs - ours}
    return {"both": len(ours & theirs)} | {name: _told(side) for name, side in sides.items() if side}


def _told(side: set[tuple[str, ...]]) -> dict[str, Any]:
    return {"by_rule": dict(sorted(Counter(rule for rule, *_ in side).items())), "such_as": sorted(side)[:EXAMPLES]}
