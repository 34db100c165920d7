"""`run`: read events and tell customers, until stopped."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from streams.project import Project
from tellfirst import wiring
from tellfirst.cli.answers import document
from tellfirst.http.serving import is_loopback, listen_on
from tellfirst.live import running
from tellfirst.logs import set_up_logs
from tellfirst.settings import read_settings
from tellfirst.stopping import Exit, stop

app = typer.Typer(add_completion=False, rich_markup_mode=None)

ADDRESS = "127.0.0.1:8787"


@app.command()
def run(
    context: typer.Context,
    file: Annotated[Path | None, typer.Option(help="Read this file of JSON Lines, plain, .gz or .zst, to its end.")] = None,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read standard input to its end.")] = False,
    listen: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help=f"Take POST /events; {ADDRESS} when no source is named.")
    ] = None,
    mapping: Annotated[str | None, typer.Option(help="Read the file or standard input by this mapping.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="At the end say what was read, as one JSON document.")] = False,
) -> None:
    """Read events and tell customers. SIGTERM drains: what was accepted is committed, then it ends.

    A rule that is new starts in shadow; `tellfirst rules publish RULE --live` lets it speak.
    """
    settings = read_settings()
    set_up_logs(settings.log_level)
    project = wiring.project_of(context.obj)
    wanted = _mapping(project, mapping, file=file, stdin=stdin)
    address = _address(listen or (None if file or stdin else ADDRESS))
    token = settings.bearer_token()
    if address and not is_loopback(address[0]) and not token:
        raise stop(
            Exit.REFUSED,
            f"{address[0]}:{address[1]}",
            "anybody could send events here",
            "set TELLFIRST_TOKEN_FILE or TELLFIRST_TOKEN",
        )
    listener = listen_on(*address) if address else None
    with running(project, file=file, stdin=stdin, mapping=wanted, listener=listener, token=token) as process:
        if listener is not None:
            host, port = listener.getsockname()[:2]
            typer.echo(f"listening on http://{host}:{port}", err=True)
        drained = asyncio.run(process.run())
        if as_json:
            document({"drained": drained, "interrupted": process.interrupted, "sources": process.tallies()})
    if process.interrupted:
        raise typer.Exit(Exit.INTERRUPTED)
    if not drained:
        raise typer.Exit(Exit.PARTLY)


def _mapping(project: Project, name: str | None, *, file: Path | None, stdin: bool) -> str | None:
    """Return the mapping for what is read to its end; over HTTP the address says it."""
    if file is not None:
        return wiring.mapping_of(project, file, name)
    if name is not None and not stdin:
        raise stop(Exit.USAGE, "--mapping", "is for a file or standard input", f"send to POST /events/{name}")
    if name is not None and name not in project.mappings:
        raise stop(
            Exit.USAGE, "--mapping", f"there is no mapping `{name}`", f"the project has {', '.join(project.mappings) or 'none'}"
        )
    return name


def _address(text: str | None) -> tuple[str, int] | None:
    if text is None:
        return None
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise stop(Exit.USAGE, "--listen", f"'{text}' is no address", f"write HOST:PORT, such as {ADDRESS}")
    return host.strip("[]"), int(port)
