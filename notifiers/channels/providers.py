"""How a project reaches its providers: what the settings say, without the libraries that do it."""

from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct

from contracts.times import MINUTE, SECOND
from notifiers.composing.mail import MailSender

Tls: TypeAlias = Literal["implicit", "starttls", "none"]


class Secret(Struct, frozen=True, repr_omit_defaults=True):
    """A word that nobody should read: as it is, or the file that holds it. It is never printed."""

    word: str | None = None
    file: Path | None = None

    def __repr__(self) -> str:
        return "Secret(…)"

    def reveal(self, folder: Path) -> str:
        """Return the word; a relative file stands in the project's folder. Raises OSError, ValueError for an empty file."""
        word = self.word if self.file is None else (folder / self.file).read_text(encoding="utf-8").strip()
        if not word:
            raise ValueError(f"{self.file or 'the secret'} is empty")
        return word


class Patience(Struct, frozen=True, kw_only=True):
    """How long we wait, in microseconds: for a connection, for each answer, and for one message in all."""

    connect: int = 10 * SECOND
    answer: int = 30 * SECOND
    total: int = 60 * SECOND


class Rate(Struct, frozen=True):
    """So many messages per so many microseconds."""

    count: int
    per: int


class Care(Struct, frozen=True, kw_only=True):
    """How much a provider is given. at_once: messages in its hands at most; rate: None for as fast as it takes them.

    rest_after: so many tries in a row without an answer, or put off, and it is left alone for `rest` microseconds.
    """

    at_once: int = 32
    rate: Rate | None = None
    rest_after: int = 10
    rest: int = MINUTE


MAIL_CARE = Care(at_once=8)


class SmtpProvider(Struct, frozen=True, kw_only=True):
    """A mail server. user: None for no login. trusted: a file of certificates to trust instead of the system's own."""

    host: str
    port: int
    tls: Tls
    sender: MailSender
    user: str | None = None
    password: Secret | None = None
    trusted: Path | None = None
    patience: Patience = Patience()
    care: Care = MAIL_CARE


class WebhookProvider(Struct, frozen=True, kw_only=True):
    """A receiver of webhooks. url: https. may_be_private: whether it may stand at an address that is not public.

    secret: as Standard Webhooks writes it, `whsec_` and base64. trusted: as for mail.
    """

    url: str
    secret: Secret
    may_be_private: bool = False
    trusted: Path | None = None
    patience: Patience = Patience()
    care: Care = Care()


Provider: TypeAlias = SmtpProvider | WebhookProvider
