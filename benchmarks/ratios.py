"""The ratios and figures that are stated, what they should be, and where among all figures they stand."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Ratio(NamedTuple):
    """over, under: places among the figures, with dots between. wanted: `<= 5` or `>= 4`."""

    over: str
    under: str
    wanted: str


class Limit(NamedTuple):
    """place: among the figures, with dots between. wanted: as above."""

    title: str
    place: str
    wanted: str


RATIOS: Mapping[str, Ratio] = {
    "core20_over_decode": Ratio("stream.core20.ns", "stream.decode.ns", "<= 5"),
    "core3_over_decode": Ratio("stream.core3.ns", "stream.decode.ns", "<= 2.5"),
    "esper_over_core3": Ratio("stream.esper3.ns", "stream.core3.ns", ">= 1"),
    "esper_over_core20": Ratio("stream.esper20.ns", "stream.core20.ns", ">= 1.5"),
    "pydantic_over_core3": Ratio("stream.pydantic3.ns", "stream.core3.ns", ">= 4"),
    "flink_over_core3": Ratio("stream.flink3.ns", "stream.core3.ns", ">= 3"),
    "bytewax_over_core3": Ratio("stream.bytewax3.ns", "stream.core3.ns", ">= 3"),
    "faust_over_core3": Ratio("stream.faust3.ns", "stream.core3.ns", ">= 15"),
    "rules1000_over_rules20": Ratio("series.rules_by_value.1000.ns", "series.rules_by_value.20.ns", "<= 1.3"),
    "cases1e7_over_cases1e5": Ratio("series.stored_cases.10000000.ns", "series.stored_cases.100000.ns", "<= 2"),
}
LIMITS: Mapping[str, Limit] = {
    "bytes_per_case": Limit(
        "bytes for a case at hand where room is scarce, with twenty rules", "series.memory.10000.bytes", "<= 400"
    ),
    "sqlite_per_second": Limit(
        "events per second with SQLite and a million cases", "series.stored_cases.1000000.events_per_second", ">= 60000"
    ),
    "postgres_per_second": Limit("events per second with PostgreSQL", "stream.core20_postgres.events_per_second", ">= 25000"),
    "hot_updates": Limit("share of PostgreSQL's updates of a case that touch no index", "others.hot.share", ">= 0.95"),
    "load_seconds": Limit("seconds to load, check and compile 1,000 rules", "series.loading.1000.load_seconds", "<= 5"),
    "compile_seconds": Limit("seconds of it to compile", "series.loading.1000.compile_seconds", "<= 0.5"),
    "p99_milliseconds": Limit("milliseconds that 99 % of the events wait at most", "others.latency.milliseconds.p99", "<= 250"),
    "help_seconds": Limit("seconds until `tellfirst --help` has answered", "others.help.seconds", "<= 0.3"),
}


def ratios_of(figures: Mapping[str, Any]) -> dict[str, float | None]:
    """Return each ratio; None where one side was not measured."""
    return {name: _ratio(figures, ratio) for name, ratio in RATIOS.items()}


def limits_of(figures: Mapping[str, Any]) -> dict[str, float | None]:
    """Return each limited figure; None where it was not measured."""
    return {name: _at(figures, limit.place) for name, limit in LIMITS.items()}


def is_met(value: float, wanted: str) -> bool:
    sign, bound = wanted.split()
    return value <= float(bound) if sign == "<=" else value >= float(bound)


def _ratio(figures: Mapping[str, Any], ratio: Ratio) -> float | None:
    over, under = _at(figures, ratio.over), _at(figures, ratio.under)
    return None if over is None or not under else round(over / under, 3)


def _at(figures: Any, place: str) -> float | None:
    for step in place.split("."):
        figures = figures.get(step) if isinstance(figures, Mapping) else None
    return None if figures is None else float(figures)
