"""The log of what was told written anew with less: what `recover` still needs of it, or all but some notices.

It is there as a whole or not at all: a crash leaves the log as it was, or as it is to be, and at most a draft beside it.
"""

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from contracts.times import DAY
from storage.folder import OWNER_ALONE, put_on_disk
from storage.told_lines import ToldLine

KEPT = 90 * DAY


def needed(lines: Iterable[ToldLine]) -> Collection[int]:
    """Return which lines, counted from 0, `recover` still needs: the newest of each notice, if somebody heard it of late.

    Of late: within 90 days before the last that was heard. Nobody puts back an older copy than that.
    """
    newest: dict[str, tuple[int, int]] = {}
    last = 0
    for place, line in enumerate(lines):
        newest.pop(line.notice, None)
        if line.hearing is not None:
            last = line.hearing.told_at
            newest[line.notice] = place, last
    return {place for place, told_at in newest.values() if told_at >= last - KEPT}


def write_anew(path: Path, *, places: Collection[int]) -> None:
    """Keep these lines of a file, counted from 0. Raises OSError."""
    path, draft = path.resolve(), draft_of(path)
    with path.open("rb") as old, os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ALONE), "wb") as new:
        new.writelines(line for place, line in enumerate(old) if place in places)
        new.flush()
        os.fsync(new.fileno())
    draft.replace(path)
    put_on_disk(path.parent)


def draft_of(path: Path) -> Path:
    """Return where a file is written before it takes the place of the old one: on the same disk, wherever a link leads."""
    return path.resolve().with_name(f"{path.name}.draft")
