"""`recover`: a store that was put back from a copy learns who was told what since, so that nobody hears it twice."""

from typing import Annotated

import typer

from tellfirst.cli.answers import Json, counted, document
from tellfirst.cli.progress import progress

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def recover(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="LOG", help="tellfirst.told, or a file; else the log that this project writes."),
    ] = None,
    as_json: Json = False,
) -> None:
    """After the store was put back from a copy: put back who was told what since. Nobody may run on it meanwhile."""
    from tellfirst.restoring import recover_told

    with progress("reading what was told", "lines") as tick:
        name, recovered = recover_told(context.obj, source, tell=lambda read: tick(read, None))
    if as_json:
        counts = {"lines": recovered.lines, "put_back": recovered.put_back, "kept": recovered.kept}
        document({"from": name, **counts})
        return
    typer.echo(f"{name}: {counted(recovered.lines, 'line')} read")
    typer.echo(f"{counted(recovered.put_back, 'notice')} put back as told")
    typer.echo(f"{counted(recovered.kept, 'notice')} not found yet, told as soon as it is found again")
