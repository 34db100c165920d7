"""tellfirst's worker beside stock Faust with a table, on one broker: python -m benchmarks.kafka [--rounds N] [--orders N]."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import msgspec

from benchmarks.kafka.racing import Race, race_of_ours, race_of_stock
from benchmarks.kafka.town import Town, town
from benchmarks.kafka.under_load import changes_of_many, waits_of_one
from benchmarks.rounds import say
from benchmarks.workload.life import ACTIVE_AT_MOST
from benchmarks.workload.stream import LENGTH, stream
from contracts.times import DAY
from tellfirst import clock

ORDERS, ROUNDS, OF_STOCK = 30_000, 3, 8


def race(place: Town, events: int, rounds: int) -> Mapping[str, Sequence[Race]]:
    """Let both read what the topic holds, in turns; stock Faust, which takes long, reads an eighth of it."""
    races: dict[str, list[Race]] = {"stock": [], "ours": []}
    for number in range(rounds):
        races["stock"].append(race_of_stock(place, f"stock{number}", events // OF_STOCK))
        races["ours"].append(race_of_ours(place, f"ours{number}", events))
        say(f"round {number + 1} of {rounds}: {races['stock'][-1]} {races['ours'][-1]}")
    return races


def figures(races: Mapping[str, Sequence[Race]]) -> dict[str, float]:
    """Return the medians, and how much more a second tellfirst does, on the clock and of CPU."""
    rate = {name: median(each.events_per_second for each in own) for name, own in races.items()}
    cpu = {name: median(each.cpu_us for each in own) for name, own in races.items()}
    return {
        **{f"{name}_events_per_second": round(each) for name, each in rate.items()},
        **{f"{name}_cpu_us": round(each, 1) for name, each in cpu.items()},
        "clock_ratio": round(rate["ours"] / rate["stock"], 2),
        "cpu_ratio": round(cpu["stock"] / cpu["ours"], 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of which the medians are taken")
    parser.add_argument("--orders", type=int, default=ORDERS, help="of about fourteen events each")
    asked = parser.parse_args()
    records = stream(asked.orders, beginning=clock.now() - LENGTH - ACTIVE_AT_MOST - DAY)
    with TemporaryDirectory() as folder, town(Path(folder) / "race") as place:
        found = figures(race(place, place.fill(records), asked.rounds))
    rate = found["ours_events_per_second"] / 2
    with TemporaryDirectory() as folder, town(Path(folder) / "waits") as place:
        waited = waits_of_one(place, rate)
    with TemporaryDirectory() as folder, town(Path(folder) / "changes") as place:
        stood = changes_of_many(place, rate)
    print(msgspec.json.encode({"race": found, "rate": rate, "waited": waited, "stood": stood}).decode())


if __name__ == "__main__":
    main()
