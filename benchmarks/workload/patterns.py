"""Rule sets of any size, and events for them: how the cost of an event grows with rules that concern it, and that do not.

by value: twenty rules for each of n / 20 places; an event is of one place, so as many rules concern it as with 20 rules.
by type: the same, but each twenty have an event type of their own.
all: every rule concerns every event.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.places import EVENTS
from benchmarks.workload.life import Happened
from benchmarks.workload.stream import BEGINNING, event
from contracts.times import MINUTE

GROUP = 20
PATTERNS = ("by_value", "by_type", "all")
SCANNED = "parcel.scanned"
MEAN_WEIGHT = 4


def detectors(pattern: str, rules: int) -> dict[str, str]:
    """Return so many rules, as name to detector."""
    return {f"rule-{number:05d}": _detector(pattern, number, rules) for number in range(rules)}


def _detector(pattern: str, number: int, rules: int) -> str:
    group, place = number % GROUP, number // GROUP
    match pattern:
        case "by_value":
            return f'when: place == "P{place}" and weight >= {20 + group}'
        case "by_type":
            return f"when: weight{place} >= {20 + group}"
        case _:
            return f"when: weight >= {20 + 20 * number / rules:.4f}"


def write_events(folder: Path, pattern: str, rules: int) -> Path:
    """Write the event types that these rules read."""
    text = EVENTS.read_text(encoding="utf-8")
    found = re.search(r"  parcel\.scanned:\n(?:    .*\n)+", text)
    assert found is not None
    if pattern == "by_type":
        text += "".join(found[0].replace("parcel", f"parcel{place}", 1) for place in range(_groups(rules)))
    (folder / "types.yaml").write_text(text, encoding="utf-8")
    return folder / "types.yaml"


def placed(orders: int) -> Iterator[bytes]:
    """Yield the placing of so many orders, within the same minute."""
    chance = Random(1)
    for order in range(orders):
        data = {"amount": 40.0, "items": 2, "country": "DE", "currency": "EUR", "address": "Hill Street 7"}
        yield event(chance, order, 0, BEGINNING + order * MINUTE // orders, Happened(0, "order.placed", data))


def scans(pattern: str, rules: int, orders: int, count: int) -> Iterator[bytes]:
    """Yield so many scans of orders drawn by chance, spread evenly over the groups of rules."""
    chance = Random(2)
    for number in range(count):
        place = chance.randrange(_groups(rules))
        name = f"parcel{place}.scanned" if pattern == "by_type" else SCANNED
        data = {"place": f"P{place}", "weight": round(chance.expovariate(1 / MEAN_WEIGHT), 2), "scanner": "hand-held"}
        after = MINUTE + number * MINUTE // count
        yield event(chance, chance.randrange(orders), 1 + number, BEGINNING, Happened(after, name, data))


def _groups(rules: int) -> int:
    return max(rules // GROUP, 1)
