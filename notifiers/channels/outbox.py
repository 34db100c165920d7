"""The local outbox: nothing leaves the machine; every message is two files that a person can open."""

from pathlib import Path

from contracts.message import Message, Outcome
from contracts.times import to_datetime
from notifiers.channels.channel import Reply


class Outbox:
    """FOLDER/2026-03-02/msg_….txt and .html, by the day (UTC) of composing. The same message again replaces its files."""

    name = "outbox"
    at_most_once = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: set[Path] = set()

    async def send(self, message: Message) -> Reply:
        try:
            where = self._write(message)
        except OSError as fault:
            return Reply(Outcome.RETRY, f"the outbox cannot be written: {fault.strerror}")
        return Reply(Outcome.ACCEPTED, where)

    def _write(self, message: Message) -> str:
        """Write both files; return where they are, below the folder and without the ending."""
        day = self._folder / to_datetime(message.composed_at).date().isoformat()
        if day not in self._made:
            day.mkdir(parents=True, exist_ok=True)
            self._made = {day}
        head = f"To: {message.customer}\nBy: {message.channel}\nSubject: {message.title}\n\n"
        (day / f"{message.message}.txt").write_text(head + message.text, encoding="utf-8")
        (day / f"{message.message}.html").write_text(message.html, encoding="utf-8")
        return f"{day.name}/{message.message}"
