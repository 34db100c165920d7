"""Which points are measured: the cost of an event as rules, cases and timers grow, and what a user waits for."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Series:
    """module: of benchmarks.points. before: its first arguments. sizes: of each point, with how many events are measured there.

    quick: the sizes of a quick run; once: those that take so long that they have one round only.
    capped: what is not measured, and why.
    """

    title: str
    module: str
    sizes: Mapping[int, Sequence[str]]
    before: Sequence[str] = ()
    quick: Sequence[int] = ()
    once: Sequence[int] = ()
    capped: Mapping[int, str] = field(default_factory=dict)

    def command(self, size: int) -> list[str]:
        module = f"benchmarks.points.{self.module}"
        return [sys.executable, "-m", module, *self.before, str(size), *self.sizes[size]]


MANY, SOME, FEW = ("20000",), ("5000",), ("1000",)
GROWING = {10: MANY, 20: MANY, 100: MANY, 1_000: SOME, 10_000: FEW}
MANY_TYPES = GROWING | {1_000: MANY, 10_000: MANY}  # a type takes longer while it is new
LONG = (10_000,)

SERIES: Mapping[str, Series] = {
    "rules_by_value": Series(
        "rules, of which twenty concern an event, by a value that it carries", "rules", GROWING, ("by_value",), (20, 1_000), LONG
    ),
    "rules_by_type": Series(
        "rules, of which twenty concern an event, by its type", "rules", MANY_TYPES, ("by_type",), (20, 1_000), LONG
    ),
    "rules_all": Series("rules, which all concern every event", "rules", GROWING, ("all",), (10, 100), LONG),
    "cases": Series(
        "cases, all in memory",
        "cases",
        {10_000: MANY, 100_000: ("100000",), 1_000_000: ("100000",)},
        quick=(10_000, 100_000),
        once=(1_000_000,),
        capped={10_000_000: "more memory than this machine has: see bytes per case"},
    ),
    "stored_cases": Series(
        "cases in SQLite, some of them at hand",
        "stored",
        {10_000: MANY, 100_000: ("50000",), 1_000_000: ("50000",), 10_000_000: ("50000",)},
        quick=(10_000,),
        once=(1_000_000, 10_000_000),
    ),
    "timers": Series(
        "pending timers", "timers", {10_000: MANY, 100_000: MANY, 1_000_000: MANY}, quick=(10_000,), once=(1_000_000,)
    ),
    "memory": Series("cases in the middle of their life", "memory", {1_000: (), 10_000: ()}, quick=(1_000,)),
    "loading": Series("rules in a project", "loading", {10: (), 100: (), 1_000: ()}, quick=(100,)),
}

# title, module with its arguments
OTHERS: Mapping[str, tuple[str, Sequence[str]]] = {
    "help": ("`tellfirst --help`, on the clock", ("benchmarks.points.helping",)),
    "hot": ("updates of a case's row in PostgreSQL that touch no index, with a silence rule", ("benchmarks.points.hot",)),
    "latency": ("a live run with SQLite; waits at half of what it can take", ("benchmarks.points.latency", "10")),
}


def sizes(*, quick: bool) -> dict[str, Sequence[int]]:
    """Return the sizes of each series that are measured."""
    return {name: list(series.quick if quick else series.sizes) for name, series in SERIES.items()}


def left_out(*, quick: bool) -> dict[str, str]:
    """Return what is not measured, and why."""
    left = {f"{name}.{size}": why for name, series in SERIES.items() for size, why in series.capped.items()}
    for name, series in SERIES.items() if quick else ():
        left |= {f"{name}.{size}": "not in a quick run" for size in series.sizes if size not in series.quick}
    return left
