"""`export`: what the store keeps, as JSON Lines with documented fields, for whoever wants to check us."""

from enum import StrEnum

import msgspec
import typer

from tellfirst import wiring

app = typer.Typer(add_completion=False, rich_markup_mode=None)


class Table(StrEnum):
    PROBLEMS = "problems"
    NOTICES = "notices"
    PROMISES = "promises"
    ATTEMPTS = "attempts"
    DEAD_LETTERS = "dead-letters"
    CASES = "cases"


@app.command()
def export(context: typer.Context, table: Table) -> None:
    """Print one of the store's tables as JSON Lines, oldest first."""
    encode = msgspec.json.Encoder().encode
    out = typer.get_binary_stream("stdout")
    with wiring.reading(context.obj) as store:
        for row in store.export(table.value):
            out.write(encode(row) + b"\n")
