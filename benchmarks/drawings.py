"""The results in, the plots of the page on performance out."""

from collections.abc import Mapping
from typing import Any

from benchmarks.plot import Points, plot
from benchmarks.points.latency import SHARES
from benchmarks.series import SERIES


def plots(results: Mapping[str, Any]) -> dict[str, str]:
    """Return the plots by file name; one without a point is left out."""
    drawn = {name: _drawn(*of) for name, of in _all_plots(results["figures"]).items()}
    return {name: drawing for name, drawing in drawn.items() if drawing}


def _all_plots(figures: Mapping[str, Any]) -> dict[str, tuple[str, Mapping[str, Points], str, str]]:
    """Return of each plot its title, its lines, and what its axes say."""
    series, nanoseconds = figures["series"], "CPU per event in nanoseconds"
    rules = {SERIES[name].title: _points(series, name, "ns") for name in ("rules_by_value", "rules_by_type", "rules_all")}
    cases = {SERIES[name].title: _points(series, name, "ns") for name in ("cases", "stored_cases")}
    timers = {"moved by an event": _points(series, "timers", "moved_ns"), "falls due": _points(series, "timers", "fired_ns")}
    memory = {"with twenty rules": _points(series, "memory", "bytes")}
    waits = {"at half of what it can take": _waits(figures["others"].get("latency", {}).get("milliseconds", {}))}
    return {
        "rules.svg": ("Cost against rules", rules, "rules", nanoseconds),
        "cases.svg": ("Cost against cases", cases, "cases", nanoseconds),
        "timers.svg": ("Cost of a timer against how many are pending", timers, "pending timers", "CPU in nanoseconds"),
        "memory.svg": ("Memory of a hot case", memory, "cases", "bytes per case"),
        "latency.svg": ("From arrival to the committed decision", waits, "the share of events that wait longer", "milliseconds"),
    }


def _waits(latency: Mapping[str, float]) -> Points:
    """Return (share that waits longer, milliseconds): 0.5 is the half, 0.001 one in a thousand."""
    return [(round(1 - SHARES[share], 6), wait) for share, wait in latency.items()]


def _points(series: Mapping[str, Any], name: str, figure: str) -> Points:
    return [(float(size), point[figure]) for size, point in series.get(name, {}).items()]


def _drawn(title: str, lines: Mapping[str, Points], across: str, up: str) -> str:
    known = {name: points for name, points in lines.items() if points}
    return plot(title, known, across=across, up=up) if known else ""
