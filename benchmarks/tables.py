"""The results in, the tables of the page on performance out."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.ratios import LIMITS, RATIOS, is_met
from benchmarks.series import OTHERS, SERIES

STREAM, OF_THE_STREAM = "stream", "over the same stream"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
UNITS = {
    "ns": "ns of CPU per event",
    "events_per_second": "events per second",
    "disk_bytes": "bytes each on disk",
    "start_seconds": "s of CPU to start",
    "moved_ns": "ns of CPU to move one by an event",
    "fired_ns": "ns of CPU for one that falls due",
    "bytes": "bytes each where room is scarce",
    "unpacked_bytes": "where there is enough",
    "due_bytes": "beside that for when something is due",
    "hit_ns": "ns of CPU until a pressed one is at hand again",
    "load_seconds": "s of CPU to load, check and compile",
    "compile_seconds": "s of it to compile",
    "seconds": "s",
    "share": "of all",
    "capacity_per_second": "events per second at most",
}


def tables(results: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    parts = (_stream(results), _ratios(results), _series(results), _later(results), _missing(results))
    return "\n\n".join(text for part in parts if (text := "\n".join(part))) + "\n"


def _stream(results: Mapping[str, Any]) -> Iterator[str]:
    figures = results["figures"]["stream"]
    floor = figures.get("decode", {}).get("ns")
    yield f"| {OF_THE_STREAM} | ns of CPU per event | in decodings | found otherwise |"
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
    if slope := _slope(results["figures"]["series"].get("rules_all", {})):
        yield f"| 1 | rule more that concerns an event | {number(slope)} ns of CPU per event |"
    for name, figure in results["figures"]["others"].items():
        yield f"| | {OTHERS[name][0]} | {_said(figure)} |"


def _slope(points: Mapping[str, Any]) -> float:
    """Return what one rule more takes, between the fewest and the most; 0 where there are not two points."""
    sizes = sorted(int(size) for size in points)
    if len(sizes) < 2:
        return 0.0
    fewest, most = sizes[0], sizes[-1]
    return float(points[str(most)]["ns"] - points[str(fewest)]["ns"]) / (most - fewest)


def _said(point: Mapping[str, Any]) -> str:
    """Return each figure with its name; those of a figure of its own stand beside them."""
    flat = {name: value for name, value in point.items() if not isinstance(value, Mapping)}
    inner = [f"{name}: {_shares(value)}" for name, value in point.items() if isinstance(value, Mapping)]
    return "; ".join([", ".join(f"{number(value)} {UNITS.get(name, name)}" for name, value in flat.items()), *inner])


def _shares(values: Mapping[str, float]) -> str:
    """Return each value with its name: p99.9 for p99_9."""
    return ", ".join(f"{number(value)} {name.replace('_', '.')}" for name, value in values.items())


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1_000 else f"{value:.4g}"


def _later(results: Mapping[str, Any]) -> Iterator[str]:
    if later := results.get("later"):
        yield "| measured later than the rest | at commit |"
        yield "|---|---|"
        yield from (f"| {_title(name)} | {commit} |" for name, commit in later.items())


def _title(name: str) -> str:
    if name == STREAM:
        return OF_THE_STREAM
    return OTHERS[name][0] if name in OTHERS else SERIES[name].title


def _missing(results: Mapping[str, Any]) -> Iterator[str]:
    if results["missing"]:
        yield "| not measured | because |"
        yield "|---|---|"
        yield from (f"| {name} | {why} |" for name, why in results["missing"].items())


def into_page(page: Path, results: Mapping[str, Any]) -> None:
    """Put the tables where the page has its place for them."""
    text = page.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{tables(results)}{END}{after}", encoding="utf-8")
