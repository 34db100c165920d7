"""What was tried so far of a notice, channel by channel, and which of these tries its customer may have heard."""

from collections.abc import Sequence
from typing import TypeAlias

from contracts.ids import message_id
from contracts.message import Attempt
from contracts.notice import Notice
from contracts.receipt import ReceiptKind
from notifiers.courier.letters import route
from notifiers.gates.question import Question
from notifiers.ports import Ledger

Try: TypeAlias = tuple[str, Attempt]
"""A channel's word, and one try there."""


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
    return [(word, each) for word, some in tries.items() if not _came_back(some) for each in some]


def _came_back(tries: Sequence[Attempt]) -> bool:
    return any(each.receipt is ReceiptKind.BOUNCED for each in tries)
