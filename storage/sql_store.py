"""A store on any SQL database: questions, transactions, and what people read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from contracts.notice import Notice
from storage import export, reports
from storage.batch_writes import BatchWrites
from storage.courier_writes import CourierWrites
from storage.errors import ReadOnlyStore
from storage.figures import Figures, figures
from storage.letter_writes import LetterWrites
from storage.outgoing_writes import OutgoingWrites
from storage.problem_writes import ProblemWrites
from storage.questions import TOPIC, Questions
from storage.session import Session
from storage.slot_writes import SlotWrites
from storage.turn import Alone, Turn

SET_FACT = "INSERT INTO facts_of_store (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
SET_ONCE = "INSERT INTO facts_of_store (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"


class SqlTransaction(BatchWrites, ProblemWrites, CourierWrites, LetterWrites, SlotWrites, OutgoingWrites):
    """All writes of storage.store.Transaction."""

    def erase_told(self, notices: Sequence[str]) -> None:
        """Where no log is kept, nothing stands there."""

    def ending(self) -> None:
        """The last thing before the commit."""

    def ended(self) -> None:
        """It is committed, and nobody has acted on it yet."""


class SqlStore(Questions):
    """writes: begins what a transaction offers. on_close: gives back what was taken to have the store alone."""

    def __init__(
        self,
        session: Session,
        *,
        writes: Callable[[Session], SqlTransaction] = SqlTransaction,
        read_only: bool = False,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(session)
        self.writes = writes
        self._read_only = read_only
        self._on_close = on_close

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """Commit at the end, or undo all when anything was raised. Raises NestedTransaction and ReadOnlyStore."""
        self._require_writer()
        with self.session.transaction():
            tx = self.writes(self.session)
            yield tx
            tx.ending()
        tx.ended()

    def close(self) -> None:
        self.session.connection.close()
        if self._on_close:
            self._on_close()

    def turn(self, name: str) -> Turn:
        """Return what says whether it is our turn to do what this name stands for."""
        return Alone()

    def let_go(self, notices: Sequence[Notice]) -> None:
        """Where one process has the store, nobody else waits for them."""

    def set_used_by(self, command: str) -> None:
        self._require_writer()
        self.session.change(SET_FACT, "used_by", command)

    def remember_topics(self, ids: Mapping[str, str]) -> None:
        self._require_writer()
        self.session.change_all(SET_ONCE, [(TOPIC + topic, number) for topic, number in ids.items()])

    def export(self, table: str) -> Iterator[dict[str, Any]]:
        return export.export(self.session, table)

    def counts(self) -> Mapping[str, Any]:
        return reports.counts(self.session)

    def figures(self, now: int) -> Figures:
        return figures(self.session, now)

    def story(self, about: str) -> Mapping[str, Any]:
        return reports.story(self.session, self, about)

    def _require_writer(self) -> None:
        if self._read_only:
            raise ReadOnlyStore("this store was opened for reading — open it for writing in the process that runs")
