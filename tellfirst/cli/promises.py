"""`promises`: when customers were told that they would hear again, and whether they did."""

from typing import Annotated

import typer

from contracts.promise import PromiseState
from tellfirst import wiring
from tellfirst.cli.answers import Json, document, moment_of_text, table


def promises(
    context: typer.Context,
    state: Annotated[PromiseState | None, typer.Option(help="Only those in this state; `made` is still open.")] = None,
    as_json: Json = False,
) -> None:
    """Show promises, the earliest deadline first."""
    with wiring.reading(context.obj) as store:
        found = [line for line in store.export("promises") if state is None or line["state"] == state.value]
    found.sort(key=lambda line: (line["deadline"], line["notice"]))
    if as_json:
        document(found)
    elif found:
        rows = [(moment_of_text(line["deadline"]), line["case"], line["customer"], line["rule"], line["state"]) for line in found]
        table(("by (UTC)", "case", "customer", "rule", "state"), rows)
    else:
        typer.echo("No promises.")
