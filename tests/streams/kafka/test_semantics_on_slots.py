"""The traces of tests/semantics on slots: the rules mean the same there, also where an event reaches a case as a copy.

On real brokers: tests/slow/test_real_kafka_semantics.py.
"""

import asyncio
from contextlib import closing

import pytest

from streams.project import Project
from tests.streams.kafka.trials import LIVE, OnSlots, TrialOnSlots
from tests.streams.traces import TRACES, project_of_traces


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return project_of_traces(tmp_path_factory.mktemp("traces"))


def traces() -> list[object]:
    return [pytest.param(name, marks=pytest.mark.xfail(reason=LIVE[name])) if name in LIVE else name for name in TRACES]


@pytest.mark.parametrize("name", traces())
def test_a_trace_happens_as_it_is_written(name: str, project: Project) -> None:
    rule = next(each for each in project.rules if each.name == name)
    for test in rule.tests:
        with closing(TrialOnSlots(project, rule, test, slots=OnSlots)) as trial:
            assert asyncio.run(trial.difference()) is None, test.name
