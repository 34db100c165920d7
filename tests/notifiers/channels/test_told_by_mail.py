"""The courier with a real mail server: a lost answer makes a second mail under the same id, and never a third."""

import asyncio
from email import message_from_bytes
from email.policy import default

from contracts.times import HOUR, MINUTE
from tests.notifiers.builders import NOON
from tests.notifiers.channels.mail_server import DROP, DROP_ONCE, Postbox, a_mail_server
from tests.notifiers.channels.test_smtp import QUICK, smtp
from tests.notifiers.house import House


def told(postbox: Postbox, **profile: str) -> House:
    """Let a problem be found at noon, and ask the courier whenever something is due, for two hours."""

    async def run() -> House:
        async with a_mail_server(postbox) as port:
            house = House(channels={"email": smtp(port, patience=QUICK)})
            house.know("C1", email="jo@example.com", **profile)
            house.find(NOON)
            while (now := house.store.next_ask()) is not None and now <= NOON + 2 * HOUR:
                await house.courier.round(max(now, NOON))
            return house

    return asyncio.run(run())


def outcomes(house: House) -> list[tuple[str, str]]:
    return [(row["channel"], row["outcome"]) for row in house.store.export("attempts")]


def test_a_customer_is_told_by_mail() -> None:
    postbox = Postbox()

    house = told(postbox)

    assert outcomes(house) == [("email", "accepted")]
    assert message_from_bytes(postbox.mails[0], policy=default)["Subject"] == "Your parcel P1 may arrive after Saturday 7 March."


def test_where_the_answer_was_lost_the_mail_is_sent_once_more_under_its_id() -> None:
    postbox = Postbox(DATA=DROP_ONCE)

    house = told(postbox)

    ids = [message_from_bytes(mail, policy=default)["Message-ID"] for mail in postbox.mails]
    assert outcomes(house) == [("email", "ambiguous"), ("email", "accepted")]
    assert len(ids) == 2 and len(set(ids)) == 1


def test_where_every_answer_is_lost_there_are_two_mails_and_no_third() -> None:
    postbox = Postbox(DATA=DROP)

    house = told(postbox)

    assert outcomes(house) == [("email", "ambiguous"), ("email", "ambiguous")] and len(postbox.mails) == 2


def test_an_address_that_the_server_refuses_leads_to_the_next_channel() -> None:
    house = told(Postbox(RCPT="550 5.1.1 unknown"))

    assert outcomes(house) == [("email", "refused"), ("sms", "accepted")]
    assert [message.channel for message in house.channel.sent] == ["sms"]


def test_what_the_server_cannot_take_now_is_tried_again_within_minutes() -> None:
    postbox = Postbox(RCPT="450 4.2.1 later")

    house = told(postbox)

    assert outcomes(house)[:2] == [("email", "retry"), ("email", "retry")]
    assert house.store.next_ask() is None or house.store.next_ask() > NOON + MINUTE
