"""A worker as part of a process: which topics it reads under which name, what it does with them, and what it shows of itself."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import structlog

from contracts.times import SECOND
from storage.errors import StoreError
from storage.sql_store import SqlStore
from streams.kafka.admin import administering
from streams.kafka.client import aiokafka_words_of
from streams.kafka.holding import Slots
from streams.kafka.identity import Identity
from streams.kafka.settings import KafkaSettings
from streams.kafka.topics import Found, slots_in
from streams.kafka.worker import Worker
from streams.metrics import Metrics
from streams.metrics import catalogue as the
from streams.project import Project
from tellfirst import clock
from tellfirst.kafka.brokers import kafka_of
from tellfirst.kafka.hearing import known_by, must_wait
from tellfirst.run.live import take_over
from tellfirst.run.member import member
from tellfirst.run.process import Part
from tellfirst.run.reporting import Reporting

log = structlog.get_logger()


class Working(Part):
    """Reads its slots until it is stopped."""

    def __init__(self, worker: Worker, slots: Slots, metrics: Metrics) -> None:
        self._worker, self._slots, self._metrics = worker, slots, metrics

    async def run(self) -> None:
        await self._worker.run()

    def stop(self) -> None:
        self._worker.drain()

    def checks(self) -> Mapping[str, str | None]:
        trouble = self._worker.trouble
        of_store = isinstance(trouble, StoreError)
        waits = "slots wait to be claimed" if self._worker.waits_for_slots() else None
        return {
            "source": waits if trouble is None or of_store else str(trouble),
            "store": str(trouble) if of_store else None,
            "rules": None,
        }

    def show(self) -> None:
        self._metrics.show_role(the.WORKER)
        self._metrics.show_partitions(the.LAG, {where: reach.lag for where, reach in self._worker.reached().items()})
        self._metrics.show_partitions(the.WATERMARK, {where: w / SECOND for where, w in self._slots.marks().items()})
        self._metrics.show_quiet(self._slots.inputs, self._slots.hearing.quiet)
        self._metrics.show_patience(self._slots.hearing.in_force())
        self._metrics.show_cached(self._slots.cases_cached)


@contextmanager
def worker_of(
    project: Project,
    store: SqlStore,
    metrics: Metrics,
    reporting: Reporting,
    *,
    topics: Mapping[str, Found],
) -> Iterator[Working]:
    """Yield a worker that is ready to begin. topics: those that it reads, as they are (topics_to_read).

    Raises Stopped, LogMismatch, TornSlot, and the store's errors.
    """
    settings, number = kafka_of(project), slots_in(topics)
    identity = Identity(store, topics, slots=number)
    identity.must_be_ours(topics)
    take_over(store, project)
    _say_who_waits(project, store)
    _show_topics(metrics, project, settings, topics, slots=number)
    slots = Slots(
        project,
        settings,
        store,
        slots=number,
        clock=clock.now,
        on_commit=reporting.committed,
        on_retry=partial(metrics.transaction, the.RETRIED),
        hear=reporting.hear,
    )
    with member(settings.group, settings.member) as name:
        worker = Worker(
            slots,
            aiokafka_words_of(settings, project.folder) | {"group_id": settings.group, "group_instance_id": name},
            topics=tuple(topics),
            clock=clock.now,
            elapsed=clock.elapsed,
            must_be_ours=partial(_look_again, settings, project.folder, identity),
            lost=metrics.transaction,
        )
        log.info("worker", member=name, slots=number)
        yield Working(worker, slots, metrics)


def _say_who_waits(project: Project, store: SqlStore) -> None:
    for rule, unheard in must_wait(project, known_by(project, store)).items():
        log.warning("absences may only be unheard: nobody knows yet how long topics may be silent", rule=rule, topics=unheard)


def _show_topics(metrics: Metrics, project: Project, settings: KafkaSettings, topics: Iterable[str], *, slots: int) -> None:
    metrics.show_topics(topics, partitions=slots)
    for each in settings.inputs:
        metrics.show_delay(each.topic, project.settings.source(each.topic).lag)


async def _look_again(settings: KafkaSettings, folder: Path, identity: Identity) -> None:
    """Asking the brokers takes a moment in which others go on; the store is asked where it always is."""
    identity.must_be_ours(await asyncio.to_thread(_topics, settings, folder, identity.topics))


def _topics(settings: KafkaSettings, folder: Path, names: Sequence[str]) -> Mapping[str, Found]:
    with administering(settings, folder) as admin:
        return admin.topics(names)
