"""Events of a file, read as fast as they go: the core and the courier on the file's own time, into a store."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from contracts.telling import RuleState, Stage
from notifiers.courier import Sight
from storage.store import Store
from streams.ahead import AT_ONCE, made_ahead
from streams.batch import Committed, Core
from streams.breaker import Breaker
from streams.collecting import rare_collection
from streams.files import is_cloud_event, name_of, records
from streams.grouping import grouped
from streams.intake import Intake, Record
from streams.playing import Playing
from streams.project import Project
from streams.stepping import Step, Stepping
from streams.tally import Tally, tally_of
from streams.telling import Reach, asking, courier_of
from streams.watermark import FileWatermark

PROGRESS_EVERY = 100
GROUP = 50
FROM_THE_FIRST_EVENT_ON = 0


class WhichMapping(Exception):
    """The lines are no CloudEvents, and it is not clear which mapping reads them. The message tells fact and remedy."""


async def replay(
    project: Project,
    store: Store,
    file: Path,
    *,
    reach: Reach,
    mapping: str | None = None,
    until: int | None = None,
    batch: int | None = None,
    progress: Callable[[int], None] = lambda records: None,
    on_commit: Callable[[Committed], None] = lambda committed: None,
) -> Tally:
    """Read a file from where the store is to its end, then let time run on to `until`; return what became of all its records.

    Every rule is live from the first event on. What was committed stays, and the next replay of the file goes on from there.
    batch: records in a transaction, else fifty times the project's, since nobody waits for the next commit of a replay.
    progress: hears how many records were read, at first those that had been before.
    on_commit: hears what was found.
    Raises WhichMapping, OSError, and the store's errors.
    """
    name = mapping_for(project, file, mapping)
    source, mark = name_of(file), _mark(project, store, name_of(file), name)
    reads = project.mappings[name] if name else None
    intake = Intake(project.catalogue, source=source, mapping=reads, zone=project.settings.zone)
    with grouped(store) as (joined, group):
        sight: Sight = lambda case: (playing.w, mark.lag)  # noqa: E731 - it is asked when `playing` is there
        courier = courier_of(project, project.ruleset, joined, reach, sight=sight, says_when_late=False)
        core, ask = _core(project, joined), asking(courier)
        playing = Playing(core.writing, joined, ask, source=source, flush=group.flush, on_commit=on_commit)
        stepping = Stepping(core, source=source, mark=mark, batch=batch or GROUP * project.settings.core.batch)
        core.take_up_rules(now=stepping.clock)
        progress(playing.next)
        with rare_collection():
            steps = partial(_steps, core, stepping, partial(_read, file, intake, playing.next), until)
            await _play(made_ahead(steps, file, joined), playing, progress)
    return tally_of(store.counts()["records"].get(source, {}))


async def _play(steps: Iterable[Step], playing: Playing, progress: Callable[[int], None]) -> None:
    for step in steps:
        await playing.hear(step)
        if step.records and playing.next % PROGRESS_EVERY == 0:
            progress(playing.next)
    progress(playing.next)


def _steps(
    core: Core, stepping: Stepping, read: Callable[[], Iterator[Sequence[Record]]], until: int | None, store: Store
) -> Iterator[Step]:
    """Yield what the records of a file come to. store: by which the core asks it from where this is run."""
    core.read_from(store)
    return stepping.steps(read(), until)


def _read(file: Path, intake: Intake, skip: int) -> Iterator[Sequence[Record]]:
    raws = records(file, skip=skip)
    while some := list(islice(raws, AT_ONCE)):
        yield intake.read_all(some, arrived=None, first=skip)
        skip += len(some)


def _mark(project: Project, store: Store, source: str, mapping: str | None) -> FileWatermark:
    position, own = store.position(source, 0), project.settings.source(mapping or "file", "file")
    return FileWatermark(disorder=own.disorder, max_leap=own.max_leap, state=position.state if position else None)


def _core(project: Project, store: Store) -> Core:
    """The breaker is off in a replay, unless the project sets its limit."""
    speak_from_the_first_event(store, project.ruleset.rules)
    limits = project.settings.core
    breaker = Breaker(store, limit=limits.breaker) if limits.breaker else None
    return Core(project.ruleset, store, breaker=breaker, room=limits.room)


def mapping_for(project: Project, file: Path, named: str | None) -> str | None:
    """Return the mapping that reads a file: the named one, none for CloudEvents, else the project's only one."""
    known = ", ".join(project.mappings) or "none"
    if named is not None:
        if named not in project.mappings:
            raise WhichMapping(f"{file}  there is no mapping `{named}` — the project has {known}")
        return named
    if is_cloud_event(next(records(file), b"")) or not project.mappings:
        return None
    if len(project.mappings) > 1:
        raise WhichMapping(f"{file}  its lines are no CloudEvents — name the mapping that reads them, one of {known}")
    return next(iter(project.mappings))


def speak_from_the_first_event(store: Store, rules: Iterable[str]) -> None:
    """Rules that the store does not know yet are live from the first event on."""
    known = store.rule_states()
    with store.transaction() as tx:
        for rule in rules:
            if rule not in known:
                tx.save_rule(RuleState(rule=rule, stage=Stage.LIVE, live_since=FROM_THE_FIRST_EVENT_ON))
