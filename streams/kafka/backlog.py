"""What was fetched and is not applied yet: what each fetch brought in; batches, and how far that was the end, out."""

from collections.abc import Iterable, Iterator, Sequence

from streams.kafka.incoming import Incoming
from streams.kafka.log import Fetched, Reach, Where


class Backlog:
    """most: records of a batch. Where more came, what is left over waits for what comes next, so that batches are whole."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: dict[Where, list[Incoming]] = {}
        self._reached: dict[Where, Reach] = {}

    def add(self, fetched: Fetched) -> None:
        for where, records in fetched.records.items():
            self._waiting.setdefault(where, []).extend(records)
        self._reached |= fetched.reached

    @property
    def is_long(self) -> bool:
        """Whether more waits of some partition than a batch holds."""
        return any(len(records) > self._most for records in self._waiting.values())

    def batches(self) -> Iterator[tuple[Where, Sequence[Incoming]]]:
        """Take out what is to be applied now, of each partition in its order."""
        for where in list(self._waiting):
            records = self._waiting.pop(where, [])
            whole = len(records) - len(records) % self._most or len(records)
            if left_over := records[whole:]:
                self._waiting[where] = left_over
            if records:
                yield where, records[:whole]

    def ends(self) -> Iterator[tuple[Where, int]]:
        """Yield the partitions of which nothing waits that was written before a time, in microseconds since 1970."""
        for where, reach in self._reached.items():
            if reach.is_at_the_end and where not in self._waiting:
                yield where, reach.as_of

    def forget(self, slots: Iterable[int] | None = None) -> None:
        """Drop what is here of these slots, of all where none are named."""
        lost = None if slots is None else set(slots)
        for own in (self._waiting, self._reached):
            for where in [where for where in own if lost is None or where[1] in lost]:
                del own[where]
