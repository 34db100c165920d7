"""What a provider says later of a message that it took: it arrived, it came back, or the customer objects to it."""

from enum import StrEnum

from msgspec import Struct


class ReceiptKind(StrEnum):
    """From the least to the most that is known; a receipt only moves forward. UNKNOWN: no answer came."""

    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"

    @property
    def rank(self) -> int:
        """How much it says, from 1."""
        return list(ReceiptKind).index(self) + 1


class Receipt(Struct, frozen=True, kw_only=True):
    """message: the id under which it went out. at: when it was so, in microseconds."""

    message: str
    receipt: ReceiptKind
    at: int


class ReceiptFate(StrEnum):
    """What became of a receipt. UNMATCHED: no message of ours that may have arrived has this id."""

    TAKEN = "taken"
    REPEATED = "repeated"
    UNMATCHED = "unmatched"
