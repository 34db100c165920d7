"""What of `events` goes to Kafka: which words go with it, the records written, and what became of them said."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from tellfirst import wiring
from tellfirst.cli.answers import say
from tellfirst.cli.progress import progress
from tellfirst.stopping import Exit, stop

KAFKA = "kafka"

Binary = Annotated[bool, typer.Option("--binary", help="To kafka: attributes in headers, data in the value.")]


def only_kafka(to: str, beside: str | None) -> None:
    """Raises Stopped for another place, and for a word beside it that has no meaning there."""
    if to != KAFKA:
        raise stop(Exit.USAGE, "--to", f"'{to}' is not kafka", "write --to kafka, or leave it out")
    if beside is not None:
        raise stop(Exit.USAGE, beside, "it has no meaning beside --to kafka", "leave one of them out")


def to_kafka(
    folder: Path | None,
    lines: Iterable[bytes],
    what: str,
    *,
    mapping: str | None = None,
    binary: bool,
    speed: float | None = None,
    as_json: bool,
) -> None:
    """Write the lines, read by this mapping, None for CloudEvents. what: they are; speed: as in tellfirst/kafka/producing.py.

    What cannot be written at all is a finding.
    """
    from tellfirst.kafka.producing import NOT_SENT, write

    project = wiring.project_of(folder)
    with progress(f"writing {what}", "records") as tick:
        tally = write(project, lines, mapping=mapping, binary=binary, speed=speed, tell=lambda read: tick(read, None))
    say_tally(tally, as_json)
    if any(tally[fate] for fate in NOT_SENT):
        raise typer.Exit(Exit.FINDINGS)


def say_tally(tally: Counter[str], as_json: bool) -> None:
    text = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in tally.items())
    say(tally, text or "no records", as_json=as_json)
