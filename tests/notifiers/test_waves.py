"""Many customers in one round: side by side where the channel can, and each one thing after the other."""

from collections.abc import Sequence

import pytest

from contracts.message import Message, Outcome
from contracts.times import HOUR, MINUTE
from notifiers.channels import Recording, Reply
from storage.records import CaseRow
from tests.notifiers.builders import NOON, a_rule, a_tell
from tests.notifiers.house import House

ACCEPTED, REFUSED = Reply(Outcome.ACCEPTED), Reply(Outcome.REFUSED)


class Post(Recording):
    """A channel that takes three messages at once. handfuls: how many it got each time."""

    at_once = 3

    def __init__(self, *replies: Reply) -> None:
        super().__init__(replies=replies)
        self.handfuls: list[int] = []

    async def send_all(self, messages: Sequence[Message]) -> list[Reply]:
        self.handfuls.append(len(messages))
        return [await self.send(message) for message in messages]


class Dying(Recording):
    """A channel whose process dies while it sends its second message."""

    async def send(self, message: Message) -> Reply:
        reply = await super().send(message)
        if len(self.sent) == 2:
            raise ConnectionAbortedError
        return reply


class DyingPost(Dying):
    at_once = 3

    async def send_all(self, messages: Sequence[Message]) -> list[Reply]:
        return [await self.send(message) for message in messages]


def a_house(channel: Recording, *, customers: int) -> House:
    """Return a house in which each customer has one notice that is due."""
    house = House(a_rule(tell=a_tell(next_update=None)))
    house.channel = channel
    house.courier = house.another_courier()
    for number in range(1, customers + 1):
        house.know(f"C{number}")
        house.find(NOON, case=f"parcel/P{number}", customer=f"C{number}")
    return house


def test_a_channel_that_takes_several_gets_as_many_as_it_may_have_at_once() -> None:
    post = Post()
    house = a_house(post, customers=7)

    assert house.round(NOON) == [f"told opened of parcel/P{number}" for number in range(1, 8)]
    assert post.handfuls == [3, 3, 1]
    assert [message.customer for message in post.sent] == [f"C{number}" for number in range(1, 8)]


def test_what_one_of_several_refuses_goes_on_by_the_next_channel_and_holds_up_nobody() -> None:
    house = a_house(Post(ACCEPTED, REFUSED, ACCEPTED), customers=3)

    assert house.round(NOON) == [f"told opened of parcel/P{number}" for number in (1, 2, 3)]
    sent = [(message.customer, message.channel) for message in house.channel.sent]
    assert sent == [("C1", "email"), ("C2", "email"), ("C3", "email"), ("C2", "sms")]


@pytest.mark.parametrize(
    ("channel", "attempts"), [(Dying(), ["accepted", "sending"]), (DyingPost(), ["sending", "sending", "sending"])]
)
def test_a_crash_leaves_without_an_answer_what_the_channel_had_in_its_hands_and_nothing_else(
    channel: Recording, attempts: list[str]
) -> None:
    house = a_house(channel, customers=5)

    with pytest.raises(ConnectionAbortedError):
        house.round(NOON)

    assert [outcome for _, outcome in house.attempts()] == attempts


def test_after_a_crash_everybody_is_told_and_twice_only_who_may_have_been_before() -> None:
    house = a_house(Dying(), customers=5)
    with pytest.raises(ConnectionAbortedError):
        house.round(NOON)
    before = house.channel.sent
    house.channel = Recording()
    house.courier = house.another_courier()

    house.run(NOON + HOUR)

    assert [message.customer for message in before] == ["C1", "C2"]
    assert sorted(message.customer for message in house.channel.sent) == ["C2", "C3", "C4", "C5"]


def test_who_is_told_of_two_cases_by_now_is_asked_about_the_second_after_the_first() -> None:
    house = a_house(Recording(), customers=5)
    with house.store.transaction() as tx:
        tx.save_cases([CaseRow(f"parcel/P{number}", 0, 1, b"", None, "C1") for number in range(1, 6)])

    assert house.round(NOON) == [f"told opened of parcel/P{number}" for number in (1, 2, 3)] + ["held caps"] * 2
    assert {message.customer for message in house.channel.sent} == {"C1"}


def test_a_receipt_is_kept_though_another_courier_has_taken_over_meanwhile() -> None:
    class Slow(Recording):
        async def send(self, message: Message) -> Reply:
            with house.store.transaction() as tx:
                assert tx.claim_due(NOON + 10 * MINUTE)
            return await super().send(message)

    house = House(a_rule(tell=a_tell(next_update=None)))
    house.channel = Slow()
    notice = house.find(NOON)

    assert house.round(NOON, house.another_courier()) == []
    assert house.attempts() == [("email", "accepted")] and house.answer(notice) == ("waiting", None)

    assert house.run(NOON + HOUR) == [(NOON + 15 * MINUTE, "told opened of parcel/P1")]
    assert len(house.channel.sent) == 1
