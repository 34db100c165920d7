"""`backup`: a copy of the store, also while it is written."""

from pathlib import Path
from typing import Annotated

import typer

from tellfirst import wiring
from tellfirst.cli.answers import Json, say


def backup(context: typer.Context, file: Annotated[Path, typer.Argument(help="A new file.")], as_json: Json = False) -> None:
    """Copy the project's store into a new file, also while `tellfirst run` has it: all that is committed by now."""
    size = wiring.back_up(context.obj, file)
    say({"file": str(file), "bytes": size}, f"{file}: {size:,} bytes", as_json=as_json)
