"""Messages on a terminal, one block each, for whoever tries rules out."""

from collections.abc import Callable

from contracts.message import Message, Outcome
from notifiers.channels.channel import Reply


class Terminal:
    """show: writes one block; the front door decides how it looks."""

    name = "terminal"
    at_most_once = False

    def __init__(self, show: Callable[[Message, str], None]) -> None:
        self._show = show

    async def send(self, message: Message) -> Reply:
        self._show(message, block_of(message))
        return Reply(Outcome.ACCEPTED)


def block_of(message: Message) -> str:
    """Return the message as a block of text: to whom and how, then what it says, without the small print."""
    story, _, _ = message.text.partition("\n\n-- \n")
    return f"to {message.customer} by {message.channel}\n\n{story}\n"
