"""What was tried so far of a notice, channel by channel, which of it its customer may have heard, and when it is tried again."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeAlias

from contracts.ids import message_id
from contracts.message import Attempt
from contracts.notice import Notice
from contracts.receipt import ReceiptKind
from contracts.times import DAY, HOUR, MINUTE, SECOND
from notifiers.courier.letters import route
from notifiers.gates.question import Question
from notifiers.ports import Ledger

Try: TypeAlias = tuple[str, Attempt]
"""A channel's word, and one try there."""

DELAYS = (30 * SECOND, 5 * MINUTE, HOUR)
MOST_TRIES = len(DELAYS) + 1


def tries_by(ledger: Ledger, notice: Notice, word: str) -> Sequence[Attempt]:
    """Return the tries of a notice by a channel, oldest first."""
    return ledger.attempts(message_id(notice.notice, word)) if notice.channel is not None else ()


def tries_of(ledger: Ledger, question: Question) -> list[Try]:
    """Return the tries of a notice by all channels, but of one from which it came back: nothing of these has arrived."""
    notice = question.notice
    if notice.channel is None:
        return []
    words = dict.fromkeys((*route(question), notice.channel))
    tries = {word: tries_by(ledger, notice, word) for word in words}
    came_back = {word for word, some in tries.items() if any(each.receipt is ReceiptKind.BOUNCED for each in some)}
    return [(word, each) for word, some in tries.items() if word not in came_back for each in some]


def next_try_at(message: str, tries: int, *, ended: int, retry_after: int | None = None) -> int | None:
    """Return when to try again a message that was not accepted, or None to stop. Times in microseconds.

    tries: tries made so far, the first one counted; at least 1. retry_after: what the provider asked for; heeded up to a day.
    Delays are 30 s, 5 min and 1 h, each shortened by up to 10 %, computed from the message id, so that a replay agrees.
    """
    if tries > len(DELAYS):
        return None
    delay = DELAYS[tries - 1]
    drawn = int.from_bytes(blake2b(f"{message} {tries}".encode(), digest_size=4).digest())
    return ended + max(delay - delay * drawn // (10 << 32), min(retry_after or 0, DAY))
