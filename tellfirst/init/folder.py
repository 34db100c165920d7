"""A new project folder: every packaged file, copied as it is, into a folder that holds nothing yet."""

from collections.abc import Mapping, Sequence
from pathlib import Path

PACKAGED = Path(__file__).parent / "project"
MAY_BE_THERE = frozenset({".git"})

WHAT_IT_IS: Mapping[str, str] = {
    "README.md": "what is here, and what to do first",
    "tellfirst.yaml": "settings",
    "rules": "three rules, in English and German, with their tests",
    "choices.yaml": "what a message can offer",
    "mappings": "how a shop's own JSON becomes events",
    "samples": "records as the shop writes them, and a week of events",
    ".github": "a workflow that checks and tests the rules on every change",
    ".gitignore": "keeps the store and the messages out of git",
}


class NotEmpty(Exception):
    """There is something in the folder already. Its text names the folder and what it holds."""


def make_project(folder: Path) -> Sequence[str]:
    """Fill a new or empty folder; return the files that were made, below it. A repository's `.git` may be there.

    Raises NotEmpty, having changed nothing, and OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if there := sorted(each.name for each in folder.iterdir() if each.name not in MAY_BE_THERE):
        raise NotEmpty(f"{folder}  holds {there[0]}{f' and {len(there) - 1} more' if there[1:] else ''} already")
    made = sorted(
        path.relative_to(PACKAGED) for path in PACKAGED.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )
    for file in made:
        copy = folder / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((PACKAGED / file).read_bytes())
    return [str(file) for file in made]
