"""What a channel is: a message in, what became of it out."""

from typing import Protocol

from msgspec import Struct

from contracts.message import Message, Outcome


class Reply(Struct, frozen=True):
    """What the provider answered. outcome: never SENDING. detail: without addresses."""

    outcome: Outcome
    detail: str = ""


class Channel(Protocol):
    """at_most_once: twice is worse than never here, so that a try without an answer is not repeated."""

    @property
    def name(self) -> str: ...
    @property
    def at_most_once(self) -> bool: ...
    async def send(self, message: Message) -> Reply:
        """Send under the message's id. What goes wrong is an outcome, never an exception."""
