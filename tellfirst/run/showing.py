"""How a store stands: what a scrape of /metrics sees of it, and whether what is due is told."""

from collections.abc import Callable

from contracts.times import MINUTE
from storage.store import Store
from streams.metrics import Metrics

OUTBOX_STUCK = 15 * MINUTE


def stuck(due: int | None, now: int) -> str | None:
    """Return why telling is not well, by when the next notice is due."""
    return "what is due to be told has waited for more than 15 minutes" if due is not None and due < now - OUTBOX_STUCK else None


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
