"""The breaker: a rule that suddenly finds far more absences than ever is stopped until a person decides."""

from collections import Counter
from collections.abc import Iterator, Mapping
from statistics import median

from msgspec.structs import replace

from contracts.telling import RuleState, Stage
from storage.store import Store, Transaction

SPAN = 10
DAY_OF_MINUTES = 24 * 60
LEAST = 200


class Breaker:
    """limit: absences of one rule within 10 minutes above which it trips.

    None: the greatest of 200, ten times the usual of its last 7 days, and 5 % of the armed.
    """

    def __init__(self, store: Store, *, limit: int | None = None) -> None:
        self._store, self._limit = store, limit

    def trip(self, tx: Transaction, fired: Mapping[tuple[str, int], int], *, armed: int) -> Iterator[str]:
        """Stop the rules that found too many with those of this batch; yield their names. fired: by (rule, minute of finding)."""
        newest = {rule: minute for rule, minute in sorted(fired) if fired[rule, minute]}
        if not newest:
            return
        tx.one_at_a_time([f"breaker of {rule}" for rule in newest])
        found = Counter(fired) + Counter(self._store.fired_by_minute(list(newest), since=min(newest.values()) - SPAN + 1))
        for rule, minute in newest.items():
            number = sum(count for (other, at), count in found.items() if other == rule and at > minute - SPAN)
            if self._is_too_many(number, rule, minute, armed):
                state = tx.rule_state(rule) or RuleState(rule=rule, stage=Stage.SHADOW, live_since=None)
                if not state.breaker_open:
                    tx.save_rule(replace(state, breaker_open=True))
                    yield rule

    def _is_too_many(self, number: int, rule: str, minute: int, armed: int) -> bool:
        """What is usual is asked last: that reads a week."""
        if self._limit is not None:
            return number > self._limit
        return number > max(LEAST, 0.05 * armed) and number > 10 * self._usual(rule, minute)

    def _usual(self, rule: str, minute: int) -> float:
        totals = [self._store.fired_since(rule, minute - day * DAY_OF_MINUTES) for day in range(8)]
        return median(later - earlier for earlier, later in zip(totals, totals[1:], strict=False)) * SPAN / DAY_OF_MINUTES
