"""`run`: read events and tell customers, until stopped."""

import asyncio
import socket
from pathlib import Path
from typing import Annotated

import typer

from streams.project import Project
from tellfirst import wiring
from tellfirst.cli.answers import document
from tellfirst.http.serving import is_loopback, listen_on
from tellfirst.logs import set_up_logs
from tellfirst.run.live import running
from tellfirst.run.roles import Role, require
from tellfirst.settings import read_settings
from tellfirst.stopping import Exit, stop

HOST = "127.0.0.1"
ADDRESS = f"{HOST}:{Role.ALL.port}"


def run(
    context: typer.Context,
    role: Annotated[Role, typer.Option(help="With Kafka: all of the work, or which part of it.")] = Role.ALL,
    file: Annotated[Path | None, typer.Option(help="Read this file of JSON Lines, plain, .gz or .zst, to its end.")] = None,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read standard input to its end.")] = False,
    listen: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help=f"Take POST /events; {ADDRESS} when no source is named. A worker listens on 8788, a courier on 8789.",
        ),
    ] = None,
    mapping: Annotated[str | None, typer.Option(help="Read the file or standard input by this mapping.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="At the end say what was read, as one JSON document.")] = False,
) -> None:
    """Read events and tell customers. SIGTERM drains: what was accepted is committed, then it ends.

    A rule that is new starts in shadow; `tellfirst rules publish RULE --live` lets it speak.
    """
    set_up_logs(read_settings().log_level)
    project = wiring.project_of(context.obj)
    if role is Role.ALL and project.settings.kafka is None:
        _by_itself(project, file, listen, mapping, stdin=stdin, as_json=as_json)
    else:
        _by_kafka(project, role, listen, by_itself={"--file": file, "--stdin": stdin, "--mapping": mapping, "--json": as_json})


def _by_itself(
    project: Project, file: Path | None, listen: str | None, mapping: str | None, *, stdin: bool, as_json: bool
) -> None:
    wanted = _mapping(project, mapping, file=file, stdin=stdin)
    address = listen or (None if file or stdin else ADDRESS)
    listener, token = _listener(address) if address else (None, None)
    with running(project, file=file, stdin=stdin, mapping=wanted, listener=listener, token=token) as (process, part):
        ended = asyncio.run(process.run())
        if as_json:
            document({"drained": ended.drained, "interrupted": ended.interrupted, "sources": part.tallies()})
    raise typer.Exit(ended.code)


def _by_kafka(project: Project, role: Role, listen: str | None, *, by_itself: dict[str, object]) -> None:
    require(project, role)
    if given := [name for name, value in by_itself.items() if value]:
        remedy = "write it to the topics: `tellfirst events send FILE --to kafka`"
        raise stop(Exit.USAGE, given[0], "is for a run without `kafka`; here events come by Kafka", remedy)
    from tellfirst.run.by_kafka import play

    listener, token = _listener(listen or f"{HOST}:{role.port}", takes_something_in=role.takes_something_in)
    raise typer.Exit(asyncio.run(play(project, role, listener=listener, token=token)).code)


def _listener(address: str, *, takes_something_in: bool = True) -> tuple[socket.socket, str | None]:
    """Return a socket that listens there, and the token that a sender must show."""
    (host, port), token = _address(address), read_settings().bearer_token()
    if takes_something_in and not is_loopback(host) and not token:
        fact, remedy = "anybody could send events here", "set TELLFIRST_TOKEN_FILE or TELLFIRST_TOKEN"
        raise stop(Exit.REFUSED, f"{host}:{port}", fact, remedy)
    return listen_on(host, port), token


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


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise stop(Exit.USAGE, "--listen", f"'{text}' is no address", f"write HOST:PORT, such as {ADDRESS}")
    return host.strip("[]"), int(port)
