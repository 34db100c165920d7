"""A store whose transactions become one, for replays: what nobody outside sees yet need not be written one by one."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Any, cast

from contracts.on_its_way import OnItsWay
from storage.store import Store, Transaction


class Joined:
    """A transaction among those that became one: of what is sent within it only the receipt is written, not that it was begun.

    A crash undoes both, and nobody else claims what is ours.
    """

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def __getattr__(self, name: str) -> Any:
        """What is asked once is found without this from then on."""
        asked = self.__dict__[name] = getattr(self._tx, name)
        return asked

    def begin(self, sends: Sequence[OnItsWay]) -> Sequence[OnItsWay]:
        return sends


class Grouped:
    """Every transaction joins the one that is open, which `flush` ends. When one raises, all since the last flush is undone.

    Whoever reads through it sees what was written. A crash loses what was not flushed, positions included, so that doing it again
    writes the same rows; it is for runs whose channels take a message twice. It is itself the context of each transaction, which
    has nothing of its own.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: AbstractContextManager[Transaction] | None = None
        self._tx: Transaction | None = None

    def __getattr__(self, name: str) -> Any:
        """What is asked once is found without this from then on."""
        asked = self.__dict__[name] = getattr(self._store, name)
        return asked

    def transaction(self) -> "Grouped":
        return self

    def __enter__(self) -> Transaction:
        if self._open is None or self._tx is None:
            self._open = self._store.transaction()
            self._tx = cast(Transaction, Joined(self._open.__enter__()))
        return self._tx

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None) -> None:
        if failure is not None:
            self._end(failure)

    def flush(self) -> None:
        """Commit what was written since the last flush."""
        self._end(None)

    def _end(self, failure: BaseException | None) -> None:
        opened, self._open, self._tx = self._open, None, None
        if opened is not None:
            opened.__exit__(type(failure) if failure else None, failure, failure.__traceback__ if failure else None)


@contextmanager
def grouped(store: Store) -> Iterator[tuple[Store, Grouped]]:
    """Yield the store with its transactions joined, and what flushes them; at the end all is flushed, or undone."""
    joined = Grouped(store)
    try:
        yield cast(Store, joined), joined
    except BaseException as failure:
        joined._end(failure)
        raise
    joined.flush()
