"""Messages to different customers go side by side: who waits for a provider holds up nobody else."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from contracts.message import Outcome
from contracts.problem import Phase
from contracts.times import DAY, HOUR, MINUTE, SECOND
from notifiers.channels import Channel, Reply
from notifiers.channels.providers import Care
from tests.notifiers.builders import NOON, a_rule, a_tell
from tests.notifiers.courier.providers import Counter, settle
from tests.notifiers.house import House, in_the_loop

LIMIT = 20.0


def a_house(*channels: Counter, customers: int = 0, **tell: Any) -> House:
    """Return a house in which each customer has one notice that is due."""
    behind: dict[str, Channel] = {channel.name: channel for channel in channels}
    house = House(a_rule(tell=a_tell(**{"next_update": None, **tell})), channels=behind)
    for number in range(1, customers + 1):
        house.know(f"C{number}")
        house.find(NOON, case=f"parcel/P{number}", customer=f"C{number}")
    return house


def bounded(test: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        async with asyncio.timeout(LIMIT):
            await test()

    in_the_loop(run())


def begun(round_of_courier: Coroutine[Any, Any, object]) -> "asyncio.Task[object]":
    return asyncio.create_task(round_of_courier)


async def asked_to_end(house: House) -> "asyncio.Task[object]":
    """Return a round that has begun what it may, and was asked to end then."""
    going = begun(house.courier.round(NOON))
    await settle()
    going.cancel()
    await settle()
    return going


def outcomes(house: House) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in house.store.export("attempts"):
        found[row["outcome"]] = found.get(row["outcome"], 0) + 1
    return found


def test_who_waits_for_an_answer_holds_up_nobody() -> None:
    mail = Counter(waits_for=("C1",))
    house = a_house(mail, customers=40)

    async def test() -> None:
        going = begun(house.courier.round(NOON))
        await settle()
        assert outcomes(house) == {"sending": 1, "accepted": 39}
        mail.let_go()
        await going

    bounded(test)
    assert outcomes(house) == {"accepted": 40}


def test_a_provider_never_has_more_in_its_hands_than_it_may() -> None:
    mail = Counter(care=Care(at_once=3))
    house = a_house(mail, customers=20)

    house.round(NOON)

    assert (mail.most, len(mail.sent)) == (3, 20)


ALL = tuple(f"C{number}" for number in range(1, 21))


def test_only_what_a_provider_has_in_its_hands_is_without_an_answer_after_a_crash() -> None:
    mail = Counter(care=Care(at_once=3), waits_for=ALL)
    house = a_house(mail, customers=20)

    async def test() -> None:
        going = await asked_to_end(house)
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)

    bounded(test)
    assert outcomes(house) == {"sending": 3}
    assert {row["answer"] for row in house.store.export("notices")} == {"waiting"}


def test_a_courier_that_is_asked_to_end_waits_for_answers_and_begins_nothing_more() -> None:
    mail = Counter(care=Care(at_once=3), waits_for=ALL)
    house = a_house(mail, customers=20)

    async def test() -> None:
        going = await asked_to_end(house)
        assert not going.done()
        mail.let_go()
        await asyncio.gather(going, return_exceptions=True)

    bounded(test)
    assert outcomes(house) == {"accepted": 3} and len(mail.sent) == 3
    assert house.store.next_ask() == NOON
    house.round(NOON)
    assert outcomes(house) == {"accepted": 20}


def test_what_one_provider_refuses_at_the_end_is_left_for_the_next_one() -> None:
    mail, sms = Counter("email", Reply(Outcome.REFUSED), waits_for=ALL), Counter("sms")
    house = a_house(mail, sms, customers=1)

    async def test() -> None:
        going = await asked_to_end(house)
        mail.let_go()
        await asyncio.gather(going, return_exceptions=True)

    bounded(test)
    assert outcomes(house) == {"refused": 1} and sms.sent == []
    house.round(NOON)
    assert (mail.sent, sms.sent) == (["C1"], ["C1"])


def test_a_round_that_waits_for_one_provider_does_not_hold_up_the_customers_of_another() -> None:
    mail, sms = Counter("email", waits_for=("C1",)), Counter("sms")
    house = a_house(mail, sms, customers=1)

    async def test() -> None:
        first = begun(house.courier.round(NOON))
        await settle()
        house.know("C2", channels=["sms"])
        house.find(NOON + SECOND, case="parcel/P2", customer="C2")
        await house.courier.round(NOON + SECOND)
        assert sms.sent == ["C2"] and not first.done()
        mail.let_go()
        await first

    bounded(test)
    assert outcomes(house) == {"accepted": 2}


def test_a_customer_hears_one_thing_after_the_other_although_rounds_overlap() -> None:
    mail = Counter(waits_for=("C1",))
    house = a_house(mail, customers=1)

    async def test() -> None:
        first = begun(house.courier.round(NOON))
        await settle()
        house.find(NOON + SECOND, case="parcel/P2")
        await house.courier.round(NOON + SECOND)
        assert mail.sent == ["C1"] and house.store.next_ask() == NOON + 2 * SECOND
        mail.let_go()
        await first
        await house.courier.round(NOON + 2 * SECOND)

    bounded(test)
    assert mail.sent == ["C1", "C1"]


def test_a_promise_is_not_kept_with_nothing_new_while_its_news_is_on_its_way() -> None:
    mail = Counter()
    house = a_house(mail, next_update=DAY)
    house.find(NOON)
    house.round(NOON)
    keep_at = house.store.next_ask()
    assert keep_at is not None
    mail.hold("C1")

    async def test() -> None:
        house.find(keep_at - 1, Phase.UPDATED, graver=True)
        going = begun(house.courier.round(keep_at - 1))
        await settle()
        await house.courier.round(keep_at)
        mail.let_go()
        await going

    bounded(test)
    house.run(keep_at + HOUR)
    assert [row["phase"] for row in house.store.export("notices")] == ["opened", "updated"]


def test_what_waited_in_line_for_longer_than_its_claim_is_left_to_who_claims_it_next() -> None:
    mail = Counter(care=Care(at_once=1), waits_for=("C1",))
    house = a_house(mail, customers=2)

    async def test() -> None:
        first = begun(house.courier.round(NOON))
        await settle()
        with house.store.transaction() as tx:
            assert [notice.customer for notice in tx.claim_due(NOON + 6 * MINUTE)] == ["C1", "C2"]
        mail.let_go()
        await first

    bounded(test)
    assert mail.sent == ["C1"]


def test_a_claim_lasts_from_when_its_message_really_leaves() -> None:
    now = [NOON]
    mail = Counter(care=Care(at_once=1), waits_for=("C1",))
    behind: dict[str, Channel] = {"email": mail}
    house = House(a_rule(tell=a_tell(next_update=None)), channels=behind, clock=lambda: now[0])
    house.know("C2")
    house.find(NOON)
    house.find(NOON, case="parcel/P2", customer="C2")

    async def test() -> None:
        going = begun(house.courier.round(NOON))
        await settle()
        now[0] = NOON + 2 * MINUTE
        mail.let_go()
        mail.hold("C2")
        await settle()
        assert house.store.next_ask() == NOON + 7 * MINUTE
        mail.let_go()
        await going

    bounded(test)
    assert [row["sent_at"] for row in house.store.export("notices")] == ["2026-03-04T12:00:00Z", "2026-03-04T12:02:00Z"]


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.RETRY])
def test_what_one_provider_does_not_take_goes_on_without_waiting_for_others(outcome: Outcome) -> None:
    mail, sms = Counter("email", Reply(outcome), waits_for=("C2",)), Counter("sms")
    house = a_house(mail, sms, customers=2)

    async def test() -> None:
        going = begun(house.courier.round(NOON))
        await settle()
        assert sms.sent == (["C1"] if outcome is Outcome.REFUSED else [])
        mail.let_go()
        await going

    bounded(test)
