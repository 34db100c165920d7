"""A message in, what a person sees of it on its channel, and the files that keep it, out."""

import json
import re
from collections.abc import Mapping

from msgspec.structs import replace

from contracts.message import Posted, Recipient
from notifiers.channels.providers import Provider, SmtpProvider
from notifiers.composing.mail import Mailbox, MailSender, NoAddress, as_mail, mailbox_of
from notifiers.composing.payload import as_payload
from notifiers.segments import size

NOBODY = "customer@example.com"
OURS = MailSender(Mailbox("tellfirst@example.com"))


def look(message: Posted) -> str:
    """Return the message as its channel shows it, with what there is to know about its size."""
    match message.channel:
        case "email":
            return f"Subject: {message.title}\n\n{message.text}"
        case "sms":
            return f"{message.text}\n\n{_segments(message.text)}"
        case "webhook":
            return _pretty(message)
        case _:
            return message.text


def files_of(message: Posted, says: str, providers: Mapping[str, Provider]) -> dict[str, bytes]:
    """Return the files that keep a message: name to bytes. The mail is from whom the project's provider names."""
    stem = ".".join((message.about[0].rule, re.sub(r"[^\w-]+", "-", says), message.language))
    match message.channel:
        case "email":
            mail = as_mail(_with_address(message), _sender(providers.get("email")))
            return {f"{stem}.eml": mail, f"{stem}.html": message.html.encode(), f"{stem}.txt": message.text.encode()}
        case "webhook":
            return {f"{stem}.webhook.json": f"{_pretty(message)}\n".encode()}
        case channel:
            return {f"{stem}.{channel}.txt": f"{look(message)}\n".encode()}


def _segments(text: str) -> str:
    found = size(text)
    return f"({found.segments} segment{'s' if found.segments > 1 else ''}, {found.units} signs of {found.alphabet.name})"


def _pretty(message: Posted) -> str:
    return json.dumps(json.loads(as_payload(message)), indent=2, ensure_ascii=False)


def _sender(provider: Provider | None) -> MailSender:
    return provider.sender if isinstance(provider, SmtpProvider) else OURS


def _with_address(message: Posted) -> Posted:
    """A mail goes to somebody: where no address is known, or none that can be, to a made-up one."""
    try:
        mailbox_of(message.to.email or "")
        return message
    except NoAddress:
        return replace(message, to=Recipient(message.to.name, NOBODY, message.to.phone))
