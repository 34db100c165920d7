"""What a channel is: a message in, what became of it out."""

from typing import Protocol

from msgspec import Struct

from contracts.message import Outcome, Posted


class Reply(Struct, frozen=True):
    """What the provider answered. outcome: never SENDING. detail: without addresses.

    retry_after: how long the provider asks to be left alone, in microseconds, None where it did not say.
    """

    outcome: Outcome
    detail: str = ""
    retry_after: int | None = None


class Channel(Protocol):
    """at_most_once: twice is worse than never here, so that a try without an answer is not repeated."""

    @property
    def name(self) -> str: ...
    @property
    def at_most_once(self) -> bool: ...
    async def send(self, message: Posted) -> Reply:
        """Send under the message's id. What goes wrong is an outcome, never an exception."""
