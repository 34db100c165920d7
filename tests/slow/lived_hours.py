"""A tellfirst that lives through days of a shop within seconds, under a clock of ours, and what it showed in the last hours."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

from contracts.times import DAY, HOUR, SECOND, parse_instant
from streams.generator import generate
from tests.streams.life import Life

TIME = re.compile(rb'"time":"([^"]+)"')
SCRAPED = 'instance="127.0.0.1:8787",job="tellfirst"'
LONGEST_STEP = HOUR
BEFORE, SHOWN = 2 * DAY, 6 * HOUR


def arrivals(seed: int) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a week with the moment at which each arrives: never before the one before it."""
    moment = 0
    for line in generate(seed, customers=300):
        found = TIME.search(line)
        time = parse_instant(found[1].decode()) if found is not None else moment
        moment = time if moment < time <= (moment or time) + LONGEST_STEP else moment
        yield moment, line


def samples(folder: Path, *, seed: int) -> tuple[str, float, float]:
    """Return six hours of a week's third day as OpenMetrics, with when they begin and end, in seconds since 1970."""
    families: dict[str, tuple[str, dict[str, list[str]]]] = {}
    life = Life(folder, arrivals(seed))

    def scrape() -> None:
        at = life.now / SECOND
        number = 0
        for family in life.scraped():
            _, lines = families.setdefault(family.name, (family.type, {}))
            for sample in family.samples:
                labels = ",".join([*(f'{name}="{value}"' for name, value in sample.labels.items()), SCRAPED])
                lines.setdefault(f"{sample.name}{{{labels}}}", []).append(f"{sample.value} {at:.3f}")
                number += 1
        for name, value in (("up", 1), ("scrape_samples_post_metric_relabeling", number)):
            _, lines = families.setdefault(name, ("gauge", {}))
            lines.setdefault(f"{name}{{{SCRAPED}}}", []).append(f"{value} {at:.3f}")

    async def live() -> None:
        await life.until(life.began + BEFORE)
        await life.until(life.began + BEFORE + SHOWN, each_minute=scrape)

    asyncio.run(live())
    return as_text(families), (life.now - SHOWN) / SECOND, life.now / SECOND


def as_text(families: dict[str, tuple[str, dict[str, list[str]]]]) -> str:
    parts = []
    for name, (kind, series) in families.items():
        parts.append(f"# TYPE {name} {kind}")
        parts += [f"{which} {value}" for which, values in series.items() for value in values]
    return "\n".join([*parts, "# EOF", ""])
