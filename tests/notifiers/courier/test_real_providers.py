"""Side by side with real servers: a mail that the server sits on holds up neither other mails nor other channels."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from contracts.times import SECOND
from notifiers.channels import Channel
from notifiers.channels.providers import Care, Patience
from tests.notifiers.builders import NOON, a_rule, a_tell
from tests.notifiers.channels.mail_server import HANG, Postbox, a_mail_server
from tests.notifiers.channels.receiver import Receiver, a_receiver
from tests.notifiers.channels.test_smtp import smtp
from tests.notifiers.channels.test_webhook import webhook
from tests.notifiers.house import House

CUSTOMERS = 30
PATIENCE = Patience(connect=5 * SECOND, answer=3 * SECOND, total=5 * SECOND)


class SitsOnSome(Postbox):
    """Never says what became of a mail to a customer whose name is Slow."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.says = {"DATA": HANG} if b'To: "Slow"' in (envelope.content or b"") else {}  # type: ignore[operator]
        return await super().handle_DATA(server, session, envelope)


def a_house(mail: Channel, sms: Channel) -> House:
    """Return a house in which one customer of mail is slow, and every third customer wants an SMS."""
    rule = a_rule(tell=a_tell(next_update=None, channels=("email", "sms")))
    house = House(rule, channels={"email": mail, "sms": sms})
    for number in range(CUSTOMERS):
        name, channels = "Slow" if number == 0 else "Jo", ["sms" if number % 3 == 2 else "email"]
        house.know(f"C{number}", name=name, channels=channels, email=f"c{number}@example.com", phone="+4915112345678")
        house.find(NOON, case=f"parcel/P{number}", customer=f"C{number}")
    return house


def test_a_mail_that_is_never_answered_holds_up_nobody() -> None:
    postbox, receiver = SitsOnSome(), Receiver()

    async def run() -> tuple[House, bool]:
        async with asyncio.timeout(30), a_mail_server(postbox) as mail_port, a_receiver(receiver) as sms_port:
            care = Care(at_once=2)
            house = a_house(smtp(mail_port, patience=PATIENCE, care=care), webhook(sms_port))
            going = asyncio.ensure_future(house.courier.round(NOON))
            while len(postbox.mails) + len(receiver.got) < CUSTOMERS and not going.done():
                await asyncio.sleep(0.01)
            was_waiting = not going.done()
            await going
            return house, was_waiting

    house, was_waiting = asyncio.run(run())

    assert was_waiting and postbox.connections == 2
    outcomes = sorted(outcome for _, outcome in house.attempts())
    assert outcomes == ["accepted"] * (CUSTOMERS - 1) + ["ambiguous"]
