"""`doctor`: what is wrong with this installation and this project, and what to do about it."""

import os
from pathlib import Path
from typing import Annotated

import typer

from tellfirst import wiring
from tellfirst.cli.answers import Json, document
from tellfirst.doctor import Finding, examine
from tellfirst.stopping import Exit

STDOUT = Path("-")


SIGNS = {True: typer.style("well ", fg="green"), None: "     ", False: typer.style("wrong", fg="red")}


def doctor(
    context: typer.Context,
    connect: Annotated[bool, typer.Option("--connect", help="Knock at providers and brokers too; nothing is sent.")] = False,
    bundle: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what helpers need into a new file, addresses hidden; - for stdout.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Look at versions, names, the clock, the project, its mappings and languages, its channels, the disk and the store."""
    if bundle is not None:
        _write_bundle(wiring.folder_of(context.obj), bundle)
        return
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


def _write_bundle(folder: Path, file: Path) -> None:
    """Write what is known of this tellfirst for those who help, for our eyes only until we send it. Raises OSError."""
    import msgspec

    from tellfirst.doctor.bundle import bundle

    text = msgspec.json.format(msgspec.json.encode(bundle(folder), enc_hook=str), indent=2)
    if file == STDOUT:
        typer.echo(text.decode())
        return
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        new.write(text)
    typer.echo(f"{file}: addresses and secrets are hidden; read it before you send it", err=True)
