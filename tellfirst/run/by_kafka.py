"""How a run is put together where events come by Kafka: the parts of one role, or of all of them, beside each other."""

import socket
from contextlib import ExitStack, closing
from functools import partial

import structlog

from storage.sql_store import SqlStore
from streams.kafka.topics import slots_in
from streams.project import Project
from tellfirst import clock
from tellfirst.deciding.decisions import Decision, Redrive, carry_out
from tellfirst.http.receipts import Receipts
from tellfirst.kafka.brokers import kafka_of, topics_to_read
from tellfirst.restoring import run_store
from tellfirst.run.couriering import couriering
from tellfirst.run.live import metrics_of
from tellfirst.run.process import Ended, Part, Process
from tellfirst.run.relaying import Relaying, relay_of
from tellfirst.run.reporting import Reporting
from tellfirst.run.roles import Role
from tellfirst.run.stacks import told_when_asked
from tellfirst.run.taking_events import taking_events
from tellfirst.run.taking_letters import TakingLetters
from tellfirst.run.working import worker_of
from tellfirst.tracing import traced
from tellfirst.wiring import DATA

log = structlog.get_logger()


async def play(project: Project, role: Role, *, listener: socket.socket, token: str | None) -> Ended:
    """Do what the role says until stopped; return how it ended. Raises Stopped, KafkaError, and the store's errors."""
    if role is Role.INTAKE:
        return await _take_in(project, listener=listener, token=token)
    topics, data = topics_to_read(project, kafka_of(project)), project.folder / DATA
    metrics = metrics_of(project, topics if role.reads else ())
    with (
        traced() as tracing,
        closing(run_store(project, one_of_many=True)) as store,
        told_when_asked(data, role),
        ExitStack() as opened,
    ):
        reporting = Reporting(metrics, clock=clock.now, tracing=tracing)
        intake = taking_events(project, metrics) if role is Role.ALL else None
        parts: list[Part] = [intake] if intake else []
        if role.reads:
            parts.append(opened.enter_context(worker_of(project, store, metrics, reporting, topics=topics)))
        if role.tells:
            parts.append(couriering(project, store, metrics, reporting, slots=slots_in(topics), tracing=tracing))
        parts.append(Relaying(relay_of(project, store, tracing), metrics))
        if project.settings.database is None:
            parts.append(TakingLetters(data, partial(_decided, store)))
        receipts = Receipts(store, clock=clock.now, hear=metrics.receipt) if role.tells else None
        return await Process(parts, metrics, listener=listener, token=token, events=intake, receipts=receipts).run()


async def _take_in(project: Project, *, listener: socket.socket, token: str | None) -> Ended:
    metrics = metrics_of(project, ())
    intake = taking_events(project, metrics)
    with told_when_asked(project.folder / DATA, Role.INTAKE):
        return await Process([intake], metrics, listener=listener, token=token, events=intake).run()


def _decided(store: SqlStore, decision: Decision) -> None:
    if isinstance(decision, Redrive):
        log.warning("dead letters that came by no topic are not taken in", letters=decision.letters)
    else:
        carry_out(decision, store, now=clock.now())
