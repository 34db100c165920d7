"""`simulate`: one seed of the simulator, with crashes, repeats and disorder; what must never happen, and a story of what did."""

from typing import Annotated

import typer

from streams.simulator import simulate as run_seed
from tellfirst.cli.answers import Json, document, lines
from tellfirst.stopping import Exit


def simulate(
    seed: Annotated[int, typer.Option(min=0, help="The same seed runs the same way again.")],
    story: Annotated[
        bool, typer.Option("--story", help="Tell what crashed, what was sent, and why nobody was told twice.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run the real core, store and courier through one seed's crashes, repeats and disorder, and check what was done."""
    outcome = run_seed(seed)
    violations = [str(each) for each in outcome.violations]
    if as_json:
        document({"seed": seed, "violations": violations, "story": outcome.story if story else None})
    else:
        lines(outcome.story if story else violations)
        typer.echo(f"seed {seed}: {f'{len(violations)} things happened that must not' if violations else 'all is as it must be'}")
    if violations:
        raise typer.Exit(Exit.FINDINGS)
