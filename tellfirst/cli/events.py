"""`events`: what would become of a file; send it, replay it, or make one to try things on."""

import sys
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from msgspec import to_builtins

from streams.files import records
from streams.tally import Tally
from tellfirst import clock, wiring
from tellfirst.cli.answers import Json, counted, document, instant_of, lines
from tellfirst.cli.front import group
from tellfirst.cli.patience import finish
from tellfirst.cli.progress import progress
from tellfirst.cli.to_kafka import KAFKA, Binary, only_kafka, say_tally, to_kafka
from tellfirst.stopping import Exit, stop

app = group()

File = Annotated[Path, typer.Argument(metavar="FILE", help="JSON Lines, plain, .gz or .zst.")]
MappingName = Annotated[str | None, typer.Option("--mapping", metavar="NAME", help="Read its records by this mapping.")]

MOST_SHOWN = 100


@app.command()
def replay(
    context: typer.Context,
    file: File,
    mapping: MappingName = None,
    until: Annotated[
        str | None, typer.Option(metavar="T", help="Let time run on to this instant at the end of the file.")
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="kafka", help="Write it to the project's topics instead.")] = None,
    speed: Annotated[
        float | None, typer.Option(min=0.001, help="To kafka: so many times as fast as it happened; else at once.")
    ] = None,
    binary: Binary = False,
    as_json: Json = False,
) -> None:
    """Apply a file to the project's store, with time as the file tells it. Customers are told in the local outbox only."""
    if to is not None:
        only_kafka(to, "--until" if until else None)
        name = wiring.mapping_of(wiring.project_of(context.obj), file, mapping)
        to_kafka(context.obj, records(file), file.name, mapping=name, binary=binary, speed=speed, as_json=as_json)
        return
    project = wiring.project_of(context.obj)
    ends = instant_of("--until", until) if until else None
    began, before = clock.elapsed(), None

    def passed(done: int) -> None:
        nonlocal before
        before = done if before is None else before
        tick(done, None)

    with progress(f"replaying {file.name}", "records") as tick:
        tally = finish(wiring.replay_here(project, file, mapping=mapping, until=ends, progress=passed))
    if as_json:
        document(to_builtins(tally))
    else:
        _say(tally, tally.read - (before or 0), clock.elapsed() - began)


def _say(tally: Tally, new: int, seconds: float) -> None:
    """new: how many of all the file's records were read this time."""
    typer.echo(f"{counted(new, 'record')} read in {seconds:.1f} s")
    if new < tally.read:
        typer.echo(f"{tally.read - new:,} were read before; to read them anew, move the project's data folder away first")
    for fate, number in to_builtins(tally).items():
        if fate != "read":
            typer.echo(f"  {fate.replace('_', ' '):<12}  {number:>9,}")
    typer.echo("`tellfirst stats` counts what was found and told, `tellfirst notify outbox` lists the messages.")
    if tally.dead_letters:
        typer.echo("`tellfirst dlq list` says what was wrong with the dead letters.")


@app.command()
def validate(context: typer.Context, file: File, mapping: MappingName = None, as_json: Json = False) -> None:
    """Say what would become of each record, without applying any."""
    project = wiring.project_of(context.obj)
    read, findings = wiring.validated(project, file, mapping)
    dead = sum(each.reason is not None for each in findings)
    if as_json:
        document({"read": read, "dead_letters": dead, "warnings": len(findings) - dead, "findings": findings})
    else:
        lines(f"{file}:{each.line}  {each.reason or 'warning'}: {each.detail}" for each in findings[:MOST_SHOWN])
        if len(findings) > MOST_SHOWN:
            typer.echo(f"… and {len(findings) - MOST_SHOWN:,} more")
        typer.echo(f"{counted(read, 'record')}, {dead:,} would be dead letters, {counted(len(findings) - dead, 'warning')}")
    if findings:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def send(
    context: typer.Context,
    file: File,
    to: Annotated[str, typer.Option(metavar="URL", help="Where tellfirst listens; or kafka.")] = "http://127.0.0.1:8787",
    mapping: MappingName = None,
    binary: Binary = False,
    as_json: Json = False,
) -> None:
    """Send a file's records to a running tellfirst, or to Kafka; what was not answered is sent again."""
    if to == KAFKA:
        name = wiring.mapping_of(wiring.project_of(context.obj), file, mapping) if mapping else None
        to_kafka(context.obj, records(file), file.name, mapping=name, binary=binary, as_json=as_json)
        return
    from tellfirst.sending import Refused, Unreachable, client_for
    from tellfirst.sending import send as send_all

    tally: Counter[str] = Counter()
    path = f"/events/{mapping}" if mapping else "/events"
    try:
        with client_for(_address(to)) as client, progress(f"sending {file.name}", "records") as tick:
            send_all(records(file), client, path, tell=lambda sent: tick(sent, None), tally=tally)
    except Unreachable as fault:
        raise stop(
            _unreachable(tally), to, f"{fault}{_so_far(tally)}", "see that `tellfirst run` listens there, and send again"
        ) from None
    except Refused as fault:
        raise stop(Exit.PARTLY if tally else Exit.REFUSED, to, f"{fault}{_so_far(tally)}", "mend it and send again") from None
    say_tally(tally, as_json)


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise stop(Exit.USAGE, "--to", f"'{text}' is no address", "write such as http://127.0.0.1:8787")
    return text


def _unreachable(tally: Counter[str]) -> Exit:
    return Exit.PARTLY if tally else Exit.UNREACHABLE


def _so_far(tally: Counter[str]) -> str:
    return f", after {tally['read']:,} records were taken" if tally else ""


@app.command()
def generate(
    context: typer.Context,
    seed: Annotated[int, typer.Option(help="The same seed makes the same events.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Write them to this file; else to standard output.")] = None,
    to: Annotated[str | None, typer.Option(metavar="kafka", help="Write them to the project's topics instead.")] = None,
    binary: Binary = False,
    as_json: Annotated[bool, typer.Option("--json", help="Beside --out or --to, say as JSON how many were written.")] = False,
) -> None:
    """Make the events of some days in a small shop, with what goes wrong there, to try things on: JSON Lines."""
    from streams.generator import generate as generate_events

    if to is not None:
        only_kafka(to, "--out" if out else None)
        to_kafka(context.obj, generate_events(seed), "generated events", binary=binary, as_json=as_json)
        return
    number = 0
    with out.open("wb") if out else nullcontext(sys.stdout.buffer) as stream:
        for event in generate_events(seed):
            stream.write(event + b"\n")
            number += 1
    if out and as_json:
        document({"events": number, "seed": seed, "file": str(out)})
