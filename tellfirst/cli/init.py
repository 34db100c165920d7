"""`init`: a project folder that runs as it is, and what to do with it first."""

from pathlib import Path
from shlex import quote, split
from typing import Annotated

import typer

from tellfirst.cli.answers import Json, counted, document, lines
from tellfirst.demo.ending import program
from tellfirst.init.folder import WHAT_IT_IS, NotEmpty, make_project
from tellfirst.stopping import Exit, Stopped


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="A new or empty folder; else this one.")] = Path(),
    as_json: Json = False,
) -> None:
    """Make a project that runs as it is: settings, a mapping, three rules in two languages with tests, sample events."""
    try:
        files = make_project(folder)
    except NotEmpty as fault:
        raise Stopped(Exit.REFUSED, f"{fault} — name a new folder, such as `tellfirst init shop`") from None
    if as_json:
        document({"project": str(folder), "files": files, "try_next": next_steps(folder)})
        return
    typer.echo(f"{counted(len(files), 'file')} in {folder.resolve()}:")
    lines(f"  {name:<16}{what}" for name, what in WHAT_IT_IS.items())
    lines(["", "Three things to do next:", *(f"  {step}" for step in next_steps(folder))])


def next_steps(folder: Path) -> list[str]:
    """Return three commands that work in the new project as they stand."""
    go = "" if folder.resolve() == Path.cwd() else f"cd {quote(str(folder))} && "
    tellfirst = program()
    if go and "/" in tellfirst:
        tellfirst = quote(str(Path(*split(tellfirst)).absolute()))
    return [
        f"{go}{tellfirst} rules test",
        f"{tellfirst} events replay samples/week.jsonl",
        f"{tellfirst} why parcel/P1",
    ]
