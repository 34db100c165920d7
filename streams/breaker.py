"""The breaker: a rule that suddenly finds far more absences than ever is stopped until a person decides."""

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
        for rule, minute in {rule: minute for rule, minute in sorted(fired) if fired[rule, minute]}.items():
            tx.one_at_a_time(f"breaker of {rule}")
            new = sum(count for (other, found), count in fired.items() if other == rule and found > minute - SPAN)
            if self._store.fired_since(rule, minute - SPAN + 1) + new > self._most(rule, minute, armed):
                state = tx.rule_state(rule) or RuleState(rule=rule, stage=Stage.SHADOW, live_since=None)
                if not state.breaker_open:
                    tx.save_rule(replace(state, breaker_open=True))
                    yield rule

    def _most(self, rule: str, minute: int, armed: int) -> float:
        if self._limit is not None:
            return self._limit
        totals = [self._store.fired_since(rule, minute - day * DAY_OF_MINUTES) for day in range(8)]
        usual = median(later - earlier for earlier, later in zip(totals, totals[1:], strict=False)) * SPAN / DAY_OF_MINUTES
        return max(LEAST, 10 * usual, 0.05 * armed)
