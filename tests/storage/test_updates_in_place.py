"""In PostgreSQL an event changes the row of its case in its place: no index is touched, although its due time moves."""

from contextlib import closing
from random import Random

from msgspec.structs import replace

from storage.postgres import PostgresStore, open_postgres
from storage.records import CaseRow
from tests.storage.builders import a_case

CASES, BATCH, BATCHES = 8_000, 200, 60
UPDATES = """
    SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables
    WHERE relname = 'cases' AND schemaname = current_schema() AND n_tup_upd >= ?"""


def save(store: PostgresStore, rows: list[CaseRow]) -> None:
    with store.transaction() as tx:
        tx.save_cases(rows)


def updates(store: PostgresStore, expected: int) -> tuple[int, int]:
    """Return how many rows were changed, and of how many the place stayed; the server counts a moment later."""
    for _ in range(100):
        if found := store.session.rows(UPDATES, expected):
            return found[0][0], found[0][1]
        store.session.rows("SELECT pg_sleep(0.1)")
    raise AssertionError("the server never counted")


def test_nearly_all_changes_of_cases_stay_in_their_place(schema: str) -> None:
    chance = Random(1)
    with closing(open_postgres(schema)) as store:
        store.session.change("SET synchronous_commit = off")
        cases = [replace(a_case(f"parcel/P{number}"), memory=b"m" * 300, ripe_at=number) for number in range(CASES)]
        save(store, cases)

        for batch in range(1, BATCHES + 1):
            changed = chance.sample(cases, BATCH)
            save(store, [replace(case, memory=b"m" * (300 + batch), ripe_at=CASES + batch) for case in changed])

        total, in_place = updates(store, BATCH * BATCHES)
        assert in_place / total > 0.95
