"""What a provider says later: a message that came back goes by the next channel, one that arrived is not sent again."""

import asyncio

import pytest

from contracts.ids import message_id
from contracts.message import Outcome
from contracts.notice import Urgency
from contracts.problem import Phase
from contracts.receipt import Receipt, ReceiptFate, ReceiptKind
from contracts.times import DAY, HOUR, MINUTE
from notifiers.channels import Channel, Recording, Reply
from tests.notifiers.builders import NOON, a_problem, a_rule, a_tell, at
from tests.notifiers.courier.providers import Counter, settle
from tests.notifiers.house import House, in_the_loop

TOLD = "told opened of parcel/P1"
AMBIGUOUS = Reply(Outcome.AMBIGUOUS)
UNKNOWN, DELIVERED, BOUNCED, COMPLAINED = ReceiptKind


def a_house(*channels: Recording | Counter, **tell: object) -> House:
    behind: dict[str, Channel] = {channel.name: channel for channel in channels or (Recording("email"), Recording("sms"))}
    return House(a_rule(tell=a_tell(**{"next_update": None, "channels": tuple(behind), **tell})), channels=behind)


def say(house: House, kind: ReceiptKind, notice: str, word: str = "email", *, now: int) -> ReceiptFate:
    with house.store.transaction() as tx:
        return tx.take_receipt(Receipt(message=message_id(notice, word), receipt=kind, at=now), now=now)


def receipts(house: House) -> list[tuple[str, str, str | None]]:
    return [(row["channel"], row["outcome"], row["receipt"]) for row in house.store.export("attempts")]


# nobody knows


@pytest.mark.parametrize(("word", "listed"), [("sms", [None]), ("email", [None, None])])
def test_a_message_without_an_answer_that_is_not_sent_again_is_listed_as_unknown(word: str, listed: list[None]) -> None:
    house = a_house(Recording(word, at_most_once=word == "sms", replies=(AMBIGUOUS, AMBIGUOUS)))
    house.find(NOON)
    house.run(NOON + HOUR)

    *before, last = receipts(house)
    assert last == (word, "ambiguous", "unknown") and [receipt for *_, receipt in before] == listed[1:]


def test_an_sms_without_an_answer_is_over_at_once_and_a_mail_after_its_second() -> None:
    for word, replies in (("sms", (AMBIGUOUS,)), ("email", (AMBIGUOUS, AMBIGUOUS))):
        house = a_house(Recording(word, at_most_once=word == "sms", replies=replies))
        house.find(NOON)
        for _ in replies:
            house.round(house.store.next_ask() or NOON)

        assert house.store.next_ask() is None and len(house.attempts()) == len(replies)


def test_a_message_whose_process_died_and_that_is_no_longer_true_is_listed_as_unknown() -> None:
    mail = Counter(waits_for=("C1",))
    house = a_house(mail)
    house.find(NOON)

    async def die() -> None:
        going = asyncio.create_task(house.courier.round(NOON))
        await settle()
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)

    in_the_loop(die())
    house.find(NOON + 1, Phase.SOLVED, detector=None)
    mail.let_go()
    house.run(NOON + HOUR)

    assert receipts(house)[0] == ("email", "ambiguous", "unknown")


def test_a_mail_that_arrived_after_all_is_not_sent_once_more() -> None:
    house = a_house(Recording("email", replies=(AMBIGUOUS,)))
    notice = house.find(NOON)
    house.round(NOON)

    assert say(house, DELIVERED, notice, now=NOON + 1) is ReceiptFate.TAKEN
    house.run(NOON + HOUR)

    assert receipts(house) == [("email", "ambiguous", "delivered")]
    assert house.answer(notice) == ("told", None)


# it came back


def test_what_came_back_goes_by_the_next_channel() -> None:
    house = a_house()
    notice = house.find(NOON)
    house.round(NOON)
    say(house, BOUNCED, notice, now=NOON + MINUTE)

    assert house.run(NOON + MINUTE) == [(NOON + MINUTE, TOLD)]
    assert receipts(house) == [("email", "accepted", "bounced"), ("sms", "accepted", None)]
    assert [row["channel"] for row in house.store.export("notices")] == ["sms"]


