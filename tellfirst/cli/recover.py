"""`recover`: a store that was put back from a copy learns who was told what since, so that nobody hears it twice."""

from pathlib import Path
from typing import Annotated

import typer

from tellfirst.cli.answers import Json, counted, document, say
from tellfirst.cli.deciding import decide
from tellfirst.cli.progress import progress
from tellfirst.deciding.decisions import EraseTold
from tellfirst.stopping import Exit, stop


def recover(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="LOG", help="tellfirst.told, or a file; else the log that this project writes."),
    ] = None,
    erase: Annotated[
        str | None,
        typer.Option(metavar="CUSTOMER", help="Only take this customer out of the log, also while somebody runs."),
    ] = None,
    as_json: Json = False,
) -> None:
    """After the store was put back from a copy: put back who was told what since. Nobody may run on it meanwhile."""
    from tellfirst.restoring import recover_told

    if erase is not None:
        if source is not None:
            raise stop(Exit.USAGE, "--from", "a customer is taken out of the project's own log", "leave it out")
        _erase(context.obj, erase.removeprefix("customer/"), as_json)
        return
    with progress("reading what was told", "lines") as tick:
        name, recovered = recover_told(context.obj, source, tell=lambda read: tick(read, None))
    if as_json:
        counts = {"lines": recovered.lines, "put_back": recovered.put_back, "kept": recovered.kept}
        document({"from": name, **counts})
        return
    typer.echo(f"{name}: {counted(recovered.lines, 'line')} read")
    typer.echo(f"{counted(recovered.put_back, 'notice')} put back as told")
    typer.echo(f"{counted(recovered.kept, 'notice')} not found yet, told as soon as it is found again")


def _erase(project: Path | None, customer: str, as_json: bool) -> None:
    from tellfirst.restoring import told_to

    name, notices = told_to(project, customer)
    if notices:
        decide(project, EraseTold(tuple(sorted(notices))))
    text = f"{name}: {counted(len(notices), 'notice')} of this customer taken out"
    say({"from": name, "erased": len(notices)}, text, as_json=as_json)
