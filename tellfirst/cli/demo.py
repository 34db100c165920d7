"""`demo`: the main job on packaged events, in a folder of its own that can be looked at afterwards."""

import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

import typer

from notifiers.courier import Happening
from tellfirst import wiring
from tellfirst.cli.answers import Json, document, lines
from tellfirst.cli.patience import finish
from tellfirst.demo.ending import ending, in_words
from tellfirst.demo.folder import make_folder
from tellfirst.demo.view import Watched, view_on

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def demo(
    seed: Annotated[int, typer.Option(help="The same seed makes the same story.")] = 1,
    into: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A new folder for the demo's project; else a temporary one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Play a week of a small shop through the shipped rules, and show whom they told. Nothing leaves this machine."""
    from streams.generator import generate

    folder = into or Path(mkdtemp(prefix="tellfirst-demo-")) / "shop"
    file = make_folder(folder, generate(seed))
    project = wiring.project_of(folder)
    happened: list[Happening] = []
    with (
        view_on(project.settings.zone, silent=as_json, terminal=sys.stdout.isatty()) as view,
        wiring.replaying(project, seen_by=lambda channel: Watched(channel, view), on_round=happened.extend) as replaying,
    ):
        tally = finish(replaying(file, None, None, view.read))
    with wiring.reading(folder) as store:
        result = ending(store, tally, happened, folder=folder, outbox=wiring.outbox_of(folder))
    if as_json:
        document(result)
    else:
        lines(in_words(result))
