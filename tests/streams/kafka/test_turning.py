"""The loop of a worker: nothing is applied twice or left out, whatever happens between a claim and a commit."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from storage.errors import Fenced, StoreGone
from streams.kafka.claims import Claim
from streams.kafka.errors import LogMismatch, SameMember, TornSlot
from streams.kafka.fences import Fences
from streams.kafka.rests import LONGEST_SECONDS
from streams.kafka.turning import STRANGE_SECONDS, Turning
from tests.streams.kafka.small_log import TOPICS, CountingSlots, SmallLog

UNTIL_IT_IS_NO_CHANCE = int(STRANGE_SECONDS / LONGEST_SECONDS) + 2
BOTH = [("orders", 0, b"a"), ("usage", 0, b"b")]


@dataclass
class House:
    log: SmallLog = field(default_factory=SmallLog)
    slots: CountingSlots = field(default_factory=CountingSlots)
    lost: list[str] = field(default_factory=list)
    elapsed: float = 0.0
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def __post_init__(self) -> None:
        self.log.give(0)
        self.turning = self.new_turning()

    def new_turning(self) -> Turning:
        return Turning(
            self.slots,
            self.log,
            topics=TOPICS,
            must_be_ours=lambda: asyncio.sleep(0),
            fences=Fences("host-0", lambda: self.elapsed),
            elapsed=lambda: self.elapsed,
            lost=self.lost.append,
        )

    def behind(self) -> None:
        """Have more records than a batch holds."""
        self.slots.most = 1
        self.turning = self.new_turning()
        self.log.write("orders", 0, b"c")

    def turn(self, times: int = 1) -> None:
        """Turn, and let all rests be over before the next."""

        async def turns() -> None:
            for _ in range(times):
                await self.turning.turn()
                self.elapsed += LONGEST_SECONDS

        self.runner.run(turns())

    def rebalance(self, *slots: int) -> None:
        self.turning.cut()
        self.turning.forget()
        self.log.give(*slots)


def once(house: House, what: str, happens: Callable[[], object]) -> None:
    """Have something happen before the next answer to a question, and not again."""

    def first() -> None:
        del house.log.before[what]
        happens()

    house.log.before[what] = first


def fails(error: Exception) -> Callable[[], object]:
    def fail() -> None:
        raise error

    return fail


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    house.log.write("orders", 0, b"a")
    house.log.write("usage", 0, b"b")
    with house.runner:
        yield house


def test_what_was_written_is_applied_once_and_the_end_is_known(house: House) -> None:
    house.log.now = 77
    house.turn(3)

    assert house.slots.applied == BOTH
    assert house.slots.claimed == [0]
    assert house.slots.ends == {("orders", 0): 77, ("usage", 0): 77}
    assert house.slots.ticks == 3


@pytest.mark.parametrize("when", ["begins", "ends", "seek", "fetch", "fetched"])
def test_a_rebalance_at_any_moment_doubles_nothing_and_leaves_nothing_out(house: House, when: str) -> None:
    once(house, when, lambda: house.rebalance(0))
    house.turn(3)

    assert house.slots.applied == BOTH


def test_behind_a_backlog_the_next_records_are_asked_for_while_the_last_ones_are_applied(house: House) -> None:
    house.behind()
    asked: list[str] = []
    house.log.before["fetch"] = lambda: asked.append("fetch")
    house.slots.before[0] = lambda: asked.append("apply")
    house.turn()

    assert asked == ["fetch", "fetch", "apply", "apply"]


def test_where_all_that_came_is_applied_at_once_what_came_meanwhile_comes_with_the_next_fetch(house: House) -> None:
    asked: list[str] = []
    house.log.before["fetch"] = lambda: asked.append("fetch")
    house.turn()

    assert asked == ["fetch"]


def test_a_backlog_is_applied_in_whole_batches_and_to_its_last_record(house: House) -> None:
    house.slots.most = 4
    house.turning = house.new_turning()
    house.log.write("orders", 0, *[b"x"] * 9)
    house.turn()
    assert [each for each in house.slots.applied if each[0] == "orders"] == [("orders", 0, b"a"), *[("orders", 0, b"x")] * 7]
    assert ("orders", 0) not in house.slots.ends

    house.turn()
    assert len(house.slots.applied) == 11
    assert ("orders", 0) in house.slots.ends


@pytest.mark.parametrize("how", ["fenced", "failed", "taken"])
def test_what_comes_for_a_slot_that_is_lost_meanwhile_is_fetched_again_by_its_next_claim(house: House, how: str) -> None:
    house.behind()

    def lost() -> None:
        house.log.write("orders", 0, b"d")
        house.slots.before.clear()
        if how == "taken":
            house.slots.taken[0] = Fenced("slot 0")
        else:
            raise Fenced("slot 0") if how == "fenced" else ValueError("broken")

    house.slots.before[0] = lost
    house.turn(5)

    assert sorted(house.slots.applied) == sorted([*BOTH, ("orders", 0, b"c"), ("orders", 0, b"d")])


@pytest.mark.parametrize("when", ["begins", "ends", "seek", "fetch", "fetched"])
def test_brokers_that_go_away_at_any_moment_are_waited_for(house: House, when: str) -> None:
    once(house, when, fails(TimeoutError()))
    house.turn()
    assert house.turning.trouble is not None
    assert house.slots.claims == {}

    house.turn(2)
    assert house.turning.trouble is None
    assert house.slots.applied == BOTH


def test_what_fails_because_of_a_rebalance_is_no_trouble(house: House) -> None:
    def rebalanced() -> None:
        house.rebalance(0)
        raise TimeoutError

    once(house, "fetch", rebalanced)
    house.turn()

    assert (house.lost, house.turning.trouble) == ([], None)
    house.turn(2)
    assert house.slots.applied == BOTH


def test_an_answer_from_before_a_rebalance_that_fails_is_no_trouble(house: House) -> None:
    house.behind()
    once(house, "fetched", lambda: once(house, "fetched", fails(TimeoutError())))
    house.turn()
    house.rebalance(0)
    house.turn()

    assert house.log.before == {}
    assert (house.lost, house.turning.trouble) == ([], None)


def test_what_is_fetched_before_a_rebalance_and_is_anothers_after_it_is_not_applied(house: House) -> None:
    once(house, "fetched", lambda: house.rebalance())
    house.turn(2)

    assert house.slots.applied == []


def test_a_slot_taken_away_before_it_was_claimed_is_not_claimed(house: House) -> None:
    once(house, "begins", lambda: house.rebalance())
    house.turn(2)

    assert house.slots.claimed == []


def test_a_slot_that_fails_rests_while_the_others_go_on(house: House) -> None:
    house.log.give(0, 1)
    house.slots.before[0] = fails(ValueError("broken"))
    house.log.write("orders", 1, b"c")
    house.turn()

    assert house.slots.applied == [("orders", 1, b"c")]
    assert set(house.slots.claims) == {1}
    assert house.lost == ["failed"] * len(house.lost)

    house.slots.before.clear()
    house.turn(2)
    assert sorted(house.slots.applied) == sorted([*BOTH, ("orders", 1, b"c")])


def test_a_database_that_is_gone_stops_all_slots(house: House) -> None:
    house.log.give(0, 1)
    house.slots.before[0] = fails(StoreGone("cut"))
    house.turn()

    assert house.slots.claims == {}
    assert isinstance(house.turning.trouble, StoreGone)


def test_a_fenced_slot_is_claimed_again_and_goes_on_where_the_claim_says(house: House) -> None:
    def taken_over() -> None:
        house.slots.before.clear()
        house.slots.positions["orders", 0] = 1
        raise Fenced("slot 0")

    house.slots.before[0] = taken_over
    house.turn(3)

    assert house.slots.applied == [("usage", 0, b"b")]
    assert house.lost == ["fenced"]


def test_a_slot_that_was_taken_over_while_nothing_came_is_claimed_again(house: House) -> None:
    house.turn()
    house.slots.taken[0] = Fenced("slot 0")
    house.turn(2)

    assert house.slots.claimed == [0, 0]
    assert house.lost == ["fenced"]


def test_a_worker_whose_slot_somebody_has_between_its_claims_again_and_again_ends_and_says_why(house: House) -> None:
    house.turn()

    with pytest.raises(SameMember, match="slot 0 .* 6 times within 45 seconds: another worker has our name `host-0`"):
        for _ in range(6):
            house.slots.claimed.append(0)
            house.rebalance(0)
            house.turn()


def test_of_two_workers_with_one_name_the_one_that_came_later_ends() -> None:
    moment = [0.0]
    elder = Fences("elder", lambda: moment[0])
    moment[0] += 100
    younger = Fences("younger", lambda: moment[0])

    with pytest.raises(SameMember, match="younger"):
        for epoch in range(1, 40, 2):
            moment[0] += 3
            elder.claimed(Claim(0, epoch, {}))
            younger.claimed(Claim(0, epoch + 1, {}))


def test_many_slots_that_move_at_once_or_one_now_and_then_are_no_other_worker() -> None:
    moment = [0.0]
    fences = Fences("host-0", lambda: moment[0])

    for slot in range(100):
        fences.claimed(Claim(slot, 1, {}))
        fences.claimed(Claim(slot, 3, {}))
    for epoch in range(5, 200, 2):
        moment[0] += 10
        fences.claimed(Claim(0, epoch, {}))


def test_claims_of_our_own_are_no_other_worker() -> None:
    fences = Fences("host-0", lambda: 0.0)

    for epoch in range(1, 100):
        fences.claimed(Claim(0, epoch, {}))


def test_events_that_were_removed_unread_are_not_jumped_over(house: House) -> None:
    house.turn()
    house.log.write("orders", 0, *[b"x"] * 5)
    house.log.remove("orders", 0, 4)

    with pytest.raises(LogMismatch, match="orders, slot 0  3 records were removed before we read them"):
        house.turn(2 + UNTIL_IT_IS_NO_CHANCE)
    assert len(house.slots.applied) == 2


def test_a_topic_that_ends_before_our_position_is_refused(house: House) -> None:
    house.slots.positions["usage", 0] = 9

    with pytest.raises(LogMismatch, match="we have read to 9, and it ends at 1"):
        house.turn(UNTIL_IT_IS_NO_CHANCE)


def test_a_broker_that_comes_back_and_does_not_know_its_end_yet_is_borne_with(house: House) -> None:
    house.slots.positions["usage", 0] = 9
    house.turn()
    assert isinstance(house.turning.trouble, LogMismatch)
    house.log.write("usage", 0, *[b"z"] * 9)

    house.turn(UNTIL_IT_IS_NO_CHANCE)

    assert house.slots.applied == [("orders", 0, b"a"), ("usage", 0, b"z")]


def test_half_a_slot_is_borne_with_for_a_moment_and_then_refused(house: House) -> None:
    house.log.given = frozenset({("orders", 0)})
    house.turn(2)
    assert house.slots.claimed == []
    assert house.log.joins == 2

    house.elapsed += STRANGE_SECONDS
    with pytest.raises(TornSlot, match="slot 0  it was given to us without usage"):
        house.turn()


def test_half_a_slot_that_becomes_whole_goes_on(house: House) -> None:
    house.log.given = frozenset({("orders", 0)})
    house.turn()
    house.log.give(0)
    house.elapsed += STRANGE_SECONDS
    house.turn(2)

    assert house.slots.applied == BOTH
