"""Each safeguard is taken out, here and nowhere else, and the simulator finds out what it was good for."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from notifiers import gates
from notifiers.courier.letters import Sealed
from notifiers.courier.promising import Reached
from notifiers.courier.sending import Sending
from rules.compiler import compile_rules
from rules.generating import remembering
from storage import courier_writes
from storage.questions import POSITION
from storage.records import SourcePosition
from storage.sqlite import SqliteStore, SqliteTransaction
from streams.batch import Core
from streams.simulator import House, simulate
from streams.simulator.house import project
from streams.watermark import LiveWatermark

MOST_SEEDS = 300


def first_violation(house: House | None = None) -> set[str]:
    """Return which checks the first seed breaks that breaks any."""
    for seed in range(MOST_SEEDS):
        if violations := simulate(seed, house=house or House()).violations:
            return {violation.check for violation in violations}
    return set()


def a_store_whose(transaction: type[SqliteTransaction]) -> Callable[[Any], SqliteStore]:
    class Unguarded(SqliteStore):
        @contextmanager
        def transaction(self) -> Iterator[SqliteTransaction]:
            with self.session.transaction():
                yield transaction(self.session)

    return Unguarded


def test_without_the_claims_fence_somebody_is_told_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANSWER", "BEGIN", "ACCEPT"):
        fenced = getattr(courier_writes, name)
        monkeypatch.setattr(courier_writes, name, fenced.replace("claim = ?", "claim >= 0 * ?"))

    assert "never twice" in first_violation()


def test_without_the_position_check_records_are_taken_twice() -> None:
    class Unfenced(SqliteTransaction):
        def move_position(self, position: SourcePosition, *, expected: int) -> None:
            self.session.change(
                f"INSERT OR REPLACE INTO sources ({POSITION.columns}) VALUES ({POSITION.marks})", *POSITION.row(position)
            )

    assert "records balance" in first_violation(House(store=a_store_whose(Unfenced)))


def test_without_hashes_in_windows_a_repeat_counts_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "enters_again", lambda feed: "False")
    rules = compile_rules(project().rules, project().catalogue)

    assert "same problems" in first_violation(House(core=lambda store: Core(rules, store)))


def without(monkeypatch: pytest.MonkeyPatch, gate: gates.Gate) -> None:
    monkeypatch.setattr(gates, "GATES", tuple(each for each in gates.GATES if each is not gate))


def test_without_the_last_look_somebody_is_told_what_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, gates.still_open)

    assert "still true" in first_violation()


def test_without_caught_up_somebody_is_told_what_a_waiting_record_refutes(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, gates.caught_up)

    assert "nothing refuted" in first_violation()


def test_without_w_absences_are_found_that_are_none() -> None:
    class ClockOnly(LiveWatermark):
        def look(self, now: int, *, read_to: int | None = None) -> None:
            self._w = max(now, self._w or 0)

    assert "same problems" in first_violation(House(mark=lambda stored: ClockOnly(state=stored)))


def test_a_promise_made_before_the_message_was_sent_is_one_that_nobody_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    hand_over = Sending._hand_over

    async def promise_first(sending: Sending, some: Sequence[Sealed], now: int, happened: Any) -> Any:
        with sending._ledger.transaction() as tx:
            letters = [letter for each in some for letter in each.letters]
            sending._receipts._promising.make(
                tx, [Reached(letter.question, letter.told(), letter.occasion, letter.promise) for letter in letters]
            )
        return await hand_over(sending, some, now, happened)

    monkeypatch.setattr(Sending, "_hand_over", promise_first)

    assert "promises balance" in first_violation()
