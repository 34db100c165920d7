"""What may be wrong with this installation and this project: one finding per look, each with its fact and its remedy."""

from collections.abc import Iterator
from pathlib import Path

from tellfirst.doctor.finding import Finding
from tellfirst.doctor.installation import look_at_installation
from tellfirst.doctor.kafka import look_at_kafka
from tellfirst.doctor.project import look_at_project
from tellfirst.doctor.store import look_at_disk, look_at_store

__all__ = ["Finding", "examine"]


def examine(folder: Path, *, connect: bool = False) -> Iterator[Finding]:
    """Look at everything, whatever the looks before have found. connect: also knock at providers and brokers; nothing is sent."""
    yield from look_at_installation()
    yield from look_at_project(folder, connect=connect)
    yield from look_at_kafka(folder, connect=connect)
    yield from look_at_disk(folder)
    yield from look_at_store(folder)
