"""The breaker stops a rule that suddenly finds too much, and leaves what is usual alone."""

from contracts.telling import RuleState, Stage
from contracts.times import DAY, MINUTE, parse_instant
from storage.sqlite import SqliteStore, open_memory
from streams.breaker import LEAST, Breaker

NOW = parse_instant("2026-03-12T09:00:00Z") // MINUTE
RULE = "late-parcel"


def a_store() -> SqliteStore:
    store = open_memory()
    with store.transaction() as tx:
        tx.save_rule(RuleState(rule=RULE, stage=Stage.LIVE, live_since=0))
    return store


def tripped(store: SqliteStore, fired: int, *, limit: int | None = None, armed: int = 0, minute: int = NOW) -> list[str]:
    with store.transaction() as tx:
        names = list(Breaker(store, limit=limit).trip(tx, {(RULE, minute): fired}, armed=armed))
        tx.add_fired({(RULE, minute): fired}, part=0)
    return names


def test_above_its_limit_within_ten_minutes_a_rule_is_stopped_once() -> None:
    store = a_store()

    assert tripped(store, 3, limit=5, minute=NOW - 9) == []
    assert tripped(store, 3, limit=5) == [RULE]
    assert store.rule_states()[RULE].breaker_open
    assert tripped(store, 9, limit=5) == []


def test_what_was_found_more_than_ten_minutes_ago_does_not_count() -> None:
    store = a_store()

    assert tripped(store, 5, limit=5, minute=NOW - 10) == []
    assert tripped(store, 5, limit=5) == []


def test_without_a_limit_two_hundred_are_always_allowed() -> None:
    store = a_store()

    assert tripped(store, LEAST) == []
    assert tripped(store, 1) == [RULE]


def test_a_rule_that_usually_finds_much_may_find_ten_times_as_much() -> None:
    store = a_store()
    usual = 50 * 144
    for day in range(1, 8):
        with store.transaction() as tx:
            tx.add_fired({(RULE, NOW - day * DAY // MINUTE + 1): usual}, part=0)

    assert tripped(store, 500) == []
    assert tripped(store, 1) == [RULE]


def test_a_twentieth_of_what_is_armed_may_fire() -> None:
    assert tripped(a_store(), 1_000, armed=20_000) == []
    assert tripped(a_store(), 1_001, armed=20_000) == [RULE]
