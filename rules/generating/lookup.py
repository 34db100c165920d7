"""Many detectors with conditions of one shape in; those that may have something to say, found by what the event brought, out.

`place == "Lyon" and weight >= 25` is found by the place, then by the weight: what it costs does not grow with the detectors.
"""

import ast
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rules.detectors.when import WhenDetector
from rules.expression.compiling import Limit
from rules.generating.looking import SIGHT, concerns
from rules.generating.page import Page, note
from rules.plan import CompiledDetector, CompiledRule, Reading

ENOUGH = 8
"""So many of one shape are looked up; fewer are cheaper to ask one by one."""


class Looking(NamedTuple):
    """A detector that may look at an event, with its rule and its number."""

    rule: CompiledRule
    number: int
    detector: CompiledDetector


class Shape(NamedTuple):
    """value: the Python, in words, of what must be equal to a constant; size, operator: of what must be so great, or so small.

    concerns: what says that the event concerns them.
    """

    value: str | None
    size: str | None
    operator: str | None
    concerns: str


class Ladder:
    """Detectors by their limits: those that a size reaches stand together, at the beginning for >= and >, else at the end."""

    def __init__(self, operator: str | None, rungs: Iterable[tuple[Any, int]]) -> None:
        ordered = sorted(rungs) if operator else list(rungs)
        self._operator = operator
        self._limits = [limit for limit, _ in ordered]
        self._numbers = [number for _, number in ordered]

    def reached(self, size: Any) -> Sequence[int]:
        """Return the numbers of the detectors whose limit a size reaches; none when it is unknown."""
        match self._operator:
            case None:
                return self._numbers
            case _ if size is None:
                return ()
            case ">=":
                return self._numbers[: bisect_right(self._limits, size)]
            case ">":
                return self._numbers[: bisect_left(self._limits, size)]
            case "<=":
                return self._numbers[bisect_left(self._limits, size) :]
            case _:
                return self._numbers[bisect_right(self._limits, size) :]


class Lookup:
    """Finds detectors of one shape, given by their numbers."""

    def __init__(self, operator: str | None, detectors: Mapping[int, WhenDetector]) -> None:
        rungs: defaultdict[Any, list[tuple[Any, int]]] = defaultdict(list)
        for number, detector in detectors.items():
            same, limit = _equal(detector), _limit(detector)
            rungs[same.value if same else None].append((limit.value if limit else None, number))
        self._ladders = {value: Ladder(operator, own) for value, own in rungs.items()}
        self._numbers = frozenset(detectors)

    def find(self, value: Any, size: Any, states: Mapping[int, Any]) -> list[int]:
        """Return the numbers of those that may be true now, or that have something to say since they were true before."""
        ladder = self._ladders.get(value)
        found = ladder.reached(size) if ladder is not None else ()
        before = self._numbers.intersection(states)
        return sorted({*found, *before}) if before else sorted(found)


def sorted_out(
    looking: Iterable[Looking], reading: Reading, *, may_open: bool
) -> tuple[Mapping[Shape, list[Looking]], list[Looking]]:
    """Return the detectors that are looked up together, by shape, and those that are asked one by one."""
    shapes: defaultdict[Shape | None, list[Looking]] = defaultdict(list)
    for each in looking:
        shapes[_shape(each.detector, reading, may_open=may_open)].append(each)
    together = {shape: alike for shape, alike in shapes.items() if shape is not None and len(alike) >= ENOUGH}
    apart = [each for shape, alike in shapes.items() if shape not in together for each in alike]
    return together, sorted(apart, key=lambda each: each.number)


def looks_up(shape: Shape, alike: Sequence[Looking], page: Page) -> Iterator[str]:
    """Look with those of one shape that may have something to say."""
    detectors = {each.number: each.detector for each in alike if isinstance(each.detector, WhenDetector)}
    name = page.name(Lookup(shape.operator, detectors), "lookup")
    first, *others = detectors.values()
    value, size = ("None" if limit is None else page.put(limit.code) for limit in (_equal(first), _limit(first)))
    yield note(f"{alike[0].rule.name}: {first.name}, and {len(others)} more of its shape")
    yield f"if {shape.concerns}:"
    yield f"    numbers = {name}.find({value}, {size}, states)"
    yield "    if numbers:"
    yield f"        changes, rearmed = sorted((*changes, *finds(PLAN, numbers, {SIGHT}, event))), True"


def _shape(detector: CompiledDetector, reading: Reading, *, may_open: bool) -> Shape | None:
    """Return the shape by which a detector can be looked up, None where nothing but its condition tells."""
    if not isinstance(detector, WhenDetector) or detector.moments or detector.turnings:
        return None
    same, limit = _equal(detector), _limit(detector)
    if same is None and limit is None:
        return None
    value, size = (ast.dump(each.code) if each else None for each in (same, limit))
    return Shape(value, size, limit.operator if limit else None, concerns(detector, reading, may_open=may_open))


def _equal(detector: WhenDetector) -> Limit | None:
    return next((limit for limit in detector.condition.limits if limit.operator == "=="), None)


def _limit(detector: WhenDetector) -> Limit | None:
    return next((limit for limit in detector.condition.limits if limit.operator not in ("==", "!=")), None)
