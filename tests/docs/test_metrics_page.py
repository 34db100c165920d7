"""The page of metrics shows the catalogue as it is, and the page of monitoring the files that there are."""

import re
from pathlib import Path

from deploy.monitoring.generate import files
from deploy.monitoring.objectives import OBJECTIVES
from docs.render_metrics import PAGE, alerts_on, page
from streams.metrics.catalogue import BREAKER_OPEN, CATALOGUE, SOURCE_DELAY

MONITORING = (PAGE.parent / "monitoring.md").read_text(encoding="utf-8")


def test_the_page_is_up_to_date() -> None:
    assert page() == PAGE.read_text(encoding="utf-8"), "make it anew: make monitoring"


def test_every_metric_has_a_row() -> None:
    shown = PAGE.read_text(encoding="utf-8")

    assert [metric.name for metric in CATALOGUE if f"| `{metric.name}` |" not in shown] == []


def test_a_metric_names_the_alerts_that_use_it_also_by_a_recorded_expression() -> None:
    assert alerts_on(BREAKER_OPEN) == ["BreakerOpen"]
    assert alerts_on(SOURCE_DELAY) == ["FreshnessBudgetBurn", "WatermarkStalled"]


def test_the_page_of_monitoring_names_the_files_that_there_are() -> None:
    named = set(re.findall(r"^\| `([^`]+)` \|", MONITORING, re.MULTILINE))
    made = {path for path, _ in files()}

    assert {path for path in made if not any(Path(path).match(name) or path.startswith(name) for name in named)} == set()
    assert {name for name in named if not any(Path(path).match(name) or path.startswith(name) for path in made)} == set()


def test_the_page_of_monitoring_says_what_is_promised() -> None:
    said = dict(re.findall(r"^\| (\w+) \| ([\d.]+) %", MONITORING, re.MULTILINE))

    assert {name: round(1 - float(percent) / 100, 6) for name, percent in said.items()} == {
        objective.name.lower(): objective.share for objective in OBJECTIVES
    }
