"""Dead letters taken in again, each by the intake of its own source: what can be taken now is applied and leaves the list."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from contracts.event import DeadLetter, DeadReason, Event, Fate
from storage.store import Store
from streams.batch import POISON, Committed, Core, summary
from streams.files import is_cloud_event
from streams.intake import Intake, Record
from streams.project import Project
from streams.replay import WhichMapping


class Redriving:
    """core: the one that drives the store's cases, with nothing uncommitted. w: how far is certainly seen now.

    live: letters have arrived at a time of the clock; those of a replay have not. saw: hears of each event before it is taken.
    A crash between the two transactions of a letter leaves it on the list; taken in once more, it is a repeat.
    """

    def __init__(
        self,
        project: Project,
        core: Core,
        store: Store,
        *,
        w: Callable[[], int | None],
        clock: Callable[[], int],
        live: bool,
        saw: Callable[[Event], object] = lambda event: None,
        on_commit: Callable[[Committed], None] = lambda committed: None,
    ) -> None:
        self._project, self._core, self._store = project, core, store
        self._w, self._clock, self._live, self._saw, self._on_commit = w, clock, live, saw, on_commit

    def redrive(self, names: Iterable[str], *, mapping: str | None) -> None:
        """Take these letters in, each by itself; a name of which there is none is passed over. mapping: None for the fitting one.

        Raises WhichMapping.
        """
        for name in names:
            if (letter := letter_of(name, self._store)) is not None:
                self._one(letter, mapping_of(letter, self._project, mapping))

    def _one(self, letter: DeadLetter, mapping: str | None) -> None:
        record = self._read(letter, mapping)
        if record.letter is not None:
            self._explain(letter, record.letter.reason, record.letter.detail)
            return
        try:
            fate = summary([self._take(event) for event in record.events])
            self._on_commit(self._core.commit([], now=self._clock()))
        except POISON as broken:
            self._core.drop()
            self._explain(letter, DeadReason.POISON, f"{type(broken).__name__}: {broken}")
            return
        with self._store.transaction() as tx:
            tx.take_letter_in(letter, fate)

    def _read(self, letter: DeadLetter, mapping: str | None) -> Record:
        read = self._project.mappings[mapping] if mapping else None
        zone = self._project.settings.zone
        intake = Intake(self._project.catalogue, source=letter.source, mapping=read, zone=zone)
        return intake.read(letter.raw, arrived=self._arrived(letter), position=letter.position)

    def _arrived(self, letter: DeadLetter) -> int | None:
        """It arrived when it first did; but what was in the future then may be past by now."""
        if not self._live:
            return None
        return self._clock() if letter.reason is DeadReason.WILD_TIME else letter.at

    def _take(self, event: Event) -> Fate:
        self._saw(event)
        w, now = self._w(), self._clock()
        fate = self._core.take(event, w=event.time if w is None else w, now=now)
        if w is not None:
            self._core.fire(w, now)
        return fate

    def _explain(self, letter: DeadLetter, reason: DeadReason, detail: str) -> None:
        with self._store.transaction() as tx:
            tx.explain_letter(replace(letter, reason=reason, detail=detail))


def name_of_letter(letter: DeadLetter) -> str:
    return f"{letter.source}:{letter.position}"


def letter_of(name: str, store: Store) -> DeadLetter | None:
    """Return the dead letter of a name, SOURCE:POSITION; a name of another form names none."""
    source, _, position = name.rpartition(":")
    return store.dead_letter(source, int(position)) if position.isdecimal() else None


def mapping_of(letter: DeadLetter, project: Project, named: str | None) -> str | None:
    """Return the mapping that reads a letter: the named one, none for a CloudEvent, else the project's only one.

    Raises WhichMapping.
    """
    mappings = project.mappings
    if named is not None or is_cloud_event(letter.raw) or not mappings:
        return named
    if len(mappings) > 1:
        fact = f"{name_of_letter(letter)}  it is no CloudEvent, and nothing says which mapping reads it"
        raise WhichMapping(f"{fact} — say --mapping with one of {', '.join(mappings)}")
    return next(iter(mappings))
