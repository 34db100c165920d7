"""A project folder that runs as it is: the shipped rules, a week of events from a seed, and what really happened in it."""

from collections.abc import Iterable
from pathlib import Path
from shutil import copyfile

from rules.loader import library

SETTINGS = """\
# The demo's project. Everything here is the default, written down.
language: en
zone: Europe/Berlin
desk: desk
"""
EVENTS = "events.jsonl"
OUTCOMES = "outcomes.jsonl"


def make_folder(folder: Path, events: Iterable[bytes], outcomes: Iterable[bytes] = ()) -> Path:
    """Fill a new folder and return the file with its events. Raises OSError, also where there is something already."""
    rules = folder / "rules"
    rules.mkdir(parents=True)
    for rule in sorted(library().glob("*.yaml")):
        copyfile(rule, rules / rule.name)
    (folder / "tellfirst.yaml").write_text(SETTINGS)
    _write(folder / OUTCOMES, outcomes)
    return _write(folder / EVENTS, events)


def _write(file: Path, lines: Iterable[bytes]) -> Path:
    with file.open("wb") as stream:
        stream.writelines(line + b"\n" for line in lines)
    return file
