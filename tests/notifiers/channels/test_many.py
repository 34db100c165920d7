"""Many customers, and a provider that loses answers, hangs and refuses: nobody is forgotten, and twice is only what may be."""

import asyncio
from collections import Counter
from email import message_from_bytes
from email.policy import default
from random import Random

from aiosmtpd.smtp import SMTP

from contracts.ids import message_id
from contracts.times import HOUR, SECOND
from notifiers.channels import Channel
from notifiers.channels.providers import Patience
from tests.notifiers.builders import NOON
from tests.notifiers.channels.mail_server import DROP, HANG, Postbox, a_mail_server
from tests.notifiers.channels.receiver import DROP as LOST
from tests.notifiers.channels.receiver import FINE, Receiver, a_receiver
from tests.notifiers.channels.receiver import HANG as SILENT
from tests.notifiers.channels.test_smtp import smtp
from tests.notifiers.channels.test_webhook import saying, webhook
from tests.notifiers.house import House

CUSTOMERS = 100
PATIENCE = Patience(connect=5 * SECOND, answer=SECOND // 20, total=5 * SECOND)
PROFILE = {"email": "jo@example.com", "phone": "+4915112345678"}


class BadDay(Postbox):
    """Of ten mails it takes one and drops the connection, takes one and hangs, and cannot take one now."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._random = Random(seed)

    async def _said(self, step: str, server: SMTP) -> str:
        drawn = self._random.random()
        if step == "DATA":
            self.says = {"DATA": DROP if drawn < 0.1 else HANG if drawn < 0.2 else "250 2.0.0 fine"}
        elif step == "RCPT":
            self.says = {"RCPT": "451 4.3.0 later" if drawn < 0.1 else "250 2.0.0 fine"}
        return await super()._said(step, server)


def a_house(word: str, channel: Channel) -> tuple[House, set[str]]:
    """Return a house with a notice for each customer, and the ids of the messages that these become."""
    house, messages = House(channels={word: channel}), set()
    for number in range(CUSTOMERS):
        house.know(f"C{number}", channels=word, **PROFILE)
        messages.add(message_id(house.find(NOON, case=f"parcel/P{number}", customer=f"C{number}"), word))
    return house, messages


async def told(house: House) -> dict[str, set[str]]:
    """Ask the courier for five hours whenever something is due; return the messages of each outcome."""
    while (now := house.store.next_ask()) is not None and now <= NOON + 5 * HOUR:
        await house.courier.round(max(now, NOON))
    outcomes: dict[str, set[str]] = {}
    for row in house.store.export("attempts"):
        outcomes.setdefault(row["outcome"], set()).add(row["message"])
    return outcomes


def test_of_many_mails_none_is_lost_and_twice_are_only_those_whose_answer_was_lost() -> None:
    postbox = BadDay(seed=7)

    async def run() -> tuple[set[str], dict[str, set[str]]]:
        async with a_mail_server(postbox) as port:
            house, messages = a_house("email", smtp(port, patience=PATIENCE))
            return messages, await told(house)

    messages, outcomes = asyncio.run(run())

    came = Counter(str(message_from_bytes(mail, policy=default)["Message-ID"])[1:].partition("@")[0] for mail in postbox.mails)
    assert messages - outcomes.get("refused", set()) <= set(came)
    assert max(came.values()) <= 2
    assert {message for message, times in came.items() if times > 1} <= outcomes["ambiguous"]


def test_of_many_sms_none_comes_twice_and_what_may_be_lost_is_marked() -> None:
    random = Random(7)
    receiver = Receiver(*random.choices([FINE, LOST, SILENT, saying(503)], weights=[7, 1, 1, 1], k=CUSTOMERS * 4))

    async def run() -> tuple[set[str], dict[str, set[str]]]:
        async with a_receiver(receiver) as port:
            house, messages = a_house("sms", webhook(port, patience=PATIENCE))
            return messages, await told(house)

    messages, outcomes = asyncio.run(run())

    accepted, ambiguous, later = (outcomes[outcome] for outcome in ("accepted", "ambiguous", "retry"))
    came = Counter(headers["webhook-id"] for headers, _ in receiver.got)
    assert accepted | ambiguous | outcomes.get("refused", set()) == messages and not accepted & ambiguous
    assert {message for message, times in came.items() if times > 1} <= later
