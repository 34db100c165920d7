"""The board in, what a terminal shows of it out: the clock, the counts, a bar per rule and the newest message."""

from textwrap import wrap

from rich.box import ROUNDED
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from contracts.message import Message
from contracts.times import to_datetime
from tellfirst.demo.board import Board

HEAD = 4
MESSAGE = 9
NAME = 24


def picture(board: Board, *, width: int, height: int) -> RenderableType:
    """Return what fits on a screen of so many columns and lines."""
    rules = max(1, min(12, height - HEAD - MESSAGE - 3))
    return Group(_clock(board, width), _counts(board), Text(), *_bars(board, width, rules), Text(), _newest(board, width))


def _clock(board: Board, width: int) -> Text:
    now = f"{to_datetime(board.clock, board.zone):%A %-d %B %H:%M}"
    share = board.records / board.total
    room = width - 36
    done = round(room * share)
    line = Text(f" {now:<26} ", "bold")
    return line.append("━" * done, "not bold cyan").append("─" * (room - done), "not bold dim").append(f" {share:>4.0%}", "dim")


def _counts(board: Board) -> Text:
    counts = (
        (board.records, "events read"),
        (board.problems.total(), "problems"),
        (board.messages, "messages"),
        (len(board.customers), "customers told"),
    )
    line = Text(" ")
    for number, of_what in counts:
        line.append(f"{number:,}", "bold green" if of_what == "customers told" else "bold").append(f" {of_what}   ", "dim")
    return line


def _bars(board: Board, width: int, rows: int) -> list[Text]:
    """A bar per rule, longest first; the same number of lines whether they are known yet or not."""
    found = board.problems.most_common(rows)
    most, room = found[0][1] if found else 1, width - NAME - 10
    lines = [
        Text(f" {rule:<{NAME}}", "dim").append("━" * max(1, room * number // most), "cyan").append(f" {number:,}")
        for rule, number in found
    ]
    return [*lines, *[Text()] * (rows - len(found))]


def _newest(board: Board, width: int) -> Panel:
    message = board.newest
    table = Table.grid(expand=True)
    for line in _lines(message, width - 6)[: MESSAGE - 2]:
        table.add_row(line)
    for _ in range(MESSAGE - 2 - table.row_count):
        table.add_row(Text())
    return Panel(
        table, title=_from(board, message), title_align="left", border_style="dim", box=ROUNDED, padding=(0, 1), width=width
    )


def _from(board: Board, message: Message | None) -> Text:
    if message is None:
        return Text("nothing to tell yet", "dim")
    sent = f"{to_datetime(message.composed_at, board.zone):%a %H:%M}"
    return Text(f"to {message.customer} by {message.channel}, {sent}", "not dim cyan")


def _lines(message: Message | None, width: int) -> list[Text]:
    """The message without what the system adds at its end, wrapped; its first line stands out."""
    if message is None:
        return []
    story = message.text.partition("\n-- ")[0].strip()
    first, *rest = [line for line in story.splitlines() if line.strip()] or [message.title]
    return [*_wrapped(first, "bold", width), *(each for line in rest for each in _wrapped(line, "", width))]


def _wrapped(text: str, style: str, width: int) -> list[Text]:
    return [Text(line, style, no_wrap=True) for line in wrap(text, width)]
