"""`demo`: the main job on packaged events, in a folder of its own that can be looked at afterwards, and the score."""

from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated

import typer

from tellfirst.cli.answers import Json, document
from tellfirst.cli.patience import finish

TALL = 40


def demo(
    seed: Annotated[int, typer.Option(help="The same seed makes the same story.")] = 1,
    into: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A new folder for the demo's project; else a temporary one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Play a week of a shop through the shipped rules, show whom they told, and keep the score. Nothing leaves this machine."""
    from rich.console import Console

    from tellfirst.demo.play import play
    from tellfirst.demo.view import view_on
    from tellfirst.demo.words import in_words

    screen = Console(highlight=False, soft_wrap=True)
    with view_on(screen, silent=as_json) as view:
        result = finish(play(into or Path(mkdtemp(prefix="tellfirst-demo-")) / "shop", seed, view))
    if as_json:
        document(result)
        return
    for line in in_words(result, max(screen.width, 80), tall=screen.height >= TALL or not screen.is_terminal):
        screen.print(line)
