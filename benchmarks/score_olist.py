"""Exported notices and outcomes of the same orders come in; the shares of preceded complaints and of needless worries go out.

Used by hand: python benchmarks/score_olist.py NOTICES OUTCOMES EVENTS (JSON Lines, plain or .zst).
"""

import argparse
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import zstandard

AHEAD = timedelta(hours=24)


@dataclass(frozen=True)
class Score:
    """complaints, preceded: weighted, the latter told about at least 24 h before. in_time: of the orders told, those in time."""

    complaints: float
    preceded: float
    told: int
    in_time: int

    def __str__(self) -> str:
        preceded, in_time = share(self.preceded, self.complaints), share(self.in_time, self.told)
        return (
            f"complaints preceded by a notice: {self.preceded:.1f} of {self.complaints:.1f} weighted ({preceded:.2%})\n"
            f"orders told about that arrived in time: {self.in_time} of {self.told} ({in_time:.2%})"
        )


def share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        plain = zstandard.ZstdDecompressor().stream_reader(file) if path.suffix == ".zst" else file
        yield from map(json.loads, io.TextIOWrapper(plain, encoding="utf-8"))


def first_told(notices: Path) -> dict[str, datetime]:
    """Return, for every order that was told about, when its customer first heard."""
    told: dict[str, datetime] = {}
    for notice in lines(notices):
        if notice["answer"] == "told":
            order, sent_at = notice["case"].removeprefix("order/"), datetime.fromisoformat(notice["sent_at"])
            told[order] = min(sent_at, told.get(order, sent_at))
    return told


def delivered_in_time(events: Path) -> set[str]:
    """Return the orders that were delivered before the end of the promised day."""
    promised: dict[str, datetime] = {}
    delivered: dict[str, datetime] = {}
    for event in lines(events):
        if event["type"] == "delivery.promised":
            promised[event["order_id"]] = datetime.fromisoformat(event["data"]["promised_by"])
        elif event["type"] == "delivery.delivered":
            delivered[event["order_id"]] = datetime.fromisoformat(event["time"])
    return {order for order, arrival in delivered.items() if arrival < promised[order]}


def score(told: Mapping[str, datetime], outcomes: Path, in_time: set[str]) -> Score:
    complaints = preceded = 0.0
    for event in lines(outcomes):
        outcome = event["data"]
        if event["type"] == "order.outcome" and outcome["complaint"]:
            complaints += outcome["weight"]
            sent_at = told.get(event["order_id"])
            if sent_at and sent_at <= datetime.fromisoformat(outcome["complaint_at"]) - AHEAD:
                preceded += outcome["weight"]
    return Score(complaints, preceded, len(told), len(in_time & told.keys()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("notices", "outcomes", "events"):
        parser.add_argument(name, type=Path)
    files = parser.parse_args()
    print(score(first_told(files.notices), files.outcomes, delivered_in_time(files.events)))


if __name__ == "__main__":
    main()
