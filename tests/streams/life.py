"""The live runtime with its courier and its metrics, under a clock that the test holds."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from contracts.times import MINUTE
from storage.sqlite import open_memory
from streams.batch import Core
from streams.breaker import Breaker
from streams.embedded import Embedded, Source
from streams.intake import Intake
from streams.metrics import Metrics
from streams.replay import speak_from_the_first_event
from streams.telling import Reach, asking, courier_of
from streams.watermark import LiveWatermark
from tellfirst.run.running import Running
from tests.streams.shop import a_shop


class Life:
    """A shop with the shipped rules, all live. letters: what arrives, and when; only `until` moves the clock."""

    def __init__(self, folder: Path, letters: Iterable[tuple[int, bytes]]) -> None:
        project, store = a_shop(folder), open_memory()
        speak_from_the_first_event(store, project.ruleset.rules)
        self._letters = deque(letters)
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
        self._part = Running(
            self._runtime,
            store,
            self._metrics,
            feeds={},
            stays=True,
            mappings=(),
            clock=lambda: self.now,
            resting=dict,
            at_the_end=lambda: asyncio.sleep(0),
        )

    async def until(self, moment: int, *, each_minute: Callable[[], None] = lambda: None) -> None:
        """Take in what arrives until then, and tell what is due; look at it each minute."""
        while self.now < moment:
            self.now += MINUTE
            while self._letters and self._letters[0][0] <= self.now:
                self._runtime.submit("http", [self._letters.popleft()[1]])
            self._runtime.step()
            if (due := self._store.next_ask()) is not None and due <= self.now:
                await self._ask(self.now)
            self._metrics.loop_woke(0.001)
            each_minute()

    def scraped(self) -> Iterator[Metric]:
        ready = {name: reason is None for name, reason in self._part.checks().items()}
        self._metrics.show_process(ready=ready, draining=False)
        self._part.show()
        yield from text_string_to_metric_families(self._metrics.text().decode())
