"""What every database can do for us: one transaction at a time, and questions beside it. Both databases pass the same tests."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from msgspec import Struct

from contracts.event import DeadLetter, Fate
from contracts.message import Attempt, Claim, Message
from contracts.notice import Answer, Notice, NoticePhase, Reason
from contracts.problem import FactsChanged, ProblemPhase
from contracts.promise import Promise, PromiseState
from contracts.telling import ProblemNow, RuleState, Told
from contracts.verdict import GateAnswer


class Fenced(Exception):
    """Somebody else moved what we were about to move: forget, read again."""


class CaseRow(Struct, frozen=True):
    """ripe_at: the earliest time at which W makes something due, never later than the true one; None: nothing is armed."""

    case: str
    part: int
    layout: int
    memory: bytes
    ripe_at: int | None
    customer: str | None


class SourcePosition(Struct, frozen=True):
    """How far one partition of a source was read. next: of the first record not yet read. state: the watermark's own numbers."""

    source: str
    part: int
    next: int
    state: dict[str, int]


class CustomerRow(Struct, frozen=True):
    """profile: field to [value, time, event id] of the newest that carried it. marks: the last 16 events applied."""

    customer: str
    profile: dict[str, list[Any]]
    marks: list[int]


class Complaint(Struct, frozen=True):
    """The newest complaint.raised and complaint.resolved about one case or customer (KIND/ID). at: microseconds, None when there was none."""

    about: str
    raised_at: int | None
    resolved_at: int | None


class Silence(Struct, frozen=True):
    """Notices that match every part that is not None are withheld from `starts` until `ends`."""

    silence: str
    rule: str | None
    case: str | None
    customer: str | None
    starts: int
    ends: int
    why: str


class Transaction(Protocol):
    """Writes that become one. Reads in it see its own writes."""

    # sources
    def move_position(self, position: SourcePosition, *, expected: int) -> None:
        """Raise Fenced when the stored `next` is not `expected` (0 for a source not yet known)."""

    def count_records(self, source: str, fates: Mapping[Fate, int]) -> None: ...
    def add_dead_letter(self, letter: DeadLetter) -> None: ...

    # cases
    def save_cases(self, rows: Sequence[CaseRow]) -> None: ...
    def forget_cases(self, cases: Sequence[str]) -> None: ...
    def link_cases(self, case: str, others: Sequence[str]) -> None:
        """Remember that one event named these cases together; the newest 8 per case stay. Both directions."""

    def save_customer(self, row: CustomerRow) -> None: ...
    def save_complaint(self, complaint: Complaint) -> None: ...

    # problems and their notices
    def record_phase(self, phase: ProblemPhase, *, found_at: int, hand_over_at: int | None = None) -> None:
        """Add the phase's row and bring the problem's row up to date; hand_over_at is kept from the opening. A repeat writes nothing."""

    def update_facts(self, change: FactsChanged) -> None: ...
    def problem(self, problem: str) -> ProblemNow | None: ...
    def notice_count(self, problem: str, phase: NoticePhase) -> int: ...
    def add_notice(self, notice: Notice) -> None:
        """A repeat (same id) writes nothing."""

    def told_of(self, problem: str) -> Sequence[Told]:
        """Notices sent of this problem, oldest first: told, or with an attempt begun whose outcome is not refused."""

    def last_claims(self, problem: str) -> Sequence[Claim]:
        """The claims of the last message sent of this problem."""

    def waiting_of(self, problem: str) -> Sequence[Notice]:
        """Notices of this problem that wait or are held, in the order (at, notice)."""

    def settle(self, notice: Notice, answer: Answer, *, reason: Reason | None = None) -> None:
        """End a waiting or held notice (cancelled, or withheld because missed), whoever has claimed it; the claim grows, so that its courier finds out."""

    def end_promises(self, problem: str, state: PromiseState, *, now: int) -> None: ...
    def ask_again(self, *, reasons: Iterable[Reason], now: int, customer: str | None = None) -> None:
        """Held notices with one of these reasons (of this customer) are asked again at `now`; held with ask_at None or later."""

    def add_fired(self, rule: str, *, part: int, minute: int, count: int) -> None: ...

    # the courier
    def claim_due(self, now: int) -> Sequence[Notice]:
        """Claim what is due (ask_at <= now) of the customer whose notice is first in the order (at, case, rule), all of it in that order.

        A claim adds 1 to `claim` and moves ask_at on by 5 minutes, the lease after which another courier may claim it.
        Notices of an unknown customer (None) are claimed one by one.
        """

    def answer(self, notice: Notice) -> bool:
        """Write answer, reason, ask_at, channel, customer and sent_at of a claimed notice; False when its claim is no longer ours. ends its claim."""

    def log_gates(self, answers: Sequence[GateAnswer]) -> None: ...
    def save_message(self, message: Message) -> None:
        """Write the message with its claims; the same message again replaces it while no attempt of it was accepted."""

    def save_attempt(self, attempt: Attempt) -> None:
        """Write a try by (message, tries); its outcome may only move forward from sending."""

    def attempts(self, message: str) -> Sequence[Attempt]: ...
    def make_promise(self, promise: Promise) -> None:
        """Supersede what the problem's earlier notices promised, and write this one."""

    def finish_promise(self, promise: Promise, state: PromiseState, *, now: int) -> bool:
        """Move a promise that is still `made`; False when another was first."""

    def mark_handed_over(self, problem: str, *, at: int) -> bool:
        """Once per problem; False when it already was."""

    # people
    def save_rule(self, state: RuleState) -> None: ...
    def add_silence(self, silence: Silence) -> None: ...
    def end_silence(self, silence: str, *, now: int) -> bool: ...
    def layout_number(self, kind: str, layout: Sequence[Sequence[str]]) -> int:
        """Return the number of this layout of memories of a kind, a new one when it was not known."""


