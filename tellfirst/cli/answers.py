"""How an answer looks on stdout: one JSON document, or lines and columns that people read."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from contracts.times import parse_instant, to_datetime
from tellfirst.stopping import Exit, stop

UTC = ZoneInfo("UTC")

Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]


def document(answer: Any) -> None:
    """Print records, mappings, sequences and enums as one line of JSON."""
    import msgspec

    typer.echo(msgspec.json.encode(answer, enc_hook=str).decode())


def say(answer: Any, text: str, *, as_json: bool) -> None:
    """Print the answer as a document, or what people read instead."""
    if as_json:
        document(answer)
    else:
        typer.echo(text)


def lines(texts: Iterable[str]) -> None:
    for text in texts:
        typer.echo(text)


def heading(text: str) -> None:
    typer.secho(text, bold=True)


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print columns as wide as they need to be; those of numbers stand right."""
    texts = [[_cell(cell) for cell in row] for row in rows]
    right = [all(isinstance(row[column], int) for row in rows) for column in range(len(heads))]
    widths = [max(len(row[column]) for row in [heads, *texts]) for column in range(len(heads))]
    heading(_line(heads, widths, right))
    lines(_line(row, widths, right) for row in texts)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    columns = zip(cells, widths, right, strict=True)
    padded = (cell.rjust(width) if to_the_right else cell.ljust(width) for cell, width, to_the_right in columns)
    return "  ".join(padded).rstrip()


def _cell(value: object) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case _:
            return str(value)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 rule, 2,000 rules."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def moment(instant: int | None, zone: ZoneInfo = UTC) -> str:
    """Return an instant (microseconds) as people of this zone write it down, to the second where it has any."""
    if instant is None:
        return "-"
    local = to_datetime(instant, zone)
    return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")


def instant_of(option: str, text: str) -> int:
    """Return the instant that an option names. Raises Stopped."""
    try:
        return parse_instant(text)
    except ValueError as fault:
        raise stop(Exit.USAGE, option, str(fault), "write it as 2026-03-02T09:00:00Z") from None


def moment_of_text(instant: str | None) -> str:
    """Return an instant of an export as people write it down, in UTC."""
    return moment(None if instant is None else parse_instant(instant))
