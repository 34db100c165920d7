"""Dead letters of topics, written back as they came to where they came from: read once more, they are what they are now."""

from collections.abc import Sequence

from contracts.event import DeadLetter
from streams.kafka.producing import producing
from streams.project import Project
from tellfirst.brokers import kafka_of


def send_back(project: Project, letters: Sequence[DeadLetter]) -> None:
    """Write letters of topics back; return once all replicas in sync have them. Raises Stopped, KafkaError."""
    with producing(kafka_of(project), project.folder, {}) as producer:
        for letter in letters:
            topic, _, slot = letter.source.rpartition("#")
            producer.write_as_it_was(topic, int(slot), letter.key, letter.raw, letter.headers)
        producer.flush()
