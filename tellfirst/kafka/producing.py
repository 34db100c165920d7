"""Records written to the topics of a project's Kafka: each under its first case, in order, counted by what became of it."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from contracts.event import DeadLetter
from contracts.times import SECOND
from streams.intake import Intake
from streams.kafka.errors import KafkaError
from streams.kafka.outgoing import READ, WRITTEN, Addressing, Fate
from streams.kafka.producing import Producer, producing
from streams.project import Project
from tellfirst import clock
from tellfirst.kafka.brokers import kafka_of, slots_of
from tellfirst.stopping import Exit, Stopped, stop
from tellfirst.wiring import SETTINGS

SOURCE = "kafka"
NOT_SENT = (Fate.NO_TOPIC, Fate.TOO_LARGE)


class Pace:
    """Waits so that events come as they happened, `speed` times as fast; None: as fast as they can be written."""

    def __init__(self, speed: float | None) -> None:
        self._speed = speed
        self._first: int | None = None
        self._began = clock.elapsed()

    def keep(self, event_time: int | None) -> None:
        if self._speed is None or event_time is None:
            return
        if self._first is None:
            self._first, self._began = event_time, clock.elapsed()
        due = (event_time - self._first) / SECOND / self._speed
        if (ahead := due - (clock.elapsed() - self._began)) > 0:
            time.sleep(ahead)


def write(
    project: Project,
    records: Iterable[bytes],
    *,
    mapping: str | None = None,
    binary: bool = False,
    speed: float | None = None,
    tell: Callable[[int], None] = lambda read: None,
) -> Counter[str]:
    """Write records to the inputs and return how many were read, by fate, and how many Kafka has of them.

    mapping: by which they are read, None for CloudEvents. tell: hears how many were read so far.
    Raises Stopped, also when brokers fail in the middle, and says then how many they have. Writing them again does no harm.
    """
    settings = kafka_of(project)
    read = project.mappings[mapping] if mapping else None
    intake = Intake(project.catalogue, source=mapping or SOURCE, mapping=read, zone=project.settings.zone)
    try:
        addressing = Addressing(settings, project.catalogue, intake, foreign=read is not None, binary=binary)
    except ValueError as fault:
        raise stop(Exit.CONFIGURATION, SETTINGS, str(fault), "name one under `kafka: topics`") from None
    slots, taken = slots_of(project, settings), 0
    try:
        with producing(settings, project.folder, slots) as producer:
            try:
                return _write_all(records, addressing, producer, Pace(speed), tell)
            finally:
                taken = producer.acknowledged
    except KafkaError as fault:
        if not taken:
            raise
        raise Stopped(Exit.PARTLY, f"{fault}; they have taken {taken:,} records, and all may be written again") from None


def send_back(project: Project, letters: Sequence[DeadLetter]) -> None:
    """Write dead letters of topics back as they came: read once more, they are what they are now. Raises Stopped, KafkaError."""
    with producing(kafka_of(project), project.folder, {}) as producer:
        for letter in letters:
            topic, _, slot = letter.source.rpartition("#")
            producer.write_as_it_was(topic, int(slot), letter.key, letter.raw, letter.headers)
        producer.flush()


def _write_all(
    records: Iterable[bytes], addressing: Addressing, producer: Producer, pace: Pace, tell: Callable[[int], None]
) -> Counter[str]:
    tally = Counter(dict.fromkeys((READ, *Fate, WRITTEN), 0))
    for number, raw in enumerate(records, start=1):
        sending = addressing.address(raw, number)
        for outgoing in sending.written:
            pace.keep(outgoing.time)
            producer.write(outgoing)
        tally.update((READ, sending.fate))
        tell(number)
    producer.flush()
    tally[WRITTEN] = producer.acknowledged
    return tally
