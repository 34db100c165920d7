"""The results in, what people read of them out: tables for the page on performance, and its plots."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.plot import Points, plot
from benchmarks.points.latency import SHARES
from benchmarks.ratios import LIMITS, RATIOS, is_met
from benchmarks.series import OTHERS, SERIES

BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
UNITS = {
    "ns": "ns of CPU per event",
    "events_per_second": "events per second",
    "disk_bytes": "bytes each on disk",
    "start_seconds": "s of CPU to start",
    "moved_ns": "ns of CPU to move one by an event",
    "fired_ns": "ns of CPU for one that falls due",
    "bytes": "bytes each",
    "load_seconds": "s of CPU to load, check and compile",
    "compile_seconds": "s of it to compile",
    "seconds": "s",
    "capacity_per_second": "events per second at most",
}


def tables(results: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    return "\n".join([*_stream(results), "", *_ratios(results), "", *_series(results), "", *_missing(results)]).rstrip() + "\n"


def _percentile(name: str) -> str:
    """Return p99.9 for p99_9."""
    return name.replace("_", ".")


def _stream(results: Mapping[str, Any]) -> Iterator[str]:
    figures = results["figures"]["stream"]
    floor = figures.get("decode", {}).get("ns")
    yield "| over the same stream | ns of CPU per event | in decodings | found otherwise |"
    yield "|---|--:|--:|---|"
    for figure in figures.values():
        times = f"{figure['ns'] / floor:.1f}" if floor else ""
        yield f"| {figure['title']} | {figure['ns']:,.0f} | {times} | {_differing(figure.get('found'))} |"


def _differing(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return ""
    sides = {"lacks": found.get("only_ours"), "adds": found.get("only_theirs")}
    said = [f"{word} {sum(side['by_rule'].values())}" for word, side in sides.items() if side]
    return f"{', '.join(said) or 'nothing'} of {found['both']:,}"


def _ratios(results: Mapping[str, Any]) -> Iterator[str]:
    yield "| | is | wanted | |"
    yield "|---|--:|--:|---|"
    for name, value in results["ratios"].items():
        yield f"| `{name}` | {_judged(value, RATIOS[name].wanted)} |"
    for name, value in results["limits"].items():
        yield f"| {LIMITS[name].title} | {_judged(value, LIMITS[name].wanted)} |"


def _judged(value: float | None, wanted: str) -> str:
    """Return what is, what is wanted, and whether that is met."""
    if value is None:
        return f"not measured | {wanted} | "
    return f"{number(value)} | {wanted} | {'met' if is_met(value, wanted) else 'not met'}"


def _series(results: Mapping[str, Any]) -> Iterator[str]:
    yield "| as many | of | take |"
    yield "|--:|---|---|"
    for name, points in results["figures"]["series"].items():
        for size, point in points.items():
            yield f"| {int(size):,} | {SERIES[name].title} | {_said(point)} |"
    for name, figure in results["figures"]["others"].items():
        yield f"| | {OTHERS[name][0]} | {_said(figure)} |"


def _said(point: Mapping[str, Any]) -> str:
    """Return each figure with its name; those of a figure of its own stand beside them."""
    flat = {name: value for name, value in point.items() if not isinstance(value, Mapping)}
    inner = [
        f"{name}: " + ", ".join(f"{number(each)} {_percentile(share)}" for share, each in value.items())
        for name, value in point.items()
        if isinstance(value, Mapping)
    ]
    return "; ".join([", ".join(f"{number(value)} {UNITS.get(name, name)}" for name, value in flat.items()), *inner])


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1_000 else f"{value:.4g}"


def _missing(results: Mapping[str, Any]) -> Iterator[str]:
    if results["missing"]:
        yield "| not measured | because |"
        yield "|---|---|"
        yield from (f"| {name} | {why} |" for name, why in results["missing"].items())


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


def into_page(page: Path, results: Mapping[str, Any]) -> None:
    """Put the tables where the page has its place for them."""
    text = page.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{tables(results)}{END}{after}", encoding="utf-8")
