"""A message as a mail: what mail programs make of it, and what nobody can smuggle into it."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from msgspec.structs import replace

from contracts.message import Recipient
from notifiers.composing import Composer, Occasion, Sender, lay_out
from notifiers.composing.links import Links
from notifiers.composing.mail import MailSender, NoAddress, as_mail, mailbox_of, named_mailbox
from tests.notifiers.builders import CHOICES, NOON, a_notice, a_problem, a_question
from tests.notifiers.channels.posts import a_post

SENDER = MailSender(mailbox_of("hello@example.com", name="Blue Shöp"))
LINKED = Composer(choices=CHOICES, sender=Sender(), links=Links("https://example.com/with/a/rather/long/path", "s" * 32))


def mailed(sender: MailSender = SENDER, *, composer: Composer | None = None, **changes: Any) -> EmailMessage:
    message = replace(a_post(composer=composer), **changes)
    mail = message_from_bytes(as_mail(message, sender), policy=default)
    assert isinstance(mail, EmailMessage) and not mail.defects
    return mail


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_mail_is_text_and_page_of_the_same_story() -> None:
    message = a_post()

    mail = mailed()

    assert mail.get_content_type() == "multipart/alternative"
    assert body(mail, "plain") == message.text and body(mail, "html").rstrip("\n") == message.html.rstrip("\n")


def test_signs_of_any_language_arrive() -> None:
    mail = mailed(
        title="Grüße — 24,50\u00a0€ 日本語",
        text="Füße: 日本語\n" + "lang " * 300 + "\n",
        to=Recipient('Jörg "J" Müller', "jo@müller.de"),
    )

    assert mail["Subject"] == "Grüße — 24,50 € 日本語"
    assert mail["From"] == "Blue Shöp <hello@example.com>"
    (to,) = mail["To"].addresses
    assert (to.display_name, to.addr_spec) == ('Jörg "J" Müller', "jo@xn--mller-kva.de")
    assert body(mail, "plain").startswith("Füße: 日本語\nlang lang")


def test_no_line_of_a_mail_is_longer_than_mail_allows() -> None:
    message = replace(a_post(composer=LINKED), title="Wörter " * 60, text="x" * 5_000, html="<p>" + "y" * 5_000)

    lines = as_mail(message, SENDER).split(b"\r\n")

    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_mails_of_one_problem_stand_together_and_each_keeps_its_id() -> None:
    opened, again = mailed(), mailed()
    later = mailed(message="msg_2")

    assert opened["Message-ID"] == again["Message-ID"] == f"<{a_post().message}@example.com>" != later["Message-ID"]
    assert opened["References"] == opened["In-Reply-To"] == later["References"] == f"<{a_problem().problem}@example.com>"


def test_a_digest_refers_to_all_its_problems() -> None:
    second = a_question(notice=a_notice(notice="ntc_2", problem="prb_2"), problem=a_problem(problem="prb_2"))
    occasion = Occasion(channel="email", now=NOON)
    message = replace(
        lay_out([LINKED.draft(each, occasion) for each in (a_question(), second)]), to=Recipient(None, "a@example.com")
    )

    mail = message_from_bytes(as_mail(message, SENDER), policy=default)

    assert mail["References"].split() == [f"<{a_problem().problem}@example.com>", "<prb_2@example.com>"]
    assert mail["In-Reply-To"] is None


def test_a_mail_asks_programs_not_to_answer_and_says_its_language() -> None:
    mail = mailed(language="de")

    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "de")
    assert mail["Date"] == "Wed, 04 Mar 2026 12:00:00 +0000"


def test_one_request_stops_such_mails_where_there_is_a_page_for_it() -> None:
    mail = mailed(composer=LINKED)

    link = mail["List-Unsubscribe"]
    assert link.startswith("<https://example.com/with/a/rather/long/path/stop/") and link.endswith(">") and "=?" not in link
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mailed()["List-Unsubscribe"] is None


def test_answers_go_where_the_settings_say() -> None:
    assert mailed()["Reply-To"] is None
    assert mailed(MailSender(SENDER.mailbox, mailbox_of("help@example.com")))["Reply-To"] == "help@example.com"


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: a@example.com", "x\nBcc: a@example.com", "x\r\n\r\nbody", "=?utf-8?q?x=0D=0ABcc=3A_a?="]
)
def test_nobody_brings_a_header_into_a_mail(evil: str) -> None:
    mail = mailed(title=evil, to=Recipient(evil, "jo@example.com"))

    assert mail["Bcc"] is None
    assert set(mail.keys()) == set(mailed().keys())
    assert mail["Subject"] == " ".join(evil.split())


@pytest.mark.parametrize(
    "text",
    ["", "jo", "jo@", "@example.com", "jo@@example.com", "a b@example.com", "jo@example.com\r\nRCPT TO:<x@y.z>", "jo@a b.com",
     "<jo@example.com>", "jörg@example.com", "jo,x@example.com", "x" * 250 + "@example.com", "jo@.com", "a:b@example.com"],
)  # fmt: skip
def test_what_is_no_address_gets_no_mail(text: str) -> None:
    with pytest.raises(NoAddress):
        mailbox_of(text)


def test_an_address_may_come_with_a_name() -> None:
    assert str(named_mailbox("Blue Shop <hello@example.com>")) == '"Blue Shop" <hello@example.com>'
    assert named_mailbox(' "Blue, Shop" <hello@example.com> ').name == "Blue, Shop"
    assert str(named_mailbox("hello@example.com")) == "hello@example.com"
