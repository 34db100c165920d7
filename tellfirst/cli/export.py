"""`export`: what the store keeps, as JSON Lines with documented fields, for whoever wants to check us."""

from enum import StrEnum

import msgspec
import typer

from tellfirst import wiring
from tellfirst.cli.answers import Json


class Table(StrEnum):
    PROBLEMS = "problems"
    NOTICES = "notices"
    PROMISES = "promises"
    ATTEMPTS = "attempts"
    DEAD_LETTERS = "dead-letters"
    CASES = "cases"


def export(context: typer.Context, table: Table, as_json: Json = False) -> None:
    """Print one of the store's tables as JSON Lines, oldest first; with --json as one array."""
    encode = msgspec.json.Encoder().encode
    out = typer.get_binary_stream("stdout")
    before, after = (b"[", b"") if as_json else (b"", b"\n")
    with wiring.reading(context.obj) as store:
        for row in store.export(table.value):
            out.write(before + encode(row) + after)
            before = b"," if as_json else b""
    if as_json:
        out.write(b"]\n" if before == b"," else b"[]\n")
