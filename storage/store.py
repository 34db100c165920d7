"""What every database can do for us: one transaction at a time, and questions beside it. Both databases pass the same tests."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from contracts.event import DeadLetter
from contracts.message import Attempt, Claim, Message
from contracts.notice import Notice
from contracts.promise import Promise
from contracts.telling import Complaint, Heard, Known, ProblemNow, RuleState, Silence, Standing, Told
from storage.errors import Fenced
from storage.figures import Figures
from storage.records import CaseRow, CustomerRow, MinutesRow, Numbered, RecordedPhase, Seen, Slot, SourcePosition
from storage.transaction import Transaction
from storage.turn import Turn

__all__ = [
    "CaseRow",
    "Complaint",
    "CustomerRow",
    "Fenced",
    "Figures",
    "Known",
    "MinutesRow",
    "Numbered",
    "RecordedPhase",
    "Seen",
    "Silence",
    "Slot",
    "SourcePosition",
    "Standing",
    "Store",
    "Transaction",
]


class Store(Protocol):
    """Open a store with storage.sqlite.open_store(folder) or storage.postgres.open_postgres(address), and close it."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Commit at the end, or undo all when anything was raised. Raises NestedTransaction and ReadOnlyStore."""

    def close(self) -> None: ...

    # what runtimes read
    def position(self, source: str, part: int) -> SourcePosition | None: ...
    def slots(self) -> Sequence[Slot]:
        """Every slot that was ever claimed, by its number, with how far it was seen."""

    def cases_of(self, part: int) -> Sequence[str]:
        """The names of all cases of a part."""

    def parts_of(self, source: str) -> Sequence[SourcePosition]:
        """The positions of a source in all its parts, by their numbers."""

    def minutes_of(self, source: str) -> Sequence[MinutesRow]:
        """When something came by a source, in all its parts, by their numbers."""

    def minutes_in(self, part: int) -> Sequence[MinutesRow]:
        """The same of all sources that have such a part, by their names."""

    def copies_waiting(self) -> tuple[int, int] | None:
        """The first and the last number of the copies that are still to be relayed to other slots; None: there is none."""

    def load_cases(self, cases: Sequence[str]) -> Mapping[str, CaseRow]: ...
    def armed_cases(self, part: int) -> Iterator[tuple[str, int]]:
        """Every (case, ripe_at) of this part with something armed."""

    def layouts(self) -> Mapping[int, tuple[str, Sequence[Sequence[str]]]]: ...
    def customer(self, customer: str) -> CustomerRow | None: ...
    def customers(self, customers: Sequence[str]) -> Mapping[str, CustomerRow]:
        """customer, for many; one of whom nothing is known is not among them."""

    def knows_customers(self) -> bool:
        """Whether there is any."""

    def linked_cases(self, case: str) -> Sequence[str]: ...
    def rule_states(self) -> Mapping[str, RuleState]: ...
    def fired_since(self, rule: str, minute: int) -> int: ...
    def fired_by_minute(self, rules: Sequence[str], *, since: int) -> Mapping[tuple[str, int], int]:
        """How many problems only time brought to light, by rule and minute, from a minute on."""

    def used_by(self) -> str | None:
        """Which command made this store its own: run, replay, or None while it is new."""

    def set_used_by(self, command: str) -> None: ...
    def topic_ids(self) -> Mapping[str, str]:
        """The ids that Kafka's topics had when they were first read, by their names."""

    def remember_topics(self, ids: Mapping[str, str]) -> None:
        """Topics that are remembered already keep their ids."""

    # what the courier reads, beside its transactions
    def next_ask(self) -> int | None:
        """The earliest time at which a notice is asked, a promise kept or a hand-over due; None when nothing is."""

    def let_go(self, notices: Sequence[Notice]) -> None:
        """Let others claim for the customers of notices that were claimed together, and are dealt with."""

    def promises_to_keep(self, now: int) -> Sequence[Promise]: ...
    def hand_overs_due(self, now: int) -> Sequence[ProblemNow]:
        """Open problems whose hand_over_at has passed and that were not handed over, in the order (at, case, rule)."""

    def standings(self, notices: Sequence[str]) -> Mapping[str, Standing]:
        """How things stand with notices that are to be told; one whose problem is not known is not among them.

        A beginning goes to the newest customer of its case until somebody may have heard it, all that follows to that one.
        """

    def open_problems(self, cases: Sequence[str], rules: Sequence[str]) -> Sequence[ProblemNow]: ...
    def notices_of(self, problem: str) -> Sequence[Notice]: ...
    def last_claims(self, problem: str) -> Sequence[Claim]: ...
    def heard_on(self, case: str) -> Sequence[Heard]: ...
    def attempts(self, message: str) -> Sequence[Attempt]: ...
    def told_of_each(self, problems: Sequence[str]) -> Mapping[str, Sequence[Told]]:
        """told_of, for many; a problem of which nobody was told is not among them."""

    def told_to_each(self, customers: Sequence[str], *, since: int) -> Mapping[str, Sequence[Told]]:
        """What these customers were told since a time, of whatever problem, oldest first."""

    def complaints(self, about: Sequence[str]) -> Sequence[Complaint]: ...
    def silences(self, now: int | None = None) -> Sequence[Silence]:
        """Those in force at `now`; None: all."""

    def message(self, message: str) -> Message | None: ...

    # what is to be relayed
    def turn(self, name: str) -> Turn:
        """Return what says whether it is our turn, among all processes of this store, to do what this name stands for."""

    def outgoing(self, *, limit: int) -> Sequence[Numbered]:
        """The records that wait longest, in the order in which they were written; those of one key also in that of commits."""

    # what people read
    def export(self, table: str) -> Iterator[dict[str, Any]]:
        """One of problems, notices, promises, attempts, dead-letters, cases, in the documented fields, oldest first."""

    def counts(self) -> Mapping[str, Any]:
        """Numbers for `stats`, as trees.

        records by source and fate, dead_letters by reason, dead_letters_gone by how they went (redriven, discarded) and reason,
        problems (their phases) by rule and phase, open by rule, notices by answer and reason, attempts by channel and outcome,
        receipts by channel and what they say, promises by state, cases, customers.
        """

    def figures(self, now: int) -> Figures:
        """Numbers for those who run it, at a time of the clock in microseconds."""

    def story(self, about: str) -> Mapping[str, Any]:
        """All that is kept of a case (KIND/ID) or a customer (customer/ID or a bare id), for `why`, oldest first.

        Lists of records: cases, linked (names of cases), complaints, problems, phases (RecordedPhase), notices, gates,
        messages (with their claims), attempts, promises; and customer: CustomerRow or None.
        """

    def dead_letter(self, source: str, position: int) -> DeadLetter | None: ...
    def dead_letters(self, *, limit: int = 100) -> Sequence[DeadLetter]: ...
