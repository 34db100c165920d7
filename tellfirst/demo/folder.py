"""A project folder that runs as it is: the shipped rules and a story of events from a seed."""

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


def make_folder(folder: Path, events: Iterable[bytes]) -> Path:
    """Fill a new folder and return the file with its events. Raises OSError, also where there is something already."""
    rules = folder / "rules"
    rules.mkdir(parents=True)
    for rule in sorted(library().glob("*.yaml")):
        copyfile(rule, rules / rule.name)
    (folder / "tellfirst.yaml").write_text(SETTINGS)
    file = folder / EVENTS
    with file.open("wb") as stream:
        stream.writelines(event + b"\n" for event in events)
    return file
