"""librdkafka's mock cluster, and a worker that can read it: `python -m tests.tellfirst.mock_kafka FILE WORDS…`.

The mock speaks TCP with producers and consumers as a broker does: groups, sessions, transactions. What it does not have is said
in its place: kafka-python, by which topics are looked at, does not understand it, and its markers of transactions have no
checksums. It hides nothing of a transaction that failed, and fences no writer.
"""

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.slow.torture import our_time

TOPICS = (
    *("orders", "deliveries", "usage", "tellfirst.routed", "tellfirst.problems", "tellfirst.notices"),
    *("tellfirst.receipts", "tellfirst.dead-letters", "tellfirst.told"),
)
PARTITIONS = 4
SESSION_SECONDS, HEARTBEAT_SECONDS, FETCH_WAIT_MS = 2.0, 0.3, 100
ANSWER_SECONDS = 10
FIRST_JOIN_MS = 300
"""For so long the first member of a group waits for others: less than a session, else it would be put out meanwhile."""
LINGER_MS = 200
"""A fetch brings one batch of each partition."""


class MockKafka:
    """One broker, which is gone with this process. address: HOST:PORT."""

    def __init__(self) -> None:
        import confluent_kafka

        packed = Path(confluent_kafka.__file__).parent.with_name("confluent_kafka.libs")
        mock = ctypes.CDLL(str(next(packed.glob("librdkafka*"))))
        mock.rd_kafka_new.restype = mock.rd_kafka_mock_cluster_new.restype = ctypes.c_void_p
        mock.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
        cluster = ctypes.c_void_p(mock.rd_kafka_mock_cluster_new(ctypes.c_void_p(mock.rd_kafka_new(0, None, None, 0)), 1))
        mock.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, FIRST_JOIN_MS)
        for topic in TOPICS:
            assert mock.rd_kafka_mock_topic_create(cluster, topic.encode(), PARTITIONS, 1) == 0
        self.address = mock.rd_kafka_mock_cluster_bootstraps(cluster).decode()
        self._producer = confluent_kafka.Producer({"bootstrap.servers": self.address, "linger.ms": LINGER_MS})

    def write(self, topic: str, value: bytes, *, partition: int) -> None:
        self._producer.produce(topic, value, partition=partition)
        self._producer.poll(0)

    def flush(self) -> None:
        assert self._producer.flush(ANSWER_SECONDS) == 0


class Topics:
    """What a streams.kafka.admin.Admin says of topics that are as they should be."""

    def cluster(self) -> Any:
        from streams.kafka.topics import Cluster

        return Cluster("mock", 1)

    def topics(self, names: Sequence[str]) -> Mapping[str, Any]:
        from streams.kafka.topics import Found

        return {name: Found(name, "", PARTITIONS, 1, (), {}) for name in names}


@contextmanager
def administering(*where: Any) -> Iterator[Topics]:
    yield Topics()


def begin() -> None:
    our_time.take_up()
    from streams.kafka import shell
    from streams.kafka.client import aiokafka_words_of
    from tellfirst import restoring
    from tellfirst.cli import main
    from tellfirst.kafka import brokers
    from tellfirst.run import working

    shell.SESSION_SECONDS, shell.HEARTBEAT_SECONDS, shell.FETCH_WAIT_MS = SESSION_SECONDS, HEARTBEAT_SECONDS, FETCH_WAIT_MS
    for module in (brokers, working):
        module.administering = administering  # type: ignore[attr-defined]
    working.aiokafka_words_of = lambda *words: aiokafka_words_of(*words) | {"check_crcs": False}  # type: ignore[attr-defined]
    restoring.must_be_whole = lambda *store: None
    main()


if __name__ == "__main__":
    begin()
