"""A tellfirst that lives through days of a shop within seconds, under a clock of ours, and what it showed in the last hours."""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from prometheus_client import Metric

from contracts.times import DAY, HOUR, MINUTE, SECOND, parse_instant
from storage.sqlite import open_memory
from streams.batch import Core
from streams.breaker import Breaker
from streams.embedded import Embedded, Source
from streams.generator import generate
from streams.intake import Intake
from streams.metrics import Metrics
from streams.replay import speak_from_the_first_event
from streams.telling import Reach, asking, courier_of
from streams.watermark import LiveWatermark
from tellfirst.showing import Showing
from tests.streams.shop import a_shop

TIME = re.compile(rb'"time":"([^"]+)"')
SCRAPED = 'instance="127.0.0.1:8787",job="tellfirst"'
LONGEST_STEP = HOUR
BEFORE, SHOWN = 2 * DAY, 6 * HOUR


class Life:
    """The live runtime, its courier and its metrics, on a clock that only `until` moves."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        project, store = a_shop(folder), open_memory()
        speak_from_the_first_event(store, project.ruleset.rules)
        self._letters = list(arrivals(seed))
        self.now = self.began = self._letters[0][0]
        self._metrics = Metrics(rules=project.ruleset.rules, sources=["http"], channels=["email", "push", "sms"], version="1")
        intakes = {None: Intake(project.catalogue, source="http", zone=project.settings.zone)}
        sight = lambda case: self._runtime.sight(case)  # noqa: E731
        courier = courier_of(project, project.ruleset, store, Reach(), sight=sight, says_when_late=True)
        self._store, self._ask = store, asking(courier, self._metrics.told)
        self._runtime = Embedded(
            Core(project.ruleset, store, breaker=Breaker(store)),
            store,
            self._ask,
            sources=[Source("http", intakes, LiveWatermark())],
            clock=lambda: self.now,
            on_commit=lambda committed, arrived: self._metrics.committed(committed, now=self.now, arrived=arrived),
        )
        self._showing = Showing(
            self._runtime,
            store,
            self._metrics,
            checks=lambda: dict.fromkeys(("store", "source", "rules", "outbox")),
            resting=dict,
            clock=lambda: self.now,
        )

    async def until(self, moment: int, *, each_minute: Callable[[], None] = lambda: None) -> None:
        """Take in what arrives until then, and tell what is due; look at it each minute."""
        while self.now < moment:
            self.now += MINUTE
            while self._letters and self._letters[0][0] <= self.now:
                self._runtime.submit("http", [self._letters.pop(0)[1]])
            self._runtime.step()
            if (due := self._store.next_ask()) is not None and due <= self.now:
                await self._ask(self.now)
            self._metrics.loop_woke(0.001)
            each_minute()

    def scraped(self) -> Iterator[Metric]:
        self._showing.text()
        yield from self._metrics.registry.collect()


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
    life = Life(folder, seed=seed)

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