def test_what_came_back_promises_anew_by_the_channel_that_reached_its_customer() -> None:
    house = a_house(next_update=DAY)
    notice = house.find(NOON)
    house.round(NOON)
    say(house, BOUNCED, notice, now=NOON + HOUR)
    assert house.promises() == []

    house.run(NOON + HOUR)

    assert [row["made_at"] for row in house.store.export("promises")] == ["2026-03-04T13:00:00Z"]


def test_what_came_back_and_is_no_longer_true_is_not_told_again() -> None:
    house = a_house()
    notice = house.find(NOON)
    house.round(NOON)
    house.find(NOON + MINUTE, Phase.SOLVED, detector=None)
    house.round(NOON + MINUTE)
    say(house, BOUNCED, notice, now=NOON + HOUR)
    house.run(NOON + HOUR)

    assert receipts(house) == [("email", "accepted", "bounced"), ("email", "accepted", None)]


def test_what_came_back_and_is_then_refused_was_heard_by_nobody() -> None:
    house = a_house(Recording("email"), Recording("sms", replies=(Reply(Outcome.REFUSED),)))
    notice = house.find(NOON)
    house.round(NOON)
    say(house, BOUNCED, notice, now=NOON + MINUTE)
    house.run(NOON + MINUTE)

    assert house.answer(notice) == ("cancelled", None)
    assert house.store.told_of(a_problem().problem) == []


def test_where_no_channel_is_left_for_what_came_back_a_person_takes_over() -> None:
    house = a_house(Recording("email"))
    notice = house.find(NOON)
    house.round(NOON)
    say(house, BOUNCED, notice, now=NOON + MINUTE)

    assert house.round(NOON + MINUTE) == ["handed over to delivery-desk"]
    assert house.answer(notice) == ("cancelled", None)


def test_what_came_back_was_not_heard_by_an_earlier_try_to_the_same_address_either() -> None:
    house = a_house(Recording("email", replies=(AMBIGUOUS,)))
    notice = house.find(NOON)
    house.run(NOON + MINUTE)
    say(house, BOUNCED, notice, now=NOON + HOUR)
    house.run(NOON + HOUR)

    assert house.answer(notice) == ("cancelled", None)
    assert house.said[-1] == "handed over to delivery-desk"


def test_what_came_back_goes_on_although_its_first_try_had_no_answer() -> None:
    house = a_house(Recording("email", replies=(AMBIGUOUS,)), Recording("sms"))
    notice = house.find(NOON)
    house.run(NOON + MINUTE)
    say(house, BOUNCED, notice, now=NOON + HOUR)
    house.run(NOON + HOUR)

    assert sorted(receipts(house)) == [
        ("email", "accepted", "bounced"),
        ("email", "ambiguous", None),
        ("sms", "accepted", None),
    ]


def test_of_a_digest_that_came_back_all_is_told_again() -> None:
    house = a_house(urgency=Urgency.DIGEST)
    house.find(NOON)
    house.find(NOON, case="parcel/P2")
    nine = at("2026-03-05T09:00")
    house.run(nine)
    [first] = [row["message"] for row in house.store.export("attempts") if row["sent_in"] is None]
    with house.store.transaction() as tx:
        tx.take_receipt(Receipt(message=first, receipt=BOUNCED, at=nine + HOUR), now=nine + HOUR)

    house.run(nine + DAY)

    assert sorted(word for word, *_ in receipts(house)) == ["email", "email", "sms", "sms"]


def test_a_bounce_that_is_faster_than_the_answer_is_heeded_when_the_answer_comes() -> None:
    mail = Counter(waits_for=("C1",))
    house = a_house(mail, Counter("sms"))
    notice = house.find(NOON)

    async def test() -> None:
        going = asyncio.create_task(house.courier.round(NOON))
        await settle()
        say(house, BOUNCED, notice, now=NOON)
        mail.let_go()
        await going

    in_the_loop(test())
    house.run(NOON + MINUTE)

    assert receipts(house) == [("email", "accepted", "bounced"), ("sms", "accepted", None)]


def test_a_complaint_about_a_message_changes_nothing_of_what_was_told() -> None:
    house = a_house()
    notice = house.find(NOON)
    house.round(NOON)

    assert [say(house, kind, notice, now=NOON + 1) for kind in (COMPLAINED, DELIVERED)] == [
        ReceiptFate.TAKEN,
        ReceiptFate.REPEATED,
    ]
    assert house.run(NOON + HOUR) == [] and house.answer(notice) == ("told", None)
