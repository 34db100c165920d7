"""Webhooks against a real receiver on loopback: signed, at the address that was looked up once, and told by what was answered."""

import asyncio
import hmac
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace

from contracts.message import Outcome
from contracts.times import DAY, SECOND
from notifiers.channels import Reply
from notifiers.channels.providers import Patience, Secret, WebhookProvider
from notifiers.channels.public import is_public, resolve
from notifiers.channels.webhook import Webhook
from tests.notifiers.builders import NOON
from tests.notifiers.channels.mail_server import CERTIFICATE
from tests.notifiers.channels.posts import a_post
from tests.notifiers.channels.receiver import DROP, HANG, Names, Receiver, a_receiver

KEY = b64encode(b"0123456789abcdefghijklmn").decode()
QUICK = Patience(connect=5 * SECOND, answer=SECOND // 5, total=5 * SECOND)
LOOPBACK = ["127.0.0.1"]


def webhook(
    port: int, *, name: str = "sms", names: Names | None = None, more: Callable[[], Mapping[str, str]] = dict, **changes: Any
) -> Webhook:
    url = f"https://receiver.example:{port}/messages?from=us"
    provider = WebhookProvider(url=url, secret=Secret(f"whsec_{KEY}"), may_be_private=True, trusted=CERTIFICATE)
    return Webhook(replace(provider, **changes), folder=Path(), name=name, resolve=names or Names(LOOPBACK), more=more)


def with_receiver(receiver: Receiver, test: Callable[[int], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with a_receiver(receiver) as port:
            return await test(port)

    return asyncio.run(run())


def sent(*answers: bytes, **changes: Any) -> Reply:
    reply: Reply = with_receiver(Receiver(*answers), lambda port: webhook(port, **changes).send(a_post(channel="sms")))
    return reply


def saying(status: int, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def test_a_message_is_signed_as_standard_webhooks_says_under_its_own_id() -> None:
    receiver, message = Receiver(), a_post(channel="sms")

    reply = with_receiver(receiver, lambda port: webhook(port).send(message))

    ((headers, body),) = receiver.got
    signed = f"{message.message}.{NOON // SECOND}.".encode() + body
    assert reply == Reply(Outcome.ACCEPTED, "202")
    assert headers["webhook-id"] == message.message and headers["webhook-timestamp"] == str(NOON // SECOND)
    assert headers["webhook-signature"] == "v1," + b64encode(hmac.digest(b64decode(KEY), signed, sha256)).decode()
    assert headers["host"].startswith("receiver.example:")
    assert json.decode(body)["data"]["to"] == {"phone": "+4915112345678"}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.ACCEPTED), (204, Outcome.ACCEPTED), (301, Outcome.RETRY), (307, Outcome.RETRY), (400, Outcome.REFUSED),
        (404, Outcome.REFUSED), (410, Outcome.REFUSED), (408, Outcome.RETRY), (429, Outcome.RETRY), (500, Outcome.RETRY),
        (503, Outcome.RETRY),
    ],
)  # fmt: skip
def test_the_status_says_what_became_of_it(status: int, outcome: Outcome) -> None:
    assert sent(saying(status, "Location: https://127.0.0.1/")) == Reply(outcome, str(status))


@pytest.mark.parametrize(
    ("headers", "length"),
    [
        (["Retry-After: 120"], 120 * SECOND),
        (["Retry-After: 99999999999"], DAY),
        (["Date: Wed, 04 Mar 2026 12:00:00 GMT", "Retry-After: Wed, 04 Mar 2026 12:05:00 GMT"], 300 * SECOND),
        (["Date: Wed, 04 Mar 2026 12:00:00 GMT", "Retry-After: Wed, 04 Mar 2026 11:00:00 GMT"], 0),
        (["Retry-After: soon"], None),
        ([], None),
    ],
)
def test_how_long_the_receiver_wants_to_be_left_alone_is_heard(headers: list[str], length: int | None) -> None:
    assert sent(saying(429, *headers)).retry_after == length


@pytest.mark.parametrize(
    ("answer", "what"),
    [(DROP, "failed (RemoteProtocolError)"), (HANG, "no answer"), (b"SMTP\r\n\r\n", "failed (RemoteProtocolError)")],
)
def test_a_request_without_an_answer_is_ambiguous(answer: bytes, what: str) -> None:
    assert sent(answer, patience=QUICK) == Reply(Outcome.AMBIGUOUS, what)


def test_the_time_for_all_of_a_request_is_bounded_too() -> None:
    assert sent(HANG, patience=replace(QUICK, answer=60 * SECOND, total=SECOND // 5)) == Reply(Outcome.AMBIGUOUS, "no answer")


def test_a_receiver_that_is_not_there_or_not_trusted_is_tried_again() -> None:
    receiver = Receiver()

    async def port_of(port: int) -> int:
        return port

    gone = asyncio.run(webhook(with_receiver(receiver, port_of)).send(a_post(channel="sms")))
    assert gone == Reply(Outcome.RETRY, "failed (ConnectError)")
    assert sent(trusted=None) == Reply(Outcome.RETRY, "failed (ConnectError)")


def test_of_a_long_answer_only_the_beginning_is_read() -> None:
    endless = b"HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"8000\r\n" + b"x" * 0x8000 + b"\r\n") * 200

    assert sent(endless) == Reply(Outcome.ACCEPTED, "200")


@pytest.mark.parametrize(("name", "connections"), [("webhook", 1), ("sms", 3)])
def test_a_connection_is_kept_but_where_its_end_would_be_taken_for_told(name: str, connections: int) -> None:
    receiver = Receiver()

    async def send(port: int) -> None:
        channel = webhook(port, name=name)
        for _ in range(3):
            await channel.send(a_post(channel=name))
        await channel.aclose()

    with_receiver(receiver, send)

    assert (len(receiver.got), receiver.connections) == (3, connections)


def test_a_redirect_leads_nowhere() -> None:
    receiver = Receiver(saying(302, "Location: https://receiver.example/other"))

    with_receiver(receiver, lambda port: webhook(port).send(a_post(channel="sms")))

    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "169.254.169.254", "10.1.2.3", "[::ffff:10.1.2.3]", "2130706433", "0x7f000001", "127.1"]
)
def test_an_address_that_is_not_public_is_not_reached_however_it_is_written(host: str) -> None:
    receiver = Receiver()

    async def send(port: int) -> Reply:
        provider = WebhookProvider(url=f"https://{host}:{port}/", secret=Secret(KEY), trusted=CERTIFICATE)
        return await Webhook(provider, folder=Path(), resolve=resolve).send(a_post(channel="webhook"))

    assert with_receiver(receiver, send) == Reply(Outcome.RETRY, "failed (NotPublic)")
    assert receiver.connections == 0


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True), ("64:ff9b::5db8:d70e", True),
        ("127.0.0.1", False), ("0.0.0.0", False), ("10.0.0.1", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("100.64.0.1", False), ("169.254.169.254", False), ("224.0.0.1", False), ("255.255.255.255", False), ("240.0.0.1", False),
        ("::", False), ("::1", False), ("::7f00:1", False), ("fe80::1%eth0", False), ("fd00::1", False), ("fec0::1", False),
        ("ff02::1", False), ("::ffff:127.0.0.1", False), ("2002:7f00:1::", False), ("64:ff9b::a00:1", False),
        ("64:ff9b:1::5db8:d70e", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_that_leads_to_a_public_and_to_another_address_is_refused() -> None:
    names = Names(["93.184.215.14", "127.0.0.1"])

    reply = asyncio.run(webhook(1, names=names, may_be_private=False).send(a_post(channel="sms")))

    assert reply == Reply(Outcome.RETRY, "failed (NotPublic)")


def test_a_name_is_looked_up_once_so_that_a_second_answer_leads_nowhere_else() -> None:
    receiver, names = Receiver(), Names(LOOPBACK, ["203.0.113.1"])

    reply = with_receiver(receiver, lambda port: webhook(port, names=names).send(a_post(channel="sms")))

    assert (reply.outcome, len(receiver.got)) == (Outcome.ACCEPTED, 1)
    assert [host for host, _ in names.asked] == ["receiver.example"]


def test_where_one_address_does_not_answer_the_next_one_is_tried() -> None:
    receiver, names = Receiver(), Names(["127.0.0.2", "127.0.0.1"])

    assert (
        with_receiver(receiver, lambda port: webhook(port, names=names).send(a_post(channel="sms"))).outcome is Outcome.ACCEPTED
    )


@pytest.mark.parametrize(("name", "detail"), [("sms", "no number is known"), ("email", "no mail address is known")])
def test_a_customer_whom_the_receiver_cannot_reach_is_refused(name: str, detail: str) -> None:
    message = a_post(channel=name, phone=None, email=None)

    assert asyncio.run(webhook(1, name=name).send(message)) == Reply(Outcome.REFUSED, detail)


def test_only_an_sms_is_sent_at_most_once() -> None:
    names: Sequence[str] = ("sms", "push", "webhook", "email")

    assert [name for name in names if webhook(1, name=name).at_most_once] == ["sms"]


def test_one_can_knock_at_a_receiver_without_a_request() -> None:
    receiver = Receiver()

    assert with_receiver(receiver, lambda port: webhook(port).knock()) is None
    assert with_receiver(receiver, lambda port: webhook(port, trusted=None).knock()) == "failed (SSLCertVerificationError)"
    assert with_receiver(receiver, lambda port: webhook(port, may_be_private=False).knock()) == "failed (NotPublic)"
    assert receiver.got == []
