"""Every panel of every dashboard speaks: asked on six hours that the product lived through, each answers as it promises."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from deploy.monitoring.dashboards import DASHBOARDS
from deploy.monitoring.drawing import Panel
from deploy.monitoring.generate import RULES
from tests.slow.lived_hours import samples
from tests.slow.real_prometheus import ask, prometheus, run

RECORDED = {rule.record: rule.expr for rule in RULES if rule.record is not None}
RECORD = re.compile(r"tellfirst:[a-z0-9_]+:[a-z0-9_]+(\[\w+\])?")
LEGEND_LABEL = re.compile(r"\{\{(\w+)\}\}")
EVERY_SECONDS = 300
PANELS = [panel for board in DASHBOARDS for panel in board.panels]


@dataclass(frozen=True)
class Hours:
    address: str
    begin: float
    end: float


@pytest.fixture(scope="module")
def hours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hours]:
    folder = tmp_path_factory.mktemp("hours")
    text, begin, end = samples(folder, seed=1)
    (folder / "samples.txt").write_text(text)
    run("promtool", "tsdb", "create-blocks-from", "openmetrics", str(folder / "samples.txt"), str(folder / "data"))
    config = folder / "prometheus.yaml"
    config.write_text("global: {}\n")
    with prometheus(config, data=folder / "data") as address:
        yield Hours(address, begin, end)


def in_full(expr: str) -> str:
    """Return an expression with what is recorded in the place of its name, since nothing was recorded in those hours."""

    def spelt_out(found: re.Match[str]) -> str:
        name, span = found[0].partition("[")[0], found[1]
        inner = in_full(RECORDED[name])
        return f"({inner})" if span is None else f"({inner}){span[:-1]}:]"

    return RECORD.sub(spelt_out, expr).replace("$__rate_interval", "10m")


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
def test_a_panel_answers(panel: Panel, hours: Hours) -> None:
    """A share of nothing is no number: of several curves one at least must have some."""
    numbers: list[float] = []
    for legend, expr in panel.queries.items():
        series = ask(hours.address, in_full(expr), start=hours.begin, end=hours.end, step=EVERY_SECONDS)
        numbers += [float(value) for each in series for _, value in each["values"]]

        assert panel.often_empty or series, f"{expr} answers nothing"
        assert all(set(LEGEND_LABEL.findall(legend)) <= each["metric"].keys() for each in series), f"{legend} names no label"
    assert panel.often_empty or any(map(math.isfinite, numbers))


def test_most_panels_that_may_be_empty_are_not_in_those_hours(hours: Hours) -> None:
    often_empty = [panel for panel in PANELS if panel.often_empty]
    full = [
        panel
        for panel in often_empty
        if any(ask(hours.address, in_full(expr), start=hours.begin, end=hours.end, step=60) for expr in panel.queries.values())
    ]

    assert len(full) > len(often_empty) * 2 / 3, [panel.title for panel in often_empty if panel not in full]


def test_problems_that_the_hours_brought_are_seen(hours: Hours) -> None:
    opened = 'sum(increase(tellfirst_problems_total{phase="opened"}[6h]))'
    told = 'sum(increase(tellfirst_notices_total{answer="told"}[6h]))'

    for expr in (opened, told):
        (series,) = ask(hours.address, expr, start=hours.end, end=hours.end, step=60)
        assert float(series["values"][-1][1]) > 0
