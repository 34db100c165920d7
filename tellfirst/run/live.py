"""How a run is put together: its sources, its courier, its store, and the rules that are new to it."""

import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from contracts.telling import RuleState, Stage
from notifiers.channels.opening import close
from storage.sql_store import SqlStore
from storage.store import Store
from streams.embedded import Embedded, Source
from streams.files import name_of
from streams.intake import Intake
from streams.metrics import Metrics
from streams.project import Project
from streams.redriving import Redriving
from streams.telling import asking, courier_of
from streams.traceparent import Hear, Overheard
from streams.watermark import FileWatermark, LiveWatermark
from tellfirst import clock
from tellfirst.deciding.decisions import Decision, Redrive, carry_out
from tellfirst.http.receipts import Receipts
from tellfirst.http.receiving import HTTP
from tellfirst.restoring import run_store
from tellfirst.run.feeding import from_file, from_standard_input
from tellfirst.run.process import Part, Process
from tellfirst.run.reporting import Reporting
from tellfirst.run.roles import Role
from tellfirst.run.running import Feed, Running
from tellfirst.run.stacks import told_when_asked
from tellfirst.run.taking_letters import TakingLetters
from tellfirst.tracing import traced
from tellfirst.wiring import DATA, RUN, core_of, reach_of

STDIN = "stdin"


@contextmanager
def running(
    project: Project, *, file: Path | None, stdin: bool, mapping: str | None, listener: socket.socket | None, token: str | None
) -> Iterator[tuple[Process, Running]]:
    """Yield a process that is ready to run, and its main part, with the store open as long as it lasts."""
    data = project.folder / DATA
    with ExitStack() as stack:
        tracing = stack.enter_context(traced())
        reach = reach_of(project, tracing)  # the store is not touched where a provider cannot be used
        store = stack.enter_context(closing(run_store(project)))
        stack.enter_context(told_when_asked(data, Role.ALL))
        take_over(store, project)
        hear = tracing.hear if tracing else None
        sources = list(sources_of(project, store, file=file, stdin=stdin, listens=listener is not None, hear=hear))
        metrics = metrics_of(project, [source.name for source in sources])
        reporting = Reporting(metrics, clock=clock.now, tracing=tracing)
        courier = courier_of(
            project, project.ruleset, store, reach, sight=lambda case: runtime.sight(case), says_when_late=True, clock=clock.now
        )
        core = core_of(project, store, now=clock.now())
        runtime = Embedded(
            core,
            store,
            asking(courier, reporting.told),
            sources=sources,
            clock=clock.now,
            batch=project.settings.core.batch,
            most_waiting=project.settings.core.waiting,
            on_commit=reporting.committed,
        )
        part = Running(
            runtime,
            store,
            metrics,
            feeds=feeds_of(runtime, file=file, stdin=stdin, mapping=mapping),
            stays=listener is not None,
            mappings=project.mappings,
            clock=clock.now,
            resting=courier.resting,
            at_the_end=partial(close, reach.channels),
            hear=hear,
        )
        redriving = Redriving(
            project, core, store, w=lambda: runtime.w, clock=clock.now, live=True, on_commit=reporting.committed
        )
        parts: list[Part] = [part, TakingLetters(data, partial(_decided, store, redriving))]
        receipts = Receipts(store, clock=clock.now, hear=metrics.receipt)
        yield Process(parts, metrics, listener=listener, token=token, events=part, receipts=receipts), part


def _decided(store: SqlStore, redriving: Redriving, decision: Decision) -> None:
    """Between two batches nothing is uncommitted, so that dead letters can be taken in here."""
    match decision:
        case Redrive(letters, mapping):
            redriving.redrive(letters, mapping=mapping)
        case _:
            carry_out(decision, store, now=clock.now())


def take_over(store: Store, project: Project) -> None:
    """Let rules that are new to this run start in shadow; what a replay into this store let speak is new to it too."""
    is_ours = store.used_by() in (RUN, None)
    with store.transaction() as tx:
        for name, compiled in project.ruleset.rules.items():
            state = RuleState(rule=name, stage=Stage.SHADOW, live_since=None, fingerprint=compiled.rule.fingerprint)
            if is_ours:
                tx.add_rule(state)
            else:
                tx.save_rule(state)
    store.set_used_by(RUN)


def metrics_of(project: Project, sources: Iterable[str]) -> Metrics:
    return Metrics(
        rules=project.ruleset.rules,
        sources=sources,
        channels=sorted({channel for rule in project.rules for channel in rule.tell.channels}),
        version=version("tellfirst"),
    )


def sources_of(
    project: Project, store: Store, *, file: Path | None, stdin: bool, listens: bool, hear: Hear | None
) -> Iterator[Source]:
    """hear: gets the traces that records belong to; None where nobody asks."""
    if file is not None:
        name = name_of(file)
        settings, position = project.settings.source(file.stem, "file"), store.position(name, 0)
        state = position.state if position else None
        mark = FileWatermark(disorder=settings.disorder, max_leap=settings.max_leap, state=state)
        yield Source(name, intakes_of(project, name, hear), mark)
    for name in ([STDIN] if stdin else []) + ([HTTP] if listens else []):
        yield Source(name, intakes_of(project, name, hear), live_mark(project, store, name))


def live_mark(project: Project, store: Store, name: str) -> LiveWatermark:
    settings, position = project.settings.source(name), store.position(name, 0)
    return LiveWatermark(
        source_delay=settings.source_delay,
        settle=settings.settle,
        quiet_after=settings.quiet_after,
        state=position.state if position else None,
    )


def intakes_of(project: Project, source: str, hear: Hear | None) -> Mapping[str | None, Intake]:
    """Return how the source's records can be read: as CloudEvents, or by any of the project's mappings."""
    make = Intake if hear is None else partial(Overheard, hear=hear)
    read_by = partial(make, project.catalogue, source=source, zone=project.settings.zone)
    return {None: read_by(mapping=None), **{name: read_by(mapping=each) for name, each in project.mappings.items()}}


def feeds_of(runtime: Embedded, *, file: Path | None, stdin: bool, mapping: str | None) -> Mapping[str, Feed]:
    feeds: dict[str, Feed] = {}
    if file is not None:
        name = name_of(file)
        feeds[name] = (from_file(file, skip=runtime.sources[name].next), mapping)
    if stdin:
        feeds[STDIN] = (from_standard_input(), mapping)
    return feeds
