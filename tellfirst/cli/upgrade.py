"""`upgrade`: the store is brought to the version of this tellfirst, before anybody runs on it."""

import typer

from tellfirst import wiring
from tellfirst.cli.answers import Json, say


def upgrade(context: typer.Context, as_json: Json = False) -> None:
    """Bring the store to the version of this tellfirst, or make it, however long that takes, and end."""
    version = wiring.bring_up_to_date(context.obj)
    say({"version": version}, f"the store is up to date: version {version}", as_json=as_json)
