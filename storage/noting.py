"""Which transactions a store begins: plain ones, or those that also note what others must hear of, or what was told."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from storage.putting_back import ARE_KEPT
from storage.questions import FACT_OF_STORE
from storage.sending_on import SendsOn
from storage.session import Session
from storage.sql_store import SqlTransaction
from storage.told_file import KeepsTold, ToldFile


@dataclass(frozen=True)
class Noting:
    """sends_on: what is decided goes on to Kafka's topics. told: else the file that says what was told, None for neither.

    only_of: the command that must have made the store its own; None: whosever it is.
    """

    sends_on: bool = False
    told: ToldFile | None = None
    only_of: str | None = None


@dataclass(frozen=True)
class Kinds:
    """The transactions of a database, of each kind."""

    plain: type[SqlTransaction] = SqlTransaction
    sends_on: type[SendsOn] = SendsOn
    keeps_told: type[KeepsTold] = KeepsTold


NOTHING = Noting()


def transactions(session: Session, kinds: Kinds, noting: Noting) -> Callable[[Session], SqlTransaction]:
    """Return what begins a transaction of a store whose schema is up to date."""
    if noting.only_of is not None and session.value(FACT_OF_STORE, "used_by") != noting.only_of:
        return kinds.plain
    if noting.sends_on:
        return partial(kinds.sends_on, told_before=_keeps_lines(session))
    if noting.told is not None:
        return partial(kinds.keeps_told, file=noting.told, told_before=_keeps_lines(session))
    return kinds.plain


def _keeps_lines(session: Session) -> bool:
    return session.value(ARE_KEPT) is not None
