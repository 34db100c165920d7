"""What is stated is what was measured: the ratios follow from the figures, the page and its plots from the results."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.contestants.names import TITLES
from benchmarks.drawings import plots
from benchmarks.places import PLOTS, RESULTS, ROOT
from benchmarks.ratios import RATIOS, is_met, limits_of, ratios_of
from benchmarks.series import SERIES
from benchmarks.tables import BEGIN, END, into_page, tables

PAGE = ROOT / "docs" / "performance.md"


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return read


def test_a_ratio_is_of_two_figures_and_of_none_where_one_is_missing() -> None:
    figures = {"stream": {"core20": {"ns": 2_000.0}, "decode": {"ns": 500.0}}}

    ratios = ratios_of(figures)

    assert ratios["core20_over_decode"] == 4
    assert ratios["esper_over_core20"] is None
    assert set(ratios) == set(RATIOS)


def test_a_wish_is_met_on_its_own_side() -> None:
    assert is_met(4.9, "<= 5")
    assert not is_met(5.1, "<= 5")
    assert is_met(1.5, ">= 1.5")
    assert not is_met(1.4, ">= 1.5")


def test_the_stated_ratios_follow_from_the_figures(results: dict[str, Any]) -> None:
    assert results["ratios"] == ratios_of(results["figures"])
    assert results["limits"] == limits_of(results["figures"])


def test_what_was_measured_later_is_named_with_its_commit(results: dict[str, Any]) -> None:
    text = tables(results | {"later": {"memory": "abc1234"}})

    assert f"| {SERIES['memory'].title} | abc1234 |" in text


def test_whatever_has_no_figure_has_a_reason(results: dict[str, Any]) -> None:
    stream, series = results["figures"]["stream"], results["figures"]["series"]
    measured = {*stream, *(f"{name}.{size}" for name, points in series.items() for size in points)}
    wanted = {*TITLES, *(f"{name}.{size}" for name in SERIES for size in (*SERIES[name].sizes, *SERIES[name].capped))}

    assert wanted - measured == set(results["missing"])


def test_the_page_and_its_plots_show_the_results(results: dict[str, Any]) -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert text.split(BEGIN)[1].split(END)[0].strip() == tables(results).strip()
    assert {path.name: path.read_text(encoding="utf-8") for path in PLOTS.glob("*.svg")} == plots(results)


def test_new_results_take_the_place_of_the_old_ones(results: dict[str, Any], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")

    into_page(page, results)
    into_page(page, results)

    assert page.read_text(encoding="utf-8") == f"before\n{BEGIN}\n{tables(results)}{END}\nafter\n"
