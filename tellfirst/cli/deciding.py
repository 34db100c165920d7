"""How a command's decision reaches the store: at once in a database, or where nobody writes it; else by letter to who does."""

import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from storage.errors import StoreLocked
from storage.sql_store import SqlStore
from tellfirst import clock, wiring
from tellfirst.deciding import letterbox
from tellfirst.deciding.decisions import Decision, Redrive, carry_out

WAIT_SECONDS = 10.0
LOOK_EVERY = 0.1


def decide(project: Path | None, decision: Decision) -> None:
    """Carry a decision out. Raises StoreLocked when another process writes the store and takes up no letters: a replay, say."""
    folder, settings = wiring.folder_of(project), wiring.settings_of(project)
    beside = settings.database is not None and not isinstance(decision, Redrive)
    noting = replace(wiring.noting_of(folder, settings), only_of=wiring.RUN)
    try:
        with closing(wiring.store_of(folder, settings.database, beside=beside, noting=noting)) as store:
            _do(project, decision, store)
    except StoreLocked:
        if not _by_letter(wiring.data_of(project), decision):
            raise


def _do(project: Path | None, decision: Decision, store: SqlStore) -> None:
    match decision:
        case Redrive():
            from tellfirst.deciding.redriving import redrive_alone

            redrive_alone(wiring.project_of(project), store, decision)
        case _:
            carry_out(decision, store, now=clock.now())


def _by_letter(data: Path, decision: Decision) -> bool:
    """Return whether somebody took the letter up; one that nobody took is taken back."""
    letter = letterbox.put(data, decision, now=clock.now())
    deadline = clock.elapsed() + WAIT_SECONDS
    while not letterbox.was_taken(letter) and clock.elapsed() < deadline:
        time.sleep(LOOK_EVERY)
    taken = letterbox.was_taken(letter)
    letter.unlink(missing_ok=True)
    return taken
