"""What a scrape of /metrics gets: the counts so far, and how runtime and store stand at this moment."""

from collections.abc import Callable, Mapping

from contracts.times import MINUTE
from storage.store import Store
from streams.embedded import Embedded
from streams.metrics import Metrics


class ShowingStore:
    """What a scrape sees of the store. Counting in it reads much, so it is done once a minute at most."""

    def __init__(self, store: Store, metrics: Metrics, *, clock: Callable[[], int]) -> None:
        self._store, self._metrics, self._clock = store, metrics, clock
        self._counted_at = 0

    def show(self) -> None:
        now, due = self._clock(), self._store.next_ask()
        self._metrics.show_outbox(due if due is not None and due <= now else None)
        self._metrics.show_rules(self._store.rule_states().values())
        if now - self._counted_at >= MINUTE:
            self._counted_at = now
            self._metrics.show_figures(self._store.figures(now))


class Showing:
    """checks: why a part is not ready, by the part; None where it is. resting: which providers are left alone for now."""

    def __init__(
        self,
        runtime: Embedded,
        store: Store,
        metrics: Metrics,
        *,
        checks: Callable[[], Mapping[str, str | None]],
        resting: Callable[[], Mapping[str, bool]],
        clock: Callable[[], int],
    ) -> None:
        self._runtime, self._metrics = runtime, metrics
        self._checks, self._resting, self._clock = checks, resting, clock
        self._of_store = ShowingStore(store, metrics, clock=clock)

    def text(self) -> bytes:
        now = self._clock()
        inbox, checks = self._runtime.inbox, self._checks()
        ready = {name: reason is None for name, reason in checks.items()}
        self._metrics.show_process(ready=ready, draining=inbox.draining)
        self._metrics.show_waiting(inbox.waiting)
        self._metrics.show_cached(self._runtime.cases_cached)
        self._metrics.show_sources({name: source.mark for name, source in self._runtime.sources.items()}, now=now)
        self._metrics.show_resting(self._resting())
        if checks["store"] is None:
            self._of_store.show()
        return self._metrics.text()
