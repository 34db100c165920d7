"""`dlq`: dead letters, the bytes that could not be taken as events, and why."""

from typing import Annotated

import typer

from contracts.event import DeadLetter
from contracts.times import instant_text
from tellfirst import wiring
from tellfirst.cli.answers import Json, document, lines, moment, table
from tellfirst.stopping import Exit, stop

app = typer.Typer(help="Dead letters, and why they are.", no_args_is_help=True, add_completion=False, rich_markup_mode=None)

MOST = 1_000_000


@app.command("list")
def list_letters(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="The newest so many.")] = 50,
    as_json: Json = False,
) -> None:
    """Show the newest dead letters."""
    with wiring.reading(context.obj) as store:
        letters = store.dead_letters(limit=limit)
    if as_json:
        document([_plain(letter) for letter in letters])
    elif letters:
        rows = [(_name(each), moment(each.at or None), each.reason, each.detail) for each in letters]
        table(("letter", "at (UTC)", "reason", "detail"), rows)
    else:
        typer.echo("No dead letters.")


@app.command()
def show(
    context: typer.Context,
    letter: Annotated[str, typer.Argument(help="SOURCE:POSITION, as `dlq list` shows it.")],
    as_json: Json = False,
) -> None:
    """Show one dead letter with its bytes."""
    with wiring.reading(context.obj) as store:
        found = next((each for each in store.dead_letters(limit=MOST) if _name(each) == letter), None)
    if found is None:
        raise stop(Exit.USAGE, letter, "there is no such dead letter", "see `tellfirst dlq list`")
    if as_json:
        document(_plain(found))
        return
    lines([f"{_name(found)}  {moment(found.at or None)} UTC", f"{found.reason}: {found.detail}", "", _readable(found.raw)])


def _name(letter: DeadLetter) -> str:
    return f"{letter.source}:{letter.position}"


def _plain(letter: DeadLetter) -> dict[str, object]:
    return {
        "letter": _name(letter),
        "at": instant_text(letter.at) if letter.at else None,
        "reason": letter.reason,
        "detail": letter.detail,
        "size": len(letter.raw),
        "text": _readable(letter.raw),
    }


def _readable(raw: bytes) -> str:
    """Return the bytes as text, what a terminal must not see as escapes."""
    text = raw.decode("utf-8", "backslashreplace")
    return "".join(sign if sign.isprintable() or sign == "\n" else sign.encode("unicode_escape").decode() for sign in text)
