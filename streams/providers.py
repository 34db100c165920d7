"""What tellfirst.yaml says of providers: which server or receiver stands behind a channel's word, and where our own pages are."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from notifiers.channels.providers import MAIL_CARE, Care, Provider, Secret, SmtpProvider, Tls, WebhookProvider
from notifiers.composing.mail import Mailbox, MailSender, NoAddress, named_mailbox
from rules.reading.part import Part
from rules.reading.tells import CHANNELS
from streams.caring import read_care, read_patience

KINDS = ("outbox", "smtp", "webhook")
PORTS: Mapping[Tls, int] = {"implicit": 465, "starttls": 587, "none": 25}
ENVIRONMENT = "TELLFIRST_"


@dataclass(frozen=True)
class OurPages:
    """base: where pages of ours can be reached, https; secret: signs the links to them."""

    base: str
    secret: Secret


def read_channels(part: Part, *, speaker: str) -> Mapping[str, Provider]:
    """Return the channels that have a provider of their own; `kind: outbox` says of one that it has none.

    speaker: the name on mails whose `from` has none.
    """
    channels = part.part("channels")
    found: dict[str, Provider] = {}
    for word in channels.entries if channels else ():
        assert channels is not None
        own = channels.part(word)
        if word not in CHANNELS:
            channels.faults.refuse(channels.place_of(word), f"`{word}` is not a channel", f"write one of {', '.join(CHANNELS)}")
        elif own is not None and (provider := _provider(own, word, speaker)) is not None:
            found[word] = provider
    return found


def _provider(own: Part, word: str, speaker: str) -> Provider | None:
    own.need("kind", f"write one of {', '.join(KINDS)}")
    provider: Provider | None = None
    match own.word("kind", KINDS, ""):
        case "smtp" if word != "email":
            own.faults.refuse(own.place_of("kind"), f"`{word}` does not go by mail", "write `webhook` or `outbox`")
            return None
        case "smtp":
            provider = _smtp(own, word, speaker)
        case "webhook":
            provider = _webhook(own, word)
        case "":
            own.missing()
            return None
    own.close()
    return provider


def _smtp(own: Part, word: str, speaker: str) -> Provider:
    own.need("host", "write the name of your mail server")
    own.need("from", "write whom mails are from, such as Blue Shop <hello@example.com>")
    host, sender, reply_to = own.text("host"), _mailbox(own, "from"), _mailbox(own, "reply_to")
    tls, user, password = _tls(own), own.text("user") or None, read_secret(own, "password", "CHANNELS", word)
    if (user is None) is not (password is None):
        own.faults.refuse(own.place, "`user` and its password belong together", "write `user` and `password_file`, or neither")
    if tls == "none" and not (own.flag("allow_unencrypted") or is_loopback(host)):
        fact = "mail would travel in the open, and the login with it"
        own.faults.refuse(own.place_of("tls"), fact, "write starttls or implicit, or add `allow_unencrypted: true`")
    return SmtpProvider(
        host=host,
        port=_port(own) or PORTS[tls],
        tls=tls,
        sender=MailSender(Mailbox(sender.address, sender.name or speaker) if sender else Mailbox(""), reply_to),
        user=user,
        password=password,
        trusted=read_file(own, "ca_file"),
        patience=read_patience(own),
        care=read_care(own, usual=MAIL_CARE),
    )


def _webhook(own: Part, word: str) -> Provider:
    own.need("url", "write where messages are sent, such as https://example.com/messages")
    secret = read_secret(own, "secret", "CHANNELS", word)
    if secret is None:
        own.faults.refuse(
            own.place, "there is no secret to sign with", f"write `secret_file`, or set {variable('CHANNELS', word, 'secret')}"
        )
    return WebhookProvider(
        url=_https(own, "url"),
        secret=secret or Secret(),
        may_be_private=bool(own.flag("allow_private")),
        trusted=read_file(own, "ca_file"),
        patience=read_patience(own),
        care=read_care(own, usual=Care()),
    )


def read_pages(part: Part) -> OurPages | None:
    own = part.part("links")
    if own is None:
        return None
    own.need("base", "write where your pages can be reached, such as https://tell.example.com")
    secret, base = read_secret(own, "secret", "LINKS"), _https(own, "base")
    if secret is None:
        own.faults.refuse(
            own.place, "there is no secret to sign links with", f"write `secret_file`, or set {variable('LINKS', 'secret')}"
        )
    own.close()
    return OurPages(base, secret or Secret())


def _tls(own: Part) -> Tls:
    port = own.scalar("port")
    usual = "implicit" if port is not None and port.text == "465" else "starttls"
    match own.word("tls", ("implicit", "starttls", "none"), usual):
        case "implicit":
            return "implicit"
        case "none":
            return "none"
        case _:
            return "starttls"


def _port(own: Part) -> int | None:
    found = own.scalar("port")
    if found is None:
        return None
    if not found.text.isdecimal() or not 1 <= int(found.text) <= 65535:
        own.faults.refuse(found.place, f"'{found.text}' is not a port", "write a whole number from 1 to 65535")
        return None
    return int(found.text)


def _mailbox(own: Part, key: str) -> Mailbox | None:
    found = own.scalar(key)
    if found is None:
        return None
    try:
        return named_mailbox(found.text)
    except NoAddress:
        own.faults.refuse(found.place, f"'{found.text}' is no mail address", "write such as Blue Shop <hello@example.com>")
        return None


def _https(own: Part, key: str) -> str:
    """Return an address that we may call; what is wrong with it is a fault."""
    found = own.scalar(key)
    if found is None:
        return ""
    try:
        url = urlsplit(found.text)
        is_fine = url.scheme == "https" and url.hostname and url.port != 0 and url.username is None and not url.fragment
    except ValueError:
        is_fine = False
    if not is_fine or not found.text.isprintable() or " " in found.text:
        own.faults.refuse(
            found.place, f"`{key}` is no address that we call", "write https://, a name and a path, without a login"
        )
    return found.text


def read_secret(own: Part, key: str, *path: str) -> Secret | None:
    """Return a secret from its file, or from the environment; in a file that people share it does not belong.

    path: of the part within the settings, for the variable's name.
    """
    word, file = own.scalar(key), own.scalar(f"{key}_file")
    if word is not None and not word.place.file.startswith(ENVIRONMENT):
        own.faults.refuse(
            word.place, f"a {key} does not belong into this file", f"write `{key}_file`, or set {variable(*path, key)}"
        )
    if word is not None:
        return Secret(word.text)
    return Secret(file=Path(file.text)) if file is not None else None


def variable(*path: str) -> str:
    """Return the name of the variable for what stands in the settings under these keys."""
    return ENVIRONMENT + "__".join(part.upper() for part in path)


def read_file(own: Part, key: str) -> Path | None:
    found = own.scalar(key)
    return Path(found.text) if found is not None else None


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
