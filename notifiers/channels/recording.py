"""Channel and desk that keep what they are given: rule tests, backtests, the demo and the simulator look into them."""

from contracts.message import Message, Outcome
from notifiers.channels.channel import Reply
from notifiers.channels.desk import DeskItem


class Recording:
    """sent: the newest `keep` messages, or all. replies: what the next tries are answered, then always accepted."""

    def __init__(
        self, name: str = "recording", *, at_most_once: bool = False, replies: tuple[Reply, ...] = (), keep: int | None = None
    ) -> None:
        self.name, self.at_most_once = name, at_most_once
        self.sent: list[Message] = []
        self._replies, self._keep = list(replies), keep

    async def send(self, message: Message) -> Reply:
        self.sent.append(message)
        if self._keep is not None:
            del self.sent[: -self._keep or None]
        return self._replies.pop(0) if self._replies else Reply(Outcome.ACCEPTED)


class RecordingDesk:
    """items: by id, in the order of coming; one that comes twice stands once."""

    def __init__(self) -> None:
        self.items: dict[str, DeskItem] = {}

    async def take(self, item: DeskItem) -> None:
        self.items.setdefault(item.item, item)
