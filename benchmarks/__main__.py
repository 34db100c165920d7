"""Measure everything in one run: python -m benchmarks [--quick] [--rounds N] [--only SERIES ...].

It prints the tables, and writes results.json, the plots, and the tables into the page on performance. A quick run takes a few
minutes, measures less, and leaves what is stated alone: it writes under build/.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.contestants.names import TITLES
from benchmarks.drawings import plots
from benchmarks.machine import commit, machine, versions
from benchmarks.measuring import others, over_the_stream, series_of
from benchmarks.peers.getting import get_peers
from benchmarks.places import BUILD, PLOTS, RESULTS, ROOT
from benchmarks.ratios import limits_of, ratios_of
from benchmarks.series import OTHERS, SERIES, left_out, sizes
from benchmarks.tables import STREAM, into_page, tables

ORDERS, QUICK_ORDERS = 20_000, 2_000
ROUNDS, MOST_ROUNDS_OF_SERIES = 5, 3


def measure(rounds: int, *, quick: bool) -> dict[str, Any]:
    """Return all results, as results.json holds them."""
    missing = get_peers()
    orders, few = QUICK_ORDERS if quick else ORDERS, min(rounds, MOST_ROUNDS_OF_SERIES)
    contestants, failed = over_the_stream([name for name in TITLES if name not in missing], orders, rounds)
    points, unmeasured = series_of(sizes(quick=quick), few)
    waits, unanswered = others([*OTHERS], few)
    figures = {"stream": contestants, "series": points, "others": waits}
    return {
        **{"machine": machine(), "versions": versions(), "commit": commit()},
        **{"command": "make bench QUICK=1" if quick else f"make bench ROUNDS={rounds}", "orders": orders, "rounds": rounds},
        **{"ratios": ratios_of(figures), "limits": limits_of(figures), "figures": figures},
        "missing": missing | failed | unmeasured | left_out(quick=quick) | unanswered,
    }


def measure_again(stated: dict[str, Any], only: Sequence[str], rounds: int) -> dict[str, Any]:
    """Return the stated results with some of it measured anew, and what that is."""
    few, sizes_of = min(rounds, MOST_ROUNDS_OF_SERIES), {name: list(SERIES[name].sizes) for name in only if name in SERIES}
    points, failed = series_of(sizes_of, few)
    waits, unmeasured = others([name for name in only if name in OTHERS], few)
    unmeasured |= failed
    was = stated["figures"]
    figures = was | {"series": was["series"] | points, "others": was["others"] | waits}
    if STREAM in only:
        missing = get_peers()
        figures[STREAM], failed = over_the_stream([name for name in TITLES if name not in missing], stated["orders"], rounds)
        unmeasured |= missing | failed
    return stated | {
        **{"ratios": ratios_of(figures), "limits": limits_of(figures), "figures": figures},
        "later": stated.get("later", {}) | dict.fromkeys(only, commit()),
        "missing": {name: why for name, why in stated["missing"].items() if name.partition(".")[0] not in only}
        | unmeasured
        | left_out(quick=False),
    }


def write(results: dict[str, Any], to: Path, plots_to: Path) -> None:
    plots_to.mkdir(parents=True, exist_ok=True)
    to.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n")
    for name, drawing in plots(results).items():
        (plots_to / name).write_text(drawing, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the shape of it")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of which the medians are taken")
    what = [STREAM, *SERIES, *OTHERS]
    parser.add_argument("--only", nargs="+", choices=what, help="measure these anew and leave the rest as it is stated")
    asked = parser.parse_args()
    if asked.only:
        results = measure_again(msgspec.json.decode(RESULTS.read_bytes()), asked.only, asked.rounds)
    else:
        results = measure(1 if asked.quick else asked.rounds, quick=asked.quick)
    if asked.quick:
        write(results, BUILD / "results.json", BUILD / "plots")
    else:
        write(results, RESULTS, PLOTS)
        into_page(ROOT / "docs" / "performance.md", results)
    print(tables(results))


if __name__ == "__main__":
    main()
