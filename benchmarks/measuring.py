"""All that is measured, in one run: the contestants over one stream, the series, and what a user waits for."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.agreement import difference, pairs
from benchmarks.contestants.names import TITLES, command
from benchmarks.places import BUILD
from benchmarks.rounds import Answer, in_rounds
from benchmarks.series import OTHERS, SERIES
from benchmarks.workload.stream import stream

OF_THE_SAME_RULES = {"core3": "3", "core20": "20"}
WITH_A_DATABASE = "core20_"


def write_stream(orders: int) -> Path:
    BUILD.mkdir(parents=True, exist_ok=True)
    path = BUILD / f"stream-{orders}.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in stream(orders)))
    return path


def over_the_stream(names: Sequence[str], orders: int, rounds: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the figures of each contestant, and why others have none."""
    path = write_stream(orders)
    answers, failed = in_rounds({name: command(name, path) for name in names}, rounds)
    return {name: _figure(name, answers) for name in answers}, failed


def _figure(name: str, answers: Mapping[str, Sequence[Answer]]) -> dict[str, Any]:
    own = [answer["cpu_ns"] / answer["events"] for answer in answers[name]]
    figure = {"title": TITLES[name], "ns": round(median(own), 1), "rounds": [round(each, 1) for each in own]}
    if name.startswith(WITH_A_DATABASE):
        figure["events_per_second"] = significant(median(1e9 * each["events"] / each["clock_ns"] for each in answers[name]))
    ours = next((our for our, rules in OF_THE_SAME_RULES.items() if name.partition("_")[0].endswith(rules)), name)
    if name == ours or ours not in answers:
        return figure
    found = [pairs(answers[each][0]["found"]) for each in (ours, name)]
    return figure | {"found": difference(*found)}


def series_of(sizes: Mapping[str, Sequence[int]], rounds: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the points of some series by size, and why others are missing."""
    places = [(name, size) for name, wanted in sizes.items() for size in wanted]
    commands = {f"{name}.{size}": SERIES[name].command(size) for name, size in places}
    once = [f"{name}.{size}" for name, size in places if size in SERIES[name].once]
    answers, failed = in_rounds(commands, rounds, once=once)
    points: dict[str, Any] = {name: {} for name in sizes}
    for name, size in places:
        if measured := answers.get(f"{name}.{size}"):
            points[name][str(size)] = medians(measured)
    return points, failed


def others(names: Sequence[str], rounds: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what else a user waits for, by name, and why others are missing."""
    answers, failed = in_rounds({name: [sys.executable, "-m", *OTHERS[name][1]] for name in names}, rounds)
    return {name: medians(measured) for name, measured in answers.items()}, failed


def medians(answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the median of each figure of several answers."""
    return {
        name: medians([each[name] for each in answers])
        if isinstance(value, dict)
        else significant(median(each[name] for each in answers))
        for name, value in answers[0].items()
    }


def significant(value: float) -> float:
    """Return four digits: nobody measures more."""
    return float(f"{value:.4g}")
