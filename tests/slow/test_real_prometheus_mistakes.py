"""Mistakes that anybody may make in what SREs run us by: made in a copy of the repository, whose own tests then find each."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy.dockerfile import ROOT
from tests.slow.real_prometheus import UNPACKED

MONITORING, RUNBOOK = "deploy/monitoring", "docs/runbooks/TellfirstDown.md"
LEFT_OUT = shutil.ignore_patterns(".*", "tools", "build", "dist", "__pycache__", "examples", "images")


@dataclass(frozen=True)
class Mistake:
    """What is written wrongly where, and by which test of which file it is found. wrongly: None for a file that is gone."""

    file: str
    said: str
    wrongly: str | None
    tests: str
    found_by: str


MISTAKES = {
    "a metric renamed": Mistake(
        "streams/metrics/catalogue.py", '"late_events_total"', '"late_event_total"', "tests/deploy/test_monitoring.py",
        "test_an_expression_asks_only_for_what_the_code_exports",
    ),
    "a label misspelt": Mistake(
        f"{MONITORING}/symptoms.py", 'outcome="fenced"', 'outcom="fenced"', "tests/deploy/test_monitoring.py",
        "test_an_expression_asks_only_for_what_the_code_exports",
    ),
    "a threshold moved": Mistake(
        f"{MONITORING}/symptoms.py", "> 900", "> 9000", "tests/slow/test_real_prometheus.py",
        "test_every_alert_fires_when_it_should_and_is_quiet_when_it_only_looks_so",
    ),
    "a runbook removed": Mistake(
        RUNBOOK, "", None, "tests/deploy/test_runbooks.py", "test_every_alert_has_a_runbook_and_every_runbook_an_alert"
    ),
    "an alert without a test": Mistake(
        "tests/deploy/alert_cases.py", 'Case("TellfirstSourceQuiet", "quiet for', 'Case("TellfirstDown", "quiet for',
        "tests/deploy/test_monitoring.py", "test_an_alert_has_a_past_that_fires_it_and_one_that_does_not",
    ),
    "a panel emptied": Mistake(
        f"{MONITORING}/dashboards.py", "max by (rule) (tellfirst_problems_open)", "max by (rule) (tellfirst_problems_open) > 1e9",
        "tests/slow/test_real_prometheus_panels.py", "test_a_panel_answers",
    ),
    "a customer as a label": Mistake(
        "streams/metrics/catalogue.py", '"problems_open", "Problems that are open now", RULE,',
        '"problems_open", "Problems that are open now", RULE, Label(("customer",), None),', "tests/streams/test_metrics.py",
        "test_a_metric_says_what_it_means_in_one_line_and_has_labels_that_end",
    ),
    "root in the image": Mistake(
        "deploy/image/Dockerfile", "USER 65532:65532", "USER 0:0", "tests/deploy/test_image.py", "test_it_is_without_fault"
    ),
    "a misspelt key of compose": Mistake(
        "deploy/compose/compose.yaml", "cap_drop: [ALL]", "cap_dropp: [ALL]", "tests/deploy/test_compose.py",
        "test_it_is_without_fault",
    ),
    "a field that Kubernetes does not have": Mistake(
        "deploy/kubernetes/base/stateful-set.yaml", "fsGroupChangePolicy", "fsGroupChange", "tests/deploy/test_kubernetes.py",
        "test_they_are_without_fault",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy") / "tellfirst"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    shutil.copy(ROOT / ".dockerignore", folder)
    return folder


@pytest.fixture
def made(copy: Path) -> Iterator[Callable[[Mistake], None]]:
    """What makes a mistake in the copy; afterwards the copy is as it was, but for what was generated from it."""
    kept: dict[Path, str] = {}

    def make(mistake: Mistake) -> None:
        file = copy / mistake.file
        kept[file] = text = file.read_text(encoding="utf-8")
        assert mistake.said in text
        file.unlink() if mistake.wrongly is None else file.write_text(
            text.replace(mistake.said, mistake.wrongly), encoding="utf-8"
        )
        run(copy, "-m", "deploy.monitoring.generate")

    yield make
    for file, text in kept.items():
        file.write_text(text, encoding="utf-8")
    run(copy, "-m", "deploy.monitoring.generate")


def run(copy: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(copy), "PATH": f"{UNPACKED}:{os.environ['PATH']}"}
    done = subprocess.run(
        [sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_is_found_by_the_test_that_is_there_for_it(
    mistake: Mistake, copy: Path, made: Callable[[Mistake], None]
) -> None:
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", mistake.tests, "-k", mistake.found_by)
    marks = ("-m", "slow") if "slow" in mistake.tests else ()

    made(mistake)

    assert f"FAILED {mistake.tests}::{mistake.found_by}" in run(copy, *words, *marks)
