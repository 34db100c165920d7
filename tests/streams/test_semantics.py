"""The traces of tests/semantics, each run on the real core, store and courier: what the rule language means, line by line."""

import pytest

from streams.rule_tests import TestResult, run_rule_tests
from tests.streams.traces import TRACES, project_of_traces


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[TestResult]]:
    """Run all traces as the rules of one project, by the name of their rule."""
    found: dict[str, list[TestResult]] = {}
    for result in run_rule_tests(project_of_traces(tmp_path_factory.mktemp("traces"))):
        found.setdefault(result.rule, []).append(result)
    return found


@pytest.mark.parametrize("name", TRACES)
def test_a_trace_happens_as_it_is_written(name: str, results: dict[str, list[TestResult]]) -> None:
    differences = [f"{result.name}\n{result.difference}" for result in results[name] if not result.passed]

    assert not differences, "\n\n".join(differences)
