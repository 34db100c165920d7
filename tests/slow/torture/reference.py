"""What is written in, a store with everything that the embedded core finds in it out; nobody is told anything yet."""

from collections.abc import Iterable
from pathlib import Path

from contracts.times import SECOND
from storage.sqlite import open_store
from storage.store import SourcePosition, Store
from streams.batch import Core, Move
from streams.intake import Intake
from streams.project import Project
from streams.replay import speak_from_the_first_event
from streams.watermark import FileWatermark

SOURCE = "town"
BATCH = 5_000


def find_all(project: Project, folder: Path, records: Iterable[bytes], *, until: int) -> Store:
    """Apply all records as those of one source, and everything that falls due until then. Close what is returned."""
    store = open_store(folder, durable=False)
    speak_from_the_first_event(store, project.ruleset.rules)
    one_source = OneSource(project, store)
    for position, raw in enumerate(records):
        one_source.take(raw, position)
        if position % BATCH == 0:
            one_source.commit()
    one_source.end(until)
    return store


class OneSource:
    """next: of the next record."""

    def __init__(self, project: Project, store: Store) -> None:
        self._intake = Intake(project.catalogue, source=SOURCE, mapping=None, zone=project.settings.zone)
        own = project.settings.source("orders")
        self._mark = FileWatermark(disorder=own.source_delay, max_leap=own.max_leap, state=None)
        self._core = Core(project.ruleset, store)
        self._next = self._stored = 0

    def take(self, raw: bytes, position: int) -> None:
        record = self._intake.read(raw, arrived=None, position=position)
        if record.letter is not None:
            self._core.bury(record.letter)
        for event in record.events:
            self._mark.saw(event)
            w = self._mark.w
            assert w is not None
            self._core.take(event, w=w, now=event.time)
            self._core.fire(w, event.time)
        self._next = position + 1

    def end(self, until: int) -> None:
        self._mark.end(until)
        self._core.fire(until, until)
        self.commit()

    def commit(self) -> None:
        position = SourcePosition(SOURCE, 0, self._next, self._mark.state())
        self._core.commit([Move(position, self._stored)], now=self._next * SECOND)
        self._stored = self._next
