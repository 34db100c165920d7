"""All roles in one process: the whole of a small project, with its store in its folder, or one of several beside each other."""

import asyncio
import socket
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from storage.sql_store import SqlStore
from streams.project import Project
from tellfirst import letterbox
from tellfirst.brokers import kafka_of, topics_to_read
from tellfirst.couriering import couriering
from tellfirst.decisions import Decision, Redrive, carry_out
from tellfirst.live import metrics_of
from tellfirst.process import Part, Process
from tellfirst.relaying import Relaying, relay_of
from tellfirst.reporting import Reporting
from tellfirst.restoring import run_store
from tellfirst.stacks import told_when_asked
from tellfirst.taking_events import taking_events
from tellfirst.taking_receipts import TakingReceipts
from tellfirst.tracing import traced
from tellfirst.wiring import DATA
from tellfirst.working import worker_of

LOOK_EVERY_SECONDS = 0.5


class TakingLetters:
    """A tellfirst.process.Part: takes up what people decide where nobody but us can write the store (see letterbox)."""

    def __init__(self, data: Path, do: Callable[[Decision], None]) -> None:
        self._data, self._do = data, do
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        while not self._stopping.is_set():
            letterbox.take_up(self._data, self._do)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        self._stopping.set()

    def checks(self) -> Mapping[str, str | None]:
        return {}

    def show(self) -> None:
        """Nothing of it is a gauge."""


async def do_all(project: Project, *, listener: socket.socket, token: str | None, clock: Callable[[], int]) -> bool:
    """Be intake, worker and courier until stopped; return whether all drained in time. Raises what these raise."""
    topics, data = topics_to_read(project, kafka_of(project)), project.folder / DATA
    metrics = metrics_of(project, topics)
    with (
        traced() as tracing,
        closing(run_store(project, one_of_many=True)) as store,
        told_when_asked(data),
        worker_of(
            project, store, metrics, Reporting(metrics, clock=clock, tracing=tracing), topics=topics, clock=clock
        ) as worker,
    ):
        slots = next(iter(topics.values())).partitions
        courier = couriering(project, store, metrics, slots=slots, clock=clock, tracing=tracing)
        intake = taking_events(project, metrics)
        parts: list[Part] = [intake, worker, courier, Relaying(relay_of(project, store, tracing), metrics)]
        if project.settings.database is None:
            parts.append(TakingLetters(data, partial(_decided, store, clock)))
        receipts = TakingReceipts(store, clock=clock, hear=metrics.receipt)
        return await Process(parts, metrics, listener=listener, token=token, events=intake, receipts=receipts).run()


def _decided(store: SqlStore, clock: Callable[[], int], decision: Decision) -> None:
    if not isinstance(decision, Redrive):
        carry_out(decision, store, now=clock())