class Store(Protocol):
    """Open a store with storage.sqlite.open_store(folder) and close it; only one process may have it open for writing."""

    def transaction(self) -> AbstractContextManager[Transaction]: ...
    def close(self) -> None: ...

    # what runtimes read
    def position(self, source: str, part: int) -> SourcePosition | None: ...
    def load_cases(self, cases: Sequence[str]) -> Mapping[str, CaseRow]: ...
    def armed_cases(self) -> Iterator[tuple[str, int]]:
        """Every (case, ripe_at) with something armed."""

    def layouts(self) -> Mapping[int, tuple[str, Sequence[Sequence[str]]]]: ...
    def customer(self, customer: str) -> CustomerRow | None: ...
    def linked_cases(self, case: str) -> Sequence[str]: ...
    def rule_states(self) -> Mapping[str, RuleState]: ...
    def fired_since(self, rule: str, minute: int) -> int: ...
    def used_by(self) -> str | None:
        """Which command made this store its own: run, replay, or None while it is new."""

    def set_used_by(self, command: str) -> None: ...

    # what the courier reads, beside its transactions
    def next_ask(self) -> int | None:
        """The earliest time at which a notice is asked, a promise kept or a hand-over due; None when nothing is."""

    def promises_to_keep(self, now: int) -> Sequence[Promise]: ...
    def hand_overs_due(self, now: int) -> Sequence[ProblemNow]:
        """Open problems whose hand_over_at has passed and that were not handed over, in the order (at, case, rule)."""

    def problem(self, problem: str) -> ProblemNow | None: ...
    def open_problems(self, cases: Sequence[str], rules: Sequence[str]) -> Sequence[ProblemNow]: ...
    def notices_of(self, problem: str) -> Sequence[Notice]: ...
    def told_of(self, problem: str) -> Sequence[Told]: ...
    def told_to(self, customer: str, *, since: int) -> Sequence[Told]: ...
    def complaints(self, about: Sequence[str]) -> Sequence[Complaint]: ...
    def silences(self, now: int | None = None) -> Sequence[Silence]:
        """Those in force at `now`; None: all."""

    def message(self, message: str) -> Message | None: ...

    # what people read
    def export(self, table: str) -> Iterator[dict[str, Any]]:
        """One of problems, notices, promises, attempts, dead-letters, cases, in the documented fields, oldest first."""

    def counts(self) -> Mapping[str, Any]:
        """Numbers for `stats`: records by source and fate, problems by rule and phase, notices by answer and reason, promises by state."""

    def story(self, about: str) -> Mapping[str, Any]:
        """All that is kept of a case (KIND/ID) or a customer (customer/ID or a bare id), for `why`: phases, notices, gates, messages, claims, attempts, promises."""

    def dead_letters(self, *, limit: int = 100) -> Sequence[DeadLetter]: ...
