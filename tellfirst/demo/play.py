"""A seed and a new folder in; the week played there through the project's own rules, seen by a view, and its ending out."""

from functools import partial
from pathlib import Path

from streams.generator import in_lines
from streams.shop.week import week
from tellfirst import wiring
from tellfirst.demo.board import Board
from tellfirst.demo.ending import Ending, ending
from tellfirst.demo.folder import OUTCOMES, make_folder
from tellfirst.demo.view import Watched


async def play(folder: Path, seed: int, view: Board) -> Ending:
    """Raises OSError where the folder holds something already."""
    story = week(seed)
    lines = list(in_lines(story.heard, seed))
    file = make_folder(folder, lines, story.outcomes.lines())
    project = wiring.project_of(folder)
    last = len(story.heard) - 1
    view.begins(lambda number: story.heard[last * number // len(lines)].heard, len(lines), project.settings.zone)
    watched = partial(Watched, view=view)
    tally = await wiring.replay_here(project, file, progress=view.read, seen_by=watched, on_commit=view.found)
    with wiring.reading(folder) as store:
        view.ends(store)
        return ending(store, tally, story.outcomes, folder=folder, outcomes=folder / OUTCOMES, outbox=wiring.outbox_of(folder))
