"""Mail by SMTP against a real server on loopback: what became of it is told by how far it had got."""

import asyncio
from collections.abc import Awaitable, Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from contracts.message import Outcome, Recipient
from contracts.times import SECOND
from notifiers.channels import Reply
from notifiers.channels.providers import Care, Patience, Secret, SmtpProvider
from notifiers.channels.smtp import Smtp
from notifiers.channels.smtp_line import MAILS_PER_CONNECTION
from notifiers.composing.mail import MailSender, mailbox_of
from tests.notifiers.channels.mail_server import CERTIFICATE, DROP, DROP_ONCE, HANG, Postbox, a_mail_server, server_tls
from tests.notifiers.channels.posts import a_post

SENDER = MailSender(mailbox_of("hello@example.com", name="Example Parcels"))
QUICK = Patience(connect=5 * SECOND, answer=SECOND // 5, total=5 * SECOND)


def smtp(port: int, **changes: Any) -> Smtp:
    provider = SmtpProvider(host="localhost", port=port, tls="none", sender=SENDER)
    return Smtp(replace(provider, **changes), folder=Path())


def with_server(postbox: Postbox, test: Callable[[int], Awaitable[Any]], **options: Any) -> Any:
    async def run() -> Any:
        async with a_mail_server(postbox, **options) as port:
            return await test(port)

    return asyncio.run(run())


def sent(postbox: Postbox, *, server: dict[str, Any] | None = None, **changes: Any) -> Reply:
    async def send(port: int) -> Reply:
        channel = smtp(port, **changes)
        reply = await channel.send(a_post())
        await channel.aclose()
        return reply

    reply: Reply = with_server(postbox, send, **server or {})
    return reply


def test_a_mail_that_the_server_takes_is_accepted() -> None:
    postbox = Postbox()

    reply = sent(postbox)

    assert reply == Reply(Outcome.ACCEPTED, "250 2.0.0 at the end of DATA")
    mail = message_from_bytes(postbox.mails[0], policy=default)
    assert mail["To"] == "Jo Example <jo@example.com>" and mail["From"] == "Example Parcels <hello@example.com>"


@pytest.mark.parametrize(
    ("says", "outcome", "detail"),
    [
        ({"RCPT": "550 5.1.1 <jo@example.com> is unknown"}, Outcome.REFUSED, "550 5.1.1 at RCPT"),
        ({"RCPT": "450 4.2.1 <jo@example.com> later"}, Outcome.RETRY, "450 4.2.1 at RCPT"),
        ({"DATA": "554 5.6.0 not this"}, Outcome.REFUSED, "554 5.6.0 at the end of DATA"),
        ({"DATA": "451 4.3.0 not now"}, Outcome.RETRY, "451 4.3.0 at the end of DATA"),
        ({"MAIL": "550 5.7.1 not from you"}, Outcome.RETRY, "550 5.7.1 at MAIL"),
        ({"MAIL": "421 4.3.2 going down"}, Outcome.RETRY, "421 4.3.2 at MAIL"),
        ({"RCPT": DROP}, Outcome.RETRY, "failed (SMTPServerDisconnected) at RCPT"),
        ({"DATA": DROP}, Outcome.AMBIGUOUS, "failed (SMTPServerDisconnected) at the end of DATA"),
        ({"RCPT": HANG}, Outcome.RETRY, "no answer at RCPT"),
        ({"DATA": HANG}, Outcome.AMBIGUOUS, "no answer at the end of DATA"),
    ],
)
def test_what_became_of_a_mail_is_told_by_how_far_it_had_got(says: dict[str, str], outcome: Outcome, detail: str) -> None:
    assert sent(Postbox(**says), patience=QUICK) == Reply(outcome, detail)


def test_the_time_for_all_of_a_mail_is_bounded_too() -> None:
    patience = replace(QUICK, answer=60 * SECOND, total=SECOND // 5)

    assert sent(Postbox(DATA=HANG), patience=patience) == Reply(Outcome.AMBIGUOUS, "no answer at the end of DATA")
    assert sent(Postbox(RCPT=HANG), patience=patience) == Reply(Outcome.RETRY, "no answer at RCPT")


def test_a_server_that_is_not_there_is_tried_again() -> None:
    async def send(port: int) -> int:
        return port

    reply = asyncio.run(smtp(with_server(Postbox(), send)).send(a_post()))

    assert reply == Reply(Outcome.RETRY, "failed (SMTPConnectError) at the connection")


def test_a_customer_without_a_mail_address_that_mail_can_go_to_is_refused() -> None:
    channel = smtp(1)

    assert asyncio.run(channel.send(a_post(email=None))) == Reply(Outcome.REFUSED, "no mail address is known")
    assert asyncio.run(channel.send(a_post(email="jo@example.com>\r\nRCPT TO:<a@b.c"))).outcome is Outcome.REFUSED


def test_one_connection_is_kept_and_refusals_do_not_end_it() -> None:
    postbox = Postbox(RCPT="550 5.1.1 unknown")

    async def send(port: int) -> list[Outcome]:
        channel = smtp(port)
        replies = [await channel.send(a_post())]
        postbox.says.clear()
        replies += [await channel.send(a_post()) for _ in range(3)]
        return [reply.outcome for reply in replies]

    assert with_server(postbox, send) == [Outcome.REFUSED, *[Outcome.ACCEPTED] * 3]
    assert postbox.connections == 1


def test_a_connection_that_went_stale_is_renewed_without_a_lost_try() -> None:
    postbox = Postbox()

    async def send(port: int) -> list[Reply]:
        channel = smtp(port)
        replies = [await channel.send(a_post())]
        postbox.says["MAIL"] = DROP_ONCE
        return [*replies, await channel.send(a_post())]

    assert [reply.outcome for reply in with_server(postbox, send)] == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    assert postbox.connections == 2


def test_a_connection_is_renewed_after_a_number_of_mails() -> None:
    postbox = Postbox()

    async def send(port: int) -> None:
        channel = smtp(port)
        for _ in range(MAILS_PER_CONNECTION + 1):
            await channel.send(a_post())

    with_server(postbox, send)

    assert (len(postbox.mails), postbox.connections) == (MAILS_PER_CONNECTION + 1, 2)


def test_mails_go_side_by_side_by_as_many_connections_as_the_server_may_have() -> None:
    postbox = Postbox()

    async def send(port: int) -> list[Reply]:
        channel = smtp(port, care=Care(at_once=2))
        return list(await asyncio.gather(*(channel.send(a_post()) for _ in range(5))))

    assert {reply.outcome for reply in with_server(postbox, send)} == {Outcome.ACCEPTED}
    assert (len(postbox.mails), postbox.connections) == (5, 2)


def test_a_line_that_begins_with_a_dot_arrives_as_it_is() -> None:
    postbox = Postbox()

    with_server(postbox, lambda port: smtp(port).send(replace(a_post(), text="Look:\n.\n.hidden\n")))

    text = message_from_bytes(postbox.mails[0], policy=default).get_body(("plain",))
    assert text is not None and text.get_content().splitlines() == ["Look:", ".", ".hidden"]


@pytest.mark.parametrize(
    ("tls", "server"),
    [("implicit", {"implicit_tls": True}), ("starttls", {"tls_context": server_tls(), "require_starttls": True})],
)
def test_mail_goes_through_tls_to_a_server_that_we_trust(tls: str, server: dict[str, Any]) -> None:
    trusting, distrusting = Postbox(), Postbox()

    assert sent(trusting, tls=tls, trusted=CERTIFICATE, server=server).outcome is Outcome.ACCEPTED
    reply = sent(distrusting, tls=tls, server=server)

    assert (reply.outcome, distrusting.mails) == (Outcome.RETRY, [])
    assert reply.detail.endswith("at the connection")


def test_where_the_server_offers_no_tls_nothing_is_sent_in_the_open() -> None:
    postbox = Postbox()

    assert sent(postbox, tls="starttls", trusted=CERTIFICATE, user="me", password=Secret("right")).outcome is Outcome.RETRY
    assert (postbox.mails, postbox.logins) == ([], [])


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the whole connection is in TLS
def test_a_login_that_fails_is_no_fault_of_the_customer() -> None:
    server = {"implicit_tls": True, "auth_require_tls": False, "auth_required": True}

    def login(password: str) -> tuple[Postbox, Reply]:
        postbox = Postbox()
        login = {"user": "me", "password": Secret(password)}
        options = {**server, "authenticator": postbox.login}
        return postbox, sent(postbox, tls="implicit", trusted=CERTIFICATE, server=options, **login)

    right, wrong = login("right"), login("wrong")

    assert right[1].outcome is Outcome.ACCEPTED and right[0].logins == [(b"me", b"right")]
    assert wrong[1].outcome is Outcome.RETRY and wrong[1].detail.startswith("535") and wrong[0].mails == []


def test_a_message_that_nobody_is_named_for_is_refused() -> None:
    assert asyncio.run(smtp(1).send(replace(a_post(), to=Recipient()))).outcome is Outcome.REFUSED


def test_who_leaves_while_a_mail_is_on_its_way_does_not_wait_for_it() -> None:
    postbox = Postbox(DATA=HANG)

    async def leave(port: int) -> Reply:
        channel = smtp(port)
        sending = asyncio.create_task(channel.send(a_post()))
        while not postbox.mails:
            await asyncio.sleep(0)
        await channel.aclose()
        return await sending

    assert with_server(postbox, leave).outcome is Outcome.AMBIGUOUS


def test_one_can_knock_at_a_server_without_sending_a_mail() -> None:
    postbox = Postbox()
    server = {"tls_context": server_tls(), "require_starttls": True}

    assert with_server(postbox, lambda port: smtp(port, tls="starttls", trusted=CERTIFICATE).knock(), **server) is None
    assert with_server(postbox, lambda port: smtp(port, tls="starttls").knock(), **server).endswith("at the connection")
    assert asyncio.run(smtp(1).knock()) == "failed (SMTPConnectError) at the connection"
    assert postbox.mails == []
