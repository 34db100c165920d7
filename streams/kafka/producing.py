"""What is to be written in; written by kafka-python, each partition in its order, acknowledged by all replicas in sync."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from streams.kafka.client import reaching, words_of
from streams.kafka.cloud_events import Headers
from streams.kafka.outgoing import LARGEST, Addressed
from streams.kafka.settings import KafkaSettings
from streams.kafka.slots import slot_of_record

BATCH = 64 << 10
MOST_WAITING = 5_000
LINGER_MS = 20
METADATA_WITHIN_MS = 10_000
DELIVERED_WITHIN_MS = 60_000
CLOSED_WITHIN_SECONDS = 5
LARGEST_REQUEST = LARGEST + (64 << 10)


class Producer:
    """acknowledged: how many records the brokers certainly have.

    A record is written once, however often it takes: brokers know a repeat of it. What was written before a fault stays.
    """

    def __init__(self, client: Any, slots: Mapping[str, int]) -> None:
        self._client, self._slots = client, slots
        self._waiting: list[Any] = []
        self.acknowledged = 0

    def write(self, outgoing: Addressed) -> None:
        """Hand it over; now and then this waits until the brokers have all of them."""
        topic, key, value, headers, _ = outgoing
        slots = self._slots[topic]
        slot = slot_of_record(key, value, slots)
        self.write_as_it_was(topic, slot, None if key is None else key.encode(), value, headers)

    def write_as_it_was(self, topic: str, slot: int, key: bytes | None, value: bytes, headers: Headers) -> None:
        """Hand over a record that stood in this slot, to the byte."""
        self._waiting.append(self._client.send(topic, value, key, list(headers), slot))
        if len(self._waiting) >= MOST_WAITING:
            self.flush()

    def flush(self) -> None:
        """Wait until the brokers have all that was handed over."""
        self._client.flush()
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.get(timeout=DELIVERED_WITHIN_MS / 1_000)
            self.acknowledged += 1


@contextmanager
def producing(settings: KafkaSettings, folder: Path, slots: Mapping[str, int]) -> Iterator[Producer]:
    """Write within this. slots: how many partitions each topic has; folder: where the settings' files stand.

    Raises KafkaUnreachable and KafkaRefused for all that goes wrong with the brokers, also in what stands within.
    """
    with reaching(settings):
        client = KafkaProducer(
            **words_of(settings, folder),
            acks="all",
            enable_idempotence=True,
            linger_ms=LINGER_MS,
            batch_size=BATCH,
            max_request_size=LARGEST_REQUEST,
            max_block_ms=METADATA_WITHIN_MS,
            delivery_timeout_ms=DELIVERED_WITHIN_MS,
        )
        try:
            yield Producer(client, slots)
        finally:
            client.close(timeout=CLOSED_WITHIN_SECONDS)
