"""The interpreter and the traces, both made from the page alone, must agree on the phases of every problem."""

import pytest

from tests.oracle.case import Phase
from tests.oracle.catalogue import Plain
from tests.oracle.interpreter import phases_of_file, phases_of_lines
from tests.oracle.traces import PHASES, SEMANTICS, Trace, all_traces, read
from tests.oracle.values import duration


def phases(trace: Trace) -> list[Phase]:
    events_yaml, lines = read(SEMANTICS / "events.yaml"), trace.lines()
    if trace.disorder is None:
        return list(phases_of_lines(trace.rule, events_yaml, trace.zone, lines, until=trace.until))
    return list(phases_of_file(trace.rule, events_yaml, trace.zone, [line.event for line in lines], disorder=trace.disorder))


def as_line(phase: Phase, like: Plain, start: int) -> Plain:
    """Return a phase in the words of a line of `then`, with the keys that this line has."""
    times = {"at": phase.at - start, "found": phase.found - start}
    whole = times | {phase.phase: phase.name, "case": phase.case, "rule": phase.rule}
    return {key: whole.get(key) for key in like if key in PHASES or key in whole}


def in_micros(line: Plain) -> Plain:
    kept = {key: value for key, value in line.items() if key in (*PHASES, "at", "found", "case", "rule")}
    return kept | {key: duration(kept[key]) for key in ("at", "found") if key in kept}


@pytest.mark.parametrize("trace", list(all_traces()), ids=lambda trace: trace.name)
def test_the_interpreter_passes_the_phases_of(trace: Trace) -> None:
    wanted = trace.expected()

    found = phases(trace)

    shown = [as_line(phase, line, trace.start) for phase, line in zip(found, wanted, strict=False)]
    assert shown == [in_micros(line) for line in wanted]
    assert len(found) == len(wanted), f"more happened: {found[len(wanted) :]}"
