"""A real broker for the proofs: started by deploy/kafka/broker.py in a folder of its own, on ports that nobody uses."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import NoError, RetriableError
from kafka.structs import OffsetAndMetadata

SCRIPT = Path(__file__).parents[2] / "deploy" / "kafka" / "broker.py"
LISTENERS = 5
COORDINATOR_TRIES = 100
FIRST_PORT, PORTS, APART = 21_000, 9_000, 500
"""APART: where one process begins to look and where the next one does; a port is not free at once after it was used."""


@dataclass(frozen=True)
class Broker:
    """port: of the listener without security; those with TLS, SASL, and both, are 2, 3 and 4 further."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> str:
        return _broker("start", "--port", str(self.port), "--secure", "--folder", str(self.folder))

    def stop(self, *how: str) -> str:
        return _broker("stop", *how, "--folder", str(self.folder))

    @contextmanager
    def admin(self) -> Iterator[Any]:
        with closing(KafkaAdminClient(bootstrap_servers=self.address)) as client:
            yield client

    def make(self, topic: str, *, partitions: int, **configs: str) -> None:
        """Make a topic; a setting's name has _ for its dots."""
        named = {name.replace("_", "."): value for name, value in configs.items()}
        with self.admin() as client:
            client.create_topics({topic: {"num_partitions": partitions, "replication_factor": 1, "configs": named}})
            client.wait_for_topics([topic])

    def remove_all(self) -> None:
        """Remove every topic that is not Kafka's own, and return once they are gone."""
        with self.admin() as client:
            names = [name for name in client.list_topics() if not name.startswith("__")]
            if names:
                client.delete_topics(names)

    def records(self, topic: str) -> list[Any]:
        """Return all records of a topic, partition by partition, each in its order."""
        consumer = KafkaConsumer(bootstrap_servers=self.address, auto_offset_reset="earliest", enable_auto_commit=False)
        with closing(consumer):
            everywhere = [TopicPartition(topic, part) for part in consumer.partitions_for_topic(topic)]
            ends = consumer.end_offsets(everywhere)
            consumer.assign(everywhere)
            found: list[Any] = []
            while any(consumer.position(where) < ends[where] for where in everywhere):
                for some in consumer.poll(500).values():
                    found += some
        return sorted(found, key=lambda record: (record.partition, record.offset))

    def write(self, topic: str, *values: bytes, partition: int = 0) -> None:
        with closing(KafkaProducer(bootstrap_servers=self.address)) as producer:
            for value in values:
                producer.send(topic, value, partition=partition)
            producer.flush()

    def commit(self, topic: str, *, partition: int, offset: int) -> None:
        """Commit for our group, as a worker would."""
        whence = {TopicPartition(topic, partition): OffsetAndMetadata(offset, "", -1)}
        with self.admin() as client:
            for _ in range(COORDINATOR_TRIES):
                with suppress(RetriableError):
                    if set(client.alter_group_offsets("tellfirst", whence).values()) == {NoError}:
                        return
                time.sleep(0.1)
        raise AssertionError("the group has no coordinator")


@contextmanager
def running(folder: Path) -> Iterator[Broker]:
    """Yield a broker that is ready, with all its listeners; at the end it is gone."""
    broker = Broker(folder, free_ports())
    try:
        broker.start()
        yield broker
    finally:
        broker.stop("--kill")


def _broker(*words: str) -> str:
    command = [sys.executable, str(SCRIPT), *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    return done.stdout


def free_ports() -> int:
    """Return a port that is free with those after it, below those that the system hands out; others look elsewhere first."""
    began = os.getpid() * APART
    for place in range(began, began + PORTS, LISTENERS):
        port = FIRST_PORT + place % PORTS
        with suppress(OSError):
            for each in range(port, port + LISTENERS):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", each))
            return port
    raise AssertionError("no ports are free")
