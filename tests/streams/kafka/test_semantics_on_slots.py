"""The traces of tests/semantics on slots: the rules mean the same there, also where an event reaches a case as a copy."""

import asyncio
from collections.abc import Sequence
from contextlib import closing

import pytest

from rules.model import Line
from streams.lines import Happened, difference
from streams.project import Project
from tests.streams.kafka.trials import TrialOnSlots
from tests.streams.traces import TRACES, project_of_traces

LIVE = {"a-time-ahead-is-kept-in-tests": "in a live run a time more than five minutes ahead is a dead letter (S4)"}
OF_SEVERAL_SLOTS = {"one-move-of-w-fires-by-due-then-case"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return project_of_traces(tmp_path_factory.mktemp("traces"))


def traces() -> list[object]:
    return [pytest.param(name, marks=pytest.mark.xfail(reason=LIVE[name])) if name in LIVE else name for name in TRACES]


@pytest.mark.parametrize("name", traces())
def test_a_trace_happens_as_it_is_written(name: str, project: Project) -> None:
    rule = next(each for each in project.rules if each.name == name)
    for test in rule.tests:
        with closing(TrialOnSlots(project, rule, test)) as trial:
            asyncio.run(trial.run())

            happened = in_order_of(test.then, trial.happened) if name in OF_SEVERAL_SLOTS else trial.happened
            assert difference(test.then, happened, start=test.start) is None, test.name


def in_order_of(lines: Sequence[Line], happened: Sequence[Happened]) -> list[Happened]:
    """What becomes due at one moment in several slots is found slot by slot; put it in the order of the lines."""
    cases = [line.words.get("case") for line in lines]
    return sorted(happened, key=lambda each: (each.found, cases.index(each.margins["case"])))
