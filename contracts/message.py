"""A notice in words, for one channel, and the facts that it states."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from contracts.event import Citation
from contracts.notice import NoticePhase
from contracts.receipt import ReceiptKind
from contracts.values import FieldType


class Claim(Struct, frozen=True):
    """A fact that a message stated, tied to the event it came from.
    value: plain (contracts.values.to_plain), None when it said unknown."""

    fact: str
    value: Any
    event: Citation | None


class Message(Struct, frozen=True, kw_only=True):
    """title and text are plain; html is a whole page in `language`, empty where the channel has room for none.
    sections: name to text, the story that every channel tells."""

    message: str
    notice: str
    channel: str
    customer: str
    language: str
    title: str
    sections: dict[str, str]
    text: str
    html: str
    says_sorry: bool
    claims: tuple[Claim, ...]
    composed_at: int


class Recipient(Struct, frozen=True):
    """By what a customer can be reached; None where that is not known."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


class About(Struct, frozen=True, kw_only=True):
    """One notice that a message tells. kinds: of the facts that it may claim; hear_again: the time it promises, None for none."""

    notice: str
    problem: str
    rule: str
    case: str
    phase: NoticePhase
    hear_again: int | None
    claims: tuple[Claim, ...]
    kinds: Mapping[str, FieldType]


class Posted(Message, frozen=True, kw_only=True):
    """A message as its channel gets it, with what the store does not keep beside it.

    about: what it tells, at least one. stop_link: where one request stops such messages, None where there is no such page.
    """

    to: Recipient
    about: tuple[About, ...]
    stop_link: str | None = None


class Outcome(StrEnum):
    """What became of one try to send. SENDING: begun, no answer known."""

    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETRY = "retry"
    AMBIGUOUS = "ambiguous"


NO_ANSWER_CAME = "no answer came"
UNANSWERED = (Outcome.SENDING, Outcome.AMBIGUOUS)
ARRIVED = (ReceiptKind.DELIVERED, ReceiptKind.COMPLAINED)


class Attempt(Struct, frozen=True, kw_only=True):
    """tries: this one counted, from 1; detail: what the provider said, without addresses.

    sent_in: the message that carried it, where several went as one; None where it went by itself.
    receipt: what the provider said of it later, and receipt_at when that was so; of what was accepted or not answered only.
    """

    message: str
    tries: int
    outcome: Outcome
    began_at: int
    ended_at: int | None = None
    detail: str = ""
    sent_in: str | None = None
    receipt: ReceiptKind | None = None
    receipt_at: int | None = None

    @property
    def has_arrived(self) -> bool:
        """Whether its provider took it, and it did not come back."""
        return self.receipt in ARRIVED or (self.outcome is Outcome.ACCEPTED and self.receipt is not ReceiptKind.BOUNCED)

    @property
    def is_unanswered(self) -> bool:
        """Whether nobody knows if it arrived."""
        return self.outcome in UNANSWERED and self.receipt in (None, ReceiptKind.UNKNOWN)

    @property
    def was_given_up(self) -> bool:
        """Whether nothing more can come of its channel."""
        return self.outcome is Outcome.REFUSED or self.receipt is ReceiptKind.BOUNCED
