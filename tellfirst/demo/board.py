"""What is known so far while the demo runs: the clock of the story, what was read, found and told, and the newest message."""

from collections import Counter
from collections.abc import Callable
from zoneinfo import ZoneInfo

from contracts.message import Message
from storage.store import Store
from streams.batch import Committed
from streams.shop.days import STARTS
from tellfirst import clock
from tellfirst.demo.ledger import told_of

SHOWN_SECONDS = 0.9


class Board:
    """problems: by rule; newest: a message with a story to it, which stays long enough to be read. elapsed: in seconds.

    pause: how long the story stands still after each message, in seconds, so that one can follow.
    """

    pause = 0.0

    def __init__(self, elapsed: Callable[[], float] = clock.elapsed) -> None:
        self.zone, self.clock = ZoneInfo("UTC"), STARTS
        self.records, self.total, self.messages = 0, 1, 0
        self.problems: Counter[str] = Counter()
        self.customers: set[str] = set()
        self.newest: Message | None = None
        self._elapsed = elapsed
        self._heard: Callable[[int], int] = lambda number: STARTS
        self._shown_since = 0.0

    def begins(self, heard: Callable[[int], int], total: int, zone: ZoneInfo) -> None:
        """heard: when the record of a number reached us; total: how many there are."""
        self._heard, self.total, self.zone = heard, total, zone

    def read(self, records: int) -> None:
        self.records = records
        self.clock = max(self.clock, self._heard(records))

    def found(self, committed: Committed) -> None:
        for (rule, phase), number in committed.counts.phases.items():
            if phase == "opened":
                self.problems[rule] += number

    def told(self, message: Message) -> None:
        self.messages += 1
        self.customers.add(message.customer)
        self.clock = max(self.clock, message.composed_at)
        now = self._elapsed()
        if self.newest is None or ("doing" in message.sections and now - self._shown_since >= SHOWN_SECONDS):
            self.newest, self._shown_since = message, now

    def ends(self, store: Store) -> None:
        """At the end the store has the last word."""
        told, _ = told_of(store)
        phases = store.counts()["problems"]
        self.customers, self.messages = {line["customer"] for line in told}, len(told)
        self.problems = Counter({rule: numbers.get("opened", 0) for rule, numbers in phases.items()})
