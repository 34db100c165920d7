"""A provider that does not answer is left alone for a while; what waits for it uses up no tries, or goes by another channel."""

from random import Random
from typing import Any

import pytest

from contracts.message import Outcome
from contracts.times import HOUR, MINUTE, SECOND
from notifiers.channels import Channel, Reply
from notifiers.channels.providers import Care, Rate
from notifiers.courier.breaker import ANSWER, AWAY, LONGEST_REST, PROBE, Breaker
from notifiers.courier.pace import Pace
from tests.notifiers.builders import NOON, a_rule, a_tell
from tests.notifiers.courier.providers import Counter
from tests.notifiers.house import House

RETRY = Reply(Outcome.RETRY)


def an_open_breaker(*, after: int = 3, rest: int = MINUTE) -> Breaker:
    breaker = Breaker(after=after, rest=rest)
    for _ in range(after):
        breaker.saw(Outcome.RETRY, NOON)
    return breaker


def a_house(*channels: Counter, customers: int) -> House:
    behind: dict[str, Channel] = {channel.name: channel for channel in channels}
    house = House(a_rule(tell=a_tell(next_update=None, channels=tuple(behind))), channels=behind)
    for number in range(1, customers + 1):
        add_customer(house, number, NOON)
    return house


def add_customer(house: House, number: int, now: int) -> str:
    house.know(f"C{number}")
    return house.find(now, case=f"parcel/P{number}", customer=f"C{number}")


# what opens it


@pytest.mark.parametrize("outcome", [Outcome.RETRY, Outcome.AMBIGUOUS])
def test_it_opens_after_so_many_tries_in_a_row_without_a_yes_or_no(outcome: Outcome) -> None:
    breaker = Breaker(after=3, rest=MINUTE)
    for now in (NOON, NOON + 1):
        breaker.saw(outcome, now)
        assert breaker.rests_until(now) is None

    breaker.saw(outcome, NOON + 2)

    assert breaker.rests_until(NOON + 2) == NOON + 2 + MINUTE


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.REFUSED])
def test_an_answer_ends_the_row(outcome: Outcome) -> None:
    breaker = Breaker(after=3, rest=MINUTE)
    for each in (Outcome.RETRY, Outcome.RETRY, outcome, Outcome.RETRY, Outcome.RETRY):
        breaker.saw(each, NOON)

    assert breaker.open_since is None


def test_after_its_rest_one_message_is_the_probe_and_all_others_wait_for_its_answer() -> None:
    breaker = an_open_breaker()
    later = NOON + MINUTE

    assert breaker.rests_until(later) is None
    breaker.let_through(later)

    assert breaker.rests_until(later) == later + ANSWER
    assert breaker.rests_until(later + PROBE - SECOND) == later + PROBE


def test_each_probe_that_fails_doubles_the_rest_up_to_a_quarter_of_an_hour() -> None:
    breaker, now, rests = an_open_breaker(), NOON, []
    for _ in range(6):
        until = breaker.rests_until(now)
        assert until is not None
        rests.append(until - now)
        breaker.let_through(until)
        breaker.saw(Outcome.RETRY, now := until)

    assert rests == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, LONGEST_REST, LONGEST_REST]


def test_a_probe_that_is_answered_ends_it_and_the_next_rest_is_short_again() -> None:
    breaker = an_open_breaker()
    breaker.let_through(NOON + MINUTE)
    breaker.saw(Outcome.RETRY, NOON + MINUTE)
    breaker.saw(Outcome.ACCEPTED, NOON + 3 * MINUTE)
    assert breaker.rests_until(NOON + 3 * MINUTE) is None

    for _ in range(3):
        breaker.saw(Outcome.RETRY, NOON + HOUR)

    assert breaker.rests_until(NOON + HOUR) == NOON + HOUR + MINUTE


def test_a_probe_of_which_nobody_hears_again_is_followed_by_another() -> None:
    breaker = an_open_breaker()
    breaker.let_through(NOON + MINUTE)

    assert breaker.rests_until(NOON + MINUTE + PROBE) is None


def test_what_else_was_on_its_way_makes_no_rest_longer() -> None:
    breaker = an_open_breaker()
    breaker.saw(Outcome.AMBIGUOUS, NOON + SECOND)

    assert breaker.rests_until(NOON + SECOND) == NOON + MINUTE


# what waits


