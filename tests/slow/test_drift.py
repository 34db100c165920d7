"""The stated ratios that are cheap to measure, measured anew: they have not drifted."""

import json
from typing import Any

import pytest

from benchmarks.measuring import over_the_stream, series_of
from benchmarks.places import RESULTS
from benchmarks.ratios import RATIOS, ratios_of

DRIFT = 0.3
ROUNDS = 3
CONTESTANTS = ("decode", "core3", "core20", "pydantic3")
POINTS = {"rules_by_value": (20, 1_000)}


@pytest.mark.measures
@pytest.mark.timeout(1_200)
def test_no_cheap_ratio_has_drifted_by_more_than_three_tenths() -> None:
    stated: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))

    stream, failed = over_the_stream(CONTESTANTS, stated["orders"], ROUNDS)
    series, failed_too = series_of(POINTS, ROUNDS)
    anew = {name: value for name, value in ratios_of({"stream": stream, "series": series}).items() if value is not None}

    assert failed | failed_too == {}
    assert set(anew) == {"core20_over_decode", "core3_over_decode", "pydantic_over_core3", "rules1000_over_rules20"}
    drifted = {
        name: f"stated {stated['ratios'][name]}, now {value}, wanted {RATIOS[name].wanted}"
        for name, value in anew.items()
        if not 1 / (1 + DRIFT) <= value / stated["ratios"][name] <= 1 + DRIFT
    }
    assert drifted == {}, "measure everything anew with make bench, and see what has changed"
