"""The command line: words in; the answer on stdout, progress on stderr, and an exit code that says how it went."""

import gc
from pathlib import Path
from typing import Annotated

import typer

from tellfirst.cli.front import FrontDoor
from tellfirst.collisions import elsewhere
from tellfirst.stopping import Exit

NEW_THINGS = 50_000

app = typer.Typer(
    cls=FrontDoor,
    help="Find the customers for whom something is about to go wrong, and tell them first.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"tellfirst {version('tellfirst')}")
        raise typer.Exit


@app.callback()
def enter(
    context: typer.Context,
    project: Annotated[Path | None, typer.Option(help="The project's folder; else $TELLFIRST_PROJECT, else this one.")] = None,
    version: Annotated[bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    context.obj = project
    for name, where in elsewhere().items():
        typer.echo(
            f"{where}  `{name}` is another package of that name — install tellfirst into an environment of its own", err=True
        )
        if context.invoked_subcommand != "doctor":
            raise typer.Exit(Exit.CONFIGURATION)


def main() -> None:
    """Python looks for circles of garbage less often: what is imported is none, and when a process ends nobody needs to look."""
    gc.set_threshold(NEW_THINGS)
    try:
        app(prog_name="tellfirst")
    finally:
        gc.freeze()
