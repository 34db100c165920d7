"""A message becomes a mail: text and HTML, with the headers by which programs thread it, file it, stop it and never answer it.

Written by hand, for the library's way takes ten times as long, and encodes long ids and links, which nobody decodes there.
"""

from binascii import b2a_qp
from collections.abc import Iterator
from email.header import Header
from email.utils import format_datetime, quote

from msgspec import Struct

from contracts.message import Posted
from contracts.times import to_datetime
from notifiers.composing.shown import one_line

MOST_ROOTS = 10
LONGEST_ADDRESS = 254
LONGEST_NAME = 100
LONGEST_SUBJECT = 200
NOT_IN_ADDRESSES = frozenset(' ,:;<>()[]"\\')


class NoAddress(Exception):
    """What stands in a profile, or in the settings, is no address that mail can go to."""


class Mailbox(Struct, frozen=True):
    """A mail address, in ASCII, and the name to show with it."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def __str__(self) -> str:
        if not self.name:
            return self.address
        plain = self.name.isascii() and "=?" not in self.name
        shown = f'"{quote(self.name)}"' if plain else Header(self.name, "utf-8").encode(linesep="\r\n")
        return f"{shown} <{self.address}>"


class MailSender(Struct, frozen=True):
    """Whom mails are from, and where answers to them go, None for the same."""

    mailbox: Mailbox
    reply_to: Mailbox | None = None


def mailbox_of(address: str, *, name: str = "") -> Mailbox:
    """Return the mailbox of an address, whose domain may have any letters. Raises NoAddress."""
    local, _, domain = address.strip().rpartition("@")
    try:
        sound = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise NoAddress("this is no mail address") from None
    is_plain = sound.isascii() and sound.isprintable() and not NOT_IN_ADDRESSES & set(sound)
    if not (local and domain and is_plain) or "@" in local or len(sound) > LONGEST_ADDRESS:
        raise NoAddress("this is no mail address")
    return Mailbox(sound, one_line(name.strip()[:LONGEST_NAME]))


def named_mailbox(text: str) -> Mailbox:
    """Return what `jo@example.com` or `Jo <jo@example.com>` names. Raises NoAddress."""
    name, bracket, address = text.strip().removesuffix(">").rpartition("<")
    return mailbox_of(address if bracket else text, name=name.strip().strip('"'))


def as_mail(message: Posted, sender: MailSender) -> bytes:
    """Return the mail of a message, the same each time it is made, its lines ended by CR LF. Raises NoAddress."""
    boundary = f"={message.message}="
    parts = (("text/plain", message.text), ("text/html", message.html))
    written = [
        *(f"{name}: {value}".encode() for name, value in _headers(message, sender)),
        b"MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"'.encode(),
        b"",
        *(line for kind, text in parts for line in _part(kind, text, boundary)),
        f"--{boundary}--".encode(),
        b"",
    ]
    return b"\r\n".join(written)


def _part(kind: str, text: str, boundary: str) -> Iterator[bytes]:
    yield f"--{boundary}".encode()
    yield f"Content-Type: {kind}; charset=utf-8".encode()
    yield b"Content-Transfer-Encoding: quoted-printable"
    yield b""
    yield b2a_qp("\r\n".join(text.splitlines()).encode() + b"\r\n")


def _headers(message: Posted, sender: MailSender) -> Iterator[tuple[str, str]]:
    domain = sender.mailbox.domain
    roots = [f"<{problem}@{domain}>" for problem in dict.fromkeys(about.problem for about in message.about)]
    yield "Message-ID", f"<{message.message}@{domain}>"
    yield "Date", format_datetime(to_datetime(message.composed_at))
    yield "From", str(sender.mailbox)
    yield "To", str(mailbox_of(message.to.email or "", name=message.to.name or ""))
    yield "Subject", _unstructured(message.title, name="Subject")
    if sender.reply_to is not None:
        yield "Reply-To", str(sender.reply_to)
    yield "References", "\r\n ".join(roots[:MOST_ROOTS])
    if len(roots) == 1:
        yield "In-Reply-To", roots[0]
    yield "Content-Language", message.language
    yield "Auto-Submitted", "auto-generated"
    if message.stop_link is not None:
        yield "List-Unsubscribe", f"<{message.stop_link}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _unstructured(text: str, *, name: str) -> str:
    """Return a text as it stands in a header: folded, and encoded where it is not ASCII or looks as if it were encoded."""
    short = text if len(text) <= LONGEST_SUBJECT else f"{text[: LONGEST_SUBJECT - 1]}…"
    charset = "us-ascii" if short.isascii() and "=?" not in short else "utf-8"
    return Header(one_line(short), charset, header_name=name).encode(linesep="\r\n")