def test_while_a_provider_rests_nothing_is_tried_and_why_can_be_read() -> None:
    mail = Counter("email", *[RETRY] * 3, care=Care(rest_after=3, at_once=1))
    house = a_house(mail, customers=3)
    house.round(NOON)
    fourth = add_customer(house, 4, NOON + SECOND)

    house.round(NOON + SECOND)
    house.round(NOON + 2 * SECOND)

    assert len(mail.sent) == 3 and house.answer(fourth) == ("waiting", None)
    holds = [(each.gate, each.reason, each.until) for each in house.store.story("C4")["gates"] if each.answer == "hold"]
    assert holds == [("email", "resting", NOON + MINUTE)]


def test_why_a_message_waits_is_said_once_however_long_it_waits() -> None:
    mail = Counter("email", *[RETRY] * 99, care=Care(rest_after=1))
    house = a_house(mail, customers=1)
    house.round(NOON)
    add_customer(house, 2, NOON + SECOND)
    add_customer(house, 3, NOON + SECOND)

    house.run(NOON + 20 * MINUTE)

    for customer in ("C2", "C3"):
        assert [each.gate for each in house.store.story(customer)["gates"] if each.answer == "hold"] == ["email"]


def test_waiting_for_a_provider_uses_up_no_tries() -> None:
    mail = Counter("email", *[RETRY] * 6, care=Care(rest_after=3, at_once=1))
    house = a_house(mail, customers=3)
    house.round(NOON)
    add_customer(house, 4, NOON + SECOND)

    house.run(NOON + 2 * HOUR)

    assert sorted(outcome for _, outcome in house.attempts()) == ["accepted"] * 4 + ["retry"] * 6


def test_a_provider_that_is_away_for_long_leaves_its_customers_to_the_next_channel() -> None:
    mail, sms = Counter("email", *[RETRY] * 99, care=Care(rest_after=1)), Counter("sms")
    house = a_house(mail, sms, customers=1)
    house.run(NOON + AWAY)
    add_customer(house, 2, NOON + AWAY)

    house.round(NOON + AWAY)

    assert "C2" not in mail.sent and sms.sent[-1] == "C2"


def test_the_last_channel_is_waited_for_however_long_its_provider_is_away() -> None:
    mail = Counter("email", *[RETRY] * 4, care=Care(rest_after=1))
    house = a_house(mail, customers=1)
    house.run(NOON + AWAY)
    notice = add_customer(house, 2, NOON + AWAY)
    house.round(NOON + AWAY)
    assert house.answer(notice) == ("waiting", None)

    house.run(NOON + AWAY + HOUR)

    assert house.answer(notice) == ("told", None)


# how fast


def turns(pace: Pace, now: int, number: int) -> list[int | None]:
    return [pace.turn(now, has_waited=False) for _ in range(number)]


def test_as_many_as_a_second_brings_go_at_once_and_the_rest_evenly() -> None:
    pace = Pace(Rate(10, SECOND))

    first, waits = turns(pace, NOON, 13)[:10], turns(Pace(Rate(10, SECOND)), NOON, 13)[10:]

    assert first == [None] * 10
    assert waits == [NOON + SECOND * part // 10 for part in (2, 3, 4)]


def test_a_slow_rate_lets_one_go_at_a_time() -> None:
    assert turns(Pace(Rate(30, HOUR)), NOON, 2) == [None, NOON + 4 * MINUTE]


def test_who_comes_back_goes_before_who_is_new() -> None:
    pace = Pace(Rate(1, MINUTE))
    turns(pace, NOON, 3)

    assert pace.turn(NOON + MINUTE, has_waited=False) == NOON + 4 * MINUTE
    assert pace.turn(NOON + MINUTE, has_waited=True) is None


@pytest.mark.parametrize("seed", range(5))
def test_in_no_stretch_of_time_more_goes_than_the_rate_allows(seed: int) -> None:
    random, pace, went, waits = Random(seed), Pace(Rate(5, SECOND)), [], [NOON] * 100
    while waits:
        waits.sort()
        now = waits.pop(0)
        again = pace.turn(now, has_waited=now > NOON)
        if again is None:
            went.append(now)
        else:
            waits.append(again + random.randint(0, SECOND // 20))

    for start in went:
        assert sum(start <= at < start + 2 * SECOND for at in went) <= 5 + 10


def test_what_has_no_turn_waits_without_a_try_and_comes_in_its_time() -> None:
    mail = Counter("email", care=Care(rate=Rate(2, SECOND)))
    house = a_house(mail, customers=6)

    told: list[Any] = house.run(NOON + MINUTE)

    assert [word for _, word in told] == [f"told opened of parcel/P{number}" for number in range(1, 7)]
    assert [(at - NOON) / SECOND for at, _ in told] == [0, 0, 1.0, 1.5, 2.0, 2.5]
    assert {row["tries"] for row in house.store.export("attempts")} == {1}
