"""Where hand-overs go: one line of JSON per thing that a person of the business should take over or know."""

from enum import StrEnum
from pathlib import Path
from typing import Protocol

from msgspec import Struct, json, structs

from contracts.times import instant_text


class DeskKind(StrEnum):
    HAND_OVER = "hand_over"
    NOTE = "note"


class DeskItem(Struct, frozen=True, kw_only=True):
    """item: its id; the same item may come twice after a crash. desk: whose it is. at: microseconds. reason: a word."""

    item: str
    kind: DeskKind
    desk: str
    at: int
    reason: str
    problem: str
    rule: str
    case: str
    customer: str | None
    text: str


class Desk(Protocol):
    async def take(self, item: DeskItem) -> None:
        """Take it for good; raises when it cannot, and is then given it again."""


class DeskFile:
    """A file to which lines are added; an item that was added by this process is not added again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = ""

    async def take(self, item: DeskItem) -> None:
        if item.item == self._last:
            return
        line = json.encode({**structs.asdict(item), "at": instant_text(item.at)}) + b"\n"
        try:
            self._add(line)
        except FileNotFoundError:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._add(line)
        self._last = item.item

    def _add(self, line: bytes) -> None:
        with self._path.open("ab", buffering=0) as file:
            file.write(line)
