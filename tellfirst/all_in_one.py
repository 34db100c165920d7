"""All roles in one process: the whole of a small project, with its store in its folder, or one of several beside each other."""

import socket
from contextlib import closing
from functools import partial

import structlog

from storage.sql_store import SqlStore
from streams.kafka.topics import slots_in
from streams.project import Project
from tellfirst import clock
from tellfirst.brokers import kafka_of, topics_to_read
from tellfirst.couriering import couriering
from tellfirst.decisions import Decision, Redrive, carry_out
from tellfirst.live import metrics_of
from tellfirst.process import Ended, Part, Process
from tellfirst.relaying import Relaying, relay_of
from tellfirst.reporting import Reporting
from tellfirst.restoring import run_store
from tellfirst.stacks import told_when_asked
from tellfirst.taking_events import taking_events
from tellfirst.taking_letters import TakingLetters
from tellfirst.taking_receipts import TakingReceipts
from tellfirst.tracing import traced
from tellfirst.wiring import DATA
from tellfirst.working import worker_of

log = structlog.get_logger()


async def do_all(project: Project, *, listener: socket.socket, token: str | None) -> Ended:
    """Be intake, worker and courier until stopped; return how it ended. Raises what these raise."""
    topics, data = topics_to_read(project, kafka_of(project)), project.folder / DATA
    metrics = metrics_of(project, topics)
    with (
        traced() as tracing,
        closing(run_store(project, one_of_many=True)) as store,
        told_when_asked(data),
        worker_of(project, store, metrics, Reporting(metrics, clock=clock.now, tracing=tracing), topics=topics) as worker,
    ):
        courier = couriering(project, store, metrics, slots=slots_in(topics), tracing=tracing)
        intake = taking_events(project, metrics)
        parts: list[Part] = [intake, worker, courier, Relaying(relay_of(project, store, tracing), metrics)]
        if project.settings.database is None:
            parts.append(TakingLetters(data, partial(_decided, store)))
        receipts = TakingReceipts(store, clock=clock.now, hear=metrics.receipt)
        return await Process(parts, metrics, listener=listener, token=token, events=intake, receipts=receipts).run()


def _decided(store: SqlStore, decision: Decision) -> None:
    if isinstance(decision, Redrive):
        log.warning("dead letters that came by no topic are not taken in", letters=decision.letters)
    else:
        carry_out(decision, store, now=clock.now())
