"""`why`: the story of one case or one customer, in words or as one document."""

from typing import Annotated

import typer

from tellfirst import wiring
from tellfirst.cli.answers import Json, document, lines
from tellfirst.settings import read_telemetry
from tellfirst.stopping import Exit, stop
from tellfirst.story.whole import story_of
from tellfirst.story.words import told


def why(
    context: typer.Context,
    about: Annotated[str, typer.Argument(metavar="CASE|CUSTOMER", help="Such as parcel/P1, customer/C1 or C1.")],
    as_json: Json = False,
) -> None:
    """Tell what was seen, decided and said, and for what did not happen, what was missing."""
    project = wiring.project_of(context.obj)
    with wiring.reading(context.obj) as store:
        story = story_of(about, store, project.ruleset)
    if not story["known"]:
        raise stop(
            Exit.FINDINGS,
            about,
            "nothing is kept of it",
            "name a case as KIND/ID or a customer; `tellfirst export cases` lists what is remembered",
        )
    if as_json:
        document(story)
    else:
        lines(told(story, project.settings.zone, traced=read_telemetry().asks_for_traces))
