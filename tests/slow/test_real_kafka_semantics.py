"""The traces of tests/semantics by two workers on a real broker: the rules mean the same there."""

import asyncio
from collections.abc import Iterator
from contextlib import closing

import pytest
from kafka import KafkaProducer

from streams.project import Project
from tests.slow.played import EVERY, Stage
from tests.slow.real_kafka import Broker
from tests.streams.kafka.trials import LIVE, SLOTS
from tests.streams.traces import TRACES, project_of_traces

FETCH_WAIT_MS, FETCH_SECONDS = 2, 0.002


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return project_of_traces(tmp_path_factory.mktemp("traces"))


@pytest.fixture(scope="module")
def theatre(shared_broker: Broker) -> Iterator[tuple[asyncio.Runner, Stage]]:
    """An end is asked for again and again, for a trace waits for nothing else."""
    shared_broker.remove_all()
    for topic in EVERY:
        shared_broker.make(topic, partitions=SLOTS)
    with pytest.MonkeyPatch.context() as patched, asyncio.Runner() as runner:
        patched.setattr("streams.kafka.shell.FETCH_WAIT_MS", FETCH_WAIT_MS)
        patched.setattr("streams.kafka.turning.FETCH_SECONDS", FETCH_SECONDS)
        with closing(KafkaProducer(bootstrap_servers=shared_broker.address)) as producer:
            stage = Stage(shared_broker, producer)
            yield runner, stage
            runner.run(stage.end())


@pytest.mark.parametrize("name", [name for name in TRACES if name not in LIVE])
def test_a_trace_happens_as_it_is_written(name: str, project: Project, theatre: tuple[asyncio.Runner, Stage]) -> None:
    runner, stage = theatre
    rule = next(each for each in project.rules if each.name == name)
    for test in rule.tests:
        assert runner.run(stage.play(project, rule, test)) is None, test.name
