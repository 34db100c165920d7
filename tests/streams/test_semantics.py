"""The traces of tests/semantics, each run on the real core, store and courier: what the rule language means, line by line."""

import shutil
from pathlib import Path

import pytest

from rules.errors import Faulty
from streams.project import load_project
from streams.rule_tests import TestResult, run_rule_tests

SEMANTICS = Path(__file__).parent.parent / "semantics"
BESIDE = ("events.yaml", "choices.yaml")
TRACES = [path for path in sorted(SEMANTICS.glob("*.yaml")) if path.name not in BESIDE]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[TestResult]]:
    """Run all traces as the rules of one project, by the name of their rule."""
    project = tmp_path_factory.mktemp("traces")
    rules = project / "rules"
    rules.mkdir()
    for path in SEMANTICS.glob("*.yaml"):
        shutil.copy(path, project if path.name in BESIDE else rules)
    try:
        loaded = load_project(project)
    except Faulty as faulty:
        pytest.fail(str(faulty))
    found: dict[str, list[TestResult]] = {}
    for result in run_rule_tests(loaded):
        found.setdefault(result.rule, []).append(result)
    return found


@pytest.mark.parametrize("name", [path.stem for path in TRACES])
def test_a_trace_happens_as_it_is_written(name: str, results: dict[str, list[TestResult]]) -> None:
    differences = [f"{result.name}\n{result.difference}" for result in results[name] if not result.passed]

    assert not differences, "\n\n".join(differences)
