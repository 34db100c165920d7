"""The compiled core and the slow interpreter say the same of every trace."""

import pytest

from tests.oracle.interpreter import phases_of_file as oracle_file
from tests.oracle.interpreter import phases_of_lines as oracle_lines
from tests.oracle.traces import SEMANTICS, Trace, all_traces, read
from tests.rules.core_run import CoreRun, compiled, phases_of_file, phases_of_lines

DAY = 86_400_000_000


@pytest.mark.parametrize("repacks", [False, True], ids=["", "packed"])
@pytest.mark.parametrize("trace", list(all_traces()), ids=lambda trace: trace.name)
def test_core_and_interpreter_agree_on(trace: Trace, repacks: bool) -> None:
    catalogue, lines = read(SEMANTICS / "events.yaml"), trace.lines()
    text = (SEMANTICS / f"{trace.rule['rule']}.yaml").read_text(encoding="utf-8")
    run = CoreRun(compiled(text), catalogue, trace.zone, repacks=repacks)

    if trace.disorder is None:
        until = trace.until or max(line.at for line in lines) + 60 * DAY
        found = list(phases_of_lines(run, lines, until=until))
        wanted = list(oracle_lines(trace.rule, catalogue, trace.zone, lines, until=until))
    else:
        events = [line.event for line in lines]
        found = list(phases_of_file(run, events, disorder=trace.disorder))
        wanted = list(oracle_file(trace.rule, catalogue, trace.zone, events, disorder=trace.disorder))

    assert found == wanted
