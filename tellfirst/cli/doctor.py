"""`doctor`: what is wrong with this installation and this project, and what to do about it."""

from typing import Annotated

import typer

from tellfirst import wiring
from tellfirst.cli.answers import Json, document
from tellfirst.doctor import Finding, examine
from tellfirst.stopping import Exit

app = typer.Typer(add_completion=False, rich_markup_mode=None)

SIGNS = {True: typer.style("well ", fg="green"), None: "     ", False: typer.style("wrong", fg="red")}


@app.command()
def doctor(
    context: typer.Context,
    connect: Annotated[bool, typer.Option("--connect", help="Knock at providers and brokers too; nothing is sent.")] = False,
    as_json: Json = False,
) -> None:
    """Look at versions, names, the clock, the project, its mappings and languages, its channels, the disk and the store."""
    findings = list(examine(wiring.folder_of(context.obj), connect=connect))
    if as_json:
        document(findings)
    else:
        for finding in findings:
            typer.echo(f"{SIGNS[finding.well]}  {finding.look:<10}  {_text(finding)}")
    if any(finding.well is False for finding in findings):
        raise typer.Exit(Exit.FINDINGS)


def _text(finding: Finding) -> str:
    return f"{finding.fact} — {finding.remedy}" if finding.remedy else finding.fact
