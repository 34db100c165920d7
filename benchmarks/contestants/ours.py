"""tellfirst itself over a stream: the core alone, or with the commit of each batch to a database."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.contestants.contestant import Contestant, Found
from benchmarks.contestants.server import Server
from benchmarks.places import EVENTS
from benchmarks.workload.project import project_of
from benchmarks.workload.stream import DISORDER
from contracts.problem import Phase
from rules.compiler import RuleSet
from rules.generating import function_for
from storage.postgres import open_postgres
from storage.sqlite import open_memory, open_store
from storage.store import SourcePosition, Store
from streams.batch import Core, Move
from streams.intake import Intake
from streams.project import Project
from streams.replay import speak_from_the_first_event
from streams.watermark import FileWatermark

SOURCE = "stream"
BATCH = 1_000


class Ours(Contestant):
    """batch: records in a transaction; None commits nothing before it is asked what was found. server: whose CPU counts too."""

    def __init__(self, project: Project, store: Store, *, batch: int | None = None, server: Server | None = None) -> None:
        speak_from_the_first_event(store, project.ruleset.rules)
        write_functions(project.ruleset)
        self.core, self._store, self._batch, self._server = Core(project.ruleset, store), store, batch, server
        self.intake = Intake(project.catalogue, source=SOURCE, zone=project.settings.zone)
        position = store.position(SOURCE, 0)
        self.mark = FileWatermark(disorder=DISORDER, state=position.state if position else None)
        self._stored = position.next if position else 0

    def take(self, lines: Sequence[bytes]) -> None:
        if self._batch is None:
            self.apply(lines)
        else:
            self.take_batches(lines)
        self.end()

    def take_batches(self, lines: Sequence[bytes]) -> None:
        """Apply these records, a transaction for each batch."""
        for first in range(0, len(lines), self._batch or BATCH):
            self.apply(lines[first : first + (self._batch or BATCH)])
            self.commit()

    def apply_all(self, lines: Iterator[bytes]) -> None:
        """Apply records that are not kept."""
        while chunk := list(islice(lines, BATCH)):
            self.apply(chunk)

    def take_all(self, lines: Iterator[bytes]) -> None:
        """Apply records that are not kept, a transaction for each batch."""
        while chunk := list(islice(lines, self._batch or BATCH)):
            self.take_batches(chunk)

    def apply(self, lines: Sequence[bytes]) -> None:
        """Apply these records; what their move of W makes due fires, record by record."""
        for first in range(0, len(lines), BATCH):
            records = self.intake.read_all(lines[first : first + BATCH], arrived=None, first=first)
            self.core.expect([event for record in records for event in record.events])
            self.core.take_all(records, SOURCE, saw=self.mark.saw, w=self.mark.w, now=self.mark.greatest or 0)
        self._fire()

    def end(self) -> None:
        """The stream is over: W is its greatest time."""
        self.mark.end()
        self._fire()
        if self._batch is not None:
            self.commit()

    def _fire(self) -> None:
        self.core.fire(self.mark.w or 0, self.mark.greatest or 0)

    def commit(self) -> None:
        position = SourcePosition(SOURCE, 0, self._stored + 1, self.mark.state())
        self.core.commit([Move(position, self._stored)], now=self.mark.greatest or 0)
        self._stored += 1

    def found(self) -> Found:
        if self._batch is None:
            self.commit()
        phases = [(line["phase"], (line["rule"], line["case"].removeprefix("order/"))) for line in self._store.export("problems")]
        corrected = {pair for phase, pair in phases if phase == Phase.CORRECTED}
        return {pair for phase, pair in phases if phase == Phase.OPENED} - corrected

    def elsewhere_ns(self) -> int:
        return self._server.cpu_ns() if self._server else 0


def write_functions(ruleset: RuleSet) -> None:
    """Write the function of every event type, which else comes with the first such event."""
    for plan in ruleset.plans.values():
        for event_type in plan.readings:
            function_for(plan, event_type)


def core(detectors: Mapping[str, str], folder: Path, *, events: Path = EVENTS) -> Ours:
    return Ours(project_of(folder, detectors, events=events), open_memory())


def core_and_sqlite(detectors: Mapping[str, str], folder: Path) -> Ours:
    return Ours(project_of(folder, detectors), open_store(folder / "data"), batch=BATCH)


def core_and_postgres(detectors: Mapping[str, str], folder: Path) -> Ours:
    server = Server(folder / "server")
    return Ours(project_of(folder, detectors), open_postgres(server.address), batch=BATCH, server=server)
