"""The topic of what was told, read line by line: its newest lines, or all of them."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from kafka import KafkaConsumer, TopicPartition
from msgspec import DecodeError

from contracts.outgoing import Word
from storage.told_lines import ToldLine, decode
from streams.kafka.client import place_of, reaching, words_of
from streams.kafka.errors import KafkaRefused, KafkaUnreachable
from streams.kafka.settings import KafkaSettings

POLL_MS = 1_000
AT_ONCE = 5_000
SILENT_POLLS = 15


class ToldTopic:
    """What a writer that was fenced left there is read too: it was told, and is on its way a second time.

    Its methods raise KafkaError, OSError and ValueError. folder: where the settings' files stand.
    """

    def __init__(self, settings: KafkaSettings, folder: Path) -> None:
        self._settings, self._folder = settings, folder
        self.name = f"{settings.group}.{Word.TOLD}"

    def newest(self, number: int) -> Sequence[ToldLine]:
        """Return the newest lines of each partition, at most so many each."""
        lines: list[ToldLine] = []
        for some in self._read(back=2 * number):  # each handful ends with a marker, which counts as a record
            lines += some
        return lines

    def lines(self) -> Iterator[ToldLine]:
        """Yield all lines, those of one notice in their order."""
        for some in self._read(back=None):
            yield from some

    def _read(self, *, back: int | None) -> Iterator[list[ToldLine]]:
        """back: begin so many offsets before the end of each partition; None: at the beginning."""
        words = words_of(self._settings, self._folder)
        with reaching(self._settings):
            consumer = KafkaConsumer(**words, enable_auto_commit=False, auto_offset_reset="earliest", max_poll_records=AT_ONCE)
            with closing(consumer):
                everywhere = self._partitions(consumer)
                begins, ends = consumer.beginning_offsets(everywhere), consumer.end_offsets(everywhere)
                consumer.assign(everywhere)
                for where in everywhere:
                    consumer.seek(where, begins[where] if back is None else max(begins[where], ends[where] - back))
                yield from self._to_the_end(consumer, ends)

    def _partitions(self, consumer: KafkaConsumer) -> list[TopicPartition]:
        found = consumer.partitions_for_topic(self.name)
        if not found:
            remedy = "`tellfirst kafka init` makes what is missing"
            raise KafkaUnreachable(f"{place_of(self._settings)}  missing: `{self.name}` — {remedy}")
        return [TopicPartition(self.name, part) for part in sorted(found)]

    def _to_the_end(self, consumer: KafkaConsumer, ends: dict[TopicPartition, int]) -> Iterator[list[ToldLine]]:
        silent = 0
        while any(consumer.position(where) < end for where, end in ends.items()):
            polled = consumer.poll(POLL_MS)
            silent = 0 if polled else silent + 1
            if silent > SILENT_POLLS:
                fact = f"`{self.name}` cannot be read to its end"
                raise KafkaUnreachable(f"{place_of(self._settings)}  {fact} — see the brokers' logs")
            for records in polled.values():
                yield [self._line(record.key, record.value, record.offset) for record in records]

    def _line(self, key: bytes | None, value: bytes | None, offset: int) -> ToldLine:
        if value is None:
            return ToldLine((key or b"").decode())
        try:
            return decode(value)
        except DecodeError as fault:
            remedy = "nobody but tellfirst may write there"
            raise KafkaRefused(f"`{self.name}`, offset {offset}  is no line of what was told: {fault} — {remedy}") from None
