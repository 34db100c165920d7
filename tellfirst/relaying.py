"""What a process of a project with Kafka runs beside its own work: the relay of what its store has for topics."""

from functools import partial

from storage.sql_store import SqlStore
from streams.kafka.relay import Relay
from streams.kafka.writing import writing
from streams.project import Project
from tellfirst.brokers import kafka_of


def relay_of(project: Project, store: SqlStore) -> Relay:
    """Return the relay of this store; any number of processes may run theirs. Raises Stopped where there is no usable `kafka`."""
    return Relay(store, partial(writing, kafka_of(project), project.folder))
