"""Each safeguard is taken out, here and nowhere else, and the simulator finds out what it was good for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from contracts.message import Attempt, Outcome, Posted
from contracts.problem import Facts
from contracts.tell import RuleTelling
from contracts.telling import Heard, ProblemNow
from notifiers import corrections, gates
from notifiers.channels import Channel, Desk, Reply
from notifiers.corrections import Outdated
from notifiers.courier import asking
from notifiers.courier.letters import Sealed
from notifiers.courier.promising import Reached
from notifiers.courier.sending import Sending
from rules.compiler import compile_rules
from rules.generating import remembering
from storage import courier_writes
from storage.questions import POSITION, Questions
from storage.records import SourcePosition
from storage.sql_store import SqlTransaction
from storage.sqlite import SqliteStore
from storage.store import Store
from streams import noticing
from streams.batch import Core
from streams.simulator import House, simulate
from streams.simulator.channel_checks import UNANSWERED
from streams.simulator.house import Rounds, new_courier, project
from streams.telling import Sight
from streams.watermark import LiveWatermark

MOST_SEEDS = 300
ACCEPTED = "SELECT COUNT(*) FROM attempts JOIN messages USING (message) WHERE notice = ? AND outcome = 'accepted'"


def breaks(check: str, house: House | None = None) -> bool:
    """Return whether any of the first seeds breaks a check."""
    runs = (simulate(seed, house=house or House()) for seed in range(MOST_SEEDS))
    return any(violation.check == check for run in runs for violation in run.violations)


def a_store_whose(transaction: type[SqlTransaction]) -> Callable[[Any], SqliteStore]:
    class Unguarded(SqliteStore):
        @contextmanager
        def transaction(self) -> Iterator[SqlTransaction]:
            with self.session.transaction():
                yield transaction(self.session)

    return Unguarded


def test_without_the_claims_fence_somebody_is_told_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANSWER", "BEGIN", "ACCEPT"):
        fenced = getattr(courier_writes, name)
        monkeypatch.setattr(courier_writes, name, fenced.replace("claim = ?", "claim >= 0 * ?"))

    assert breaks("never twice")


def test_without_the_position_check_records_are_taken_twice() -> None:
    class Unfenced(SqlTransaction):
        def move_position(self, position: SourcePosition, *, expected: int) -> None:
            self.session.change(
                f"INSERT OR REPLACE INTO sources ({POSITION.columns}) VALUES ({POSITION.marks})", *POSITION.row(position)
            )

    assert breaks("records balance", House(store=a_store_whose(Unfenced)))


def test_without_hashes_in_windows_a_repeat_counts_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "enters_again", lambda feed: "False")
    rules = compile_rules(project().rules, project().catalogue)

    assert breaks("same problems", House(core=lambda store: Core(rules, store)))


def without(monkeypatch: pytest.MonkeyPatch, gate: gates.Gate) -> None:
    monkeypatch.setattr(gates, "GATES", tuple(each for each in gates.GATES if each is not gate))


def test_without_the_last_look_somebody_is_told_what_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, gates.still_open)

    assert breaks("still true")


def test_without_caught_up_somebody_is_told_what_a_waiting_record_refutes(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, gates.caught_up)

    assert breaks("nothing refuted")


def test_without_w_absences_are_found_that_are_none() -> None:
    class ClockOnly(LiveWatermark):
        def look(self, now: int, *, read_to: int | None = None) -> None:
            self.w = max(now, self.w or 0)

    assert breaks("same problems", House(mark=lambda stored: ClockOnly(state=stored)))


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

    assert breaks("promises balance")


def couriers_with(*, channel: Callable[[Channel], Channel]) -> House:
    """Return a house whose couriers have something else in the place of each channel."""

    def courier(store: Store, channels: Mapping[str, Channel], desk: Desk, sight: Sight) -> Rounds:
        return new_courier(store, {word: channel(each) for word, each in channels.items()}, desk, sight)

    return House(courier=courier)


def test_a_fallback_after_a_try_without_an_answer_tells_twice_where_that_is_worse_than_never() -> None:
    class Forgetful:
        """A channel that takes no answer for a no."""

        at_most_once = False

        def __init__(self, channel: Channel) -> None:
            self._channel, self.name = channel, channel.name

        async def send(self, message: Posted) -> Reply:
            reply = await self._channel.send(message)
            return Reply(Outcome.REFUSED) if reply.outcome is Outcome.AMBIGUOUS else reply

    assert breaks("once over all", couriers_with(channel=Forgetful))


def test_a_retry_that_does_not_look_at_tries_without_an_answer_tells_twice() -> None:
    class Forgetful(SqliteStore):
        def attempts(self, message: str) -> Sequence[Attempt]:
            return [attempt for attempt in super().attempts(message) if attempt.outcome not in UNANSWERED]

    assert breaks("never twice", House(store=Forgetful))


def test_a_correction_to_all_reaches_who_was_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def of_all(problem: ProblemNow, heard: Sequence[Heard], facts: Facts, telling: RuleTelling) -> Mapping[str, Outdated]:
        found = corrections.outdated(problem, heard, facts, telling)
        return {customer: each for each in found.values() for customer in ("C1", "C2", "C3")}

    for asks in (noticing, asking):
        monkeypatch.setattr(asks, "outdated", of_all)

    assert breaks("corrected once")


def test_a_correction_that_forgets_a_try_without_an_answer_is_sent_again_after_a_crash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def only_answered(store: Questions, cases: Sequence[str]) -> Mapping[str, Sequence[Heard]]:
        return {
            case: [each for each in heard if store.session.value(ACCEPTED, each.notice)]
            for case, heard in hearing(store, cases).items()
        }

    hearing = Questions.heard_on_each
    monkeypatch.setattr(Questions, "heard_on_each", only_answered)

    assert breaks("corrected once")
