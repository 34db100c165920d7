"""What one transaction writes, in every database: all of it or nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from contracts.event import DeadLetter, Fate
from contracts.message import Attempt, Claim, Message
from contracts.notice import Answer, Notice, NoticePhase, Reason
from contracts.on_its_way import OnItsWay
from contracts.outgoing import Outgoing
from contracts.problem import FactsChanged
from contracts.promise import Promise, PromiseState
from contracts.receipt import Receipt, ReceiptFate
from contracts.telling import Complaint, Heard, ProblemNow, RuleState, Silence, Told
from contracts.verdict import Look
from storage.records import CaseRow, CustomerRow, MinutesRow, RecordedPhase, Seen, SourcePosition


class Transaction(Protocol):
    """Writes that become one. Reads in it see its own writes."""

    # sources
    def claim_slot(self, slot: int) -> int:
        """Make a slot ours and return its new epoch, at least 1; wait for what its former worker is about to commit.

        positions_of, asked in the same transaction, is where that worker left off.
        """

    def hold_slot(self, slot: int, *, epoch: int, seen: Seen | None = None) -> None:
        """Keep a slot ours until this transaction ends. Raise Fenced when somebody claimed it after this epoch.

        seen: how far it will have been seen with this transaction; None leaves that as it is.
        """

    def positions_of(self, part: int) -> Sequence[SourcePosition]:
        """The positions of all sources that have such a part, by their names."""

    def move_position(self, position: SourcePosition, *, expected: int) -> None:
        """Raise Fenced when the stored `next` is not `expected` (0 for a source not yet known)."""

    def save_minutes(self, rows: Sequence[MinutesRow]) -> None: ...
    def count_records(self, source: str, fates: Mapping[Fate, int], *, part: int = 0) -> None: ...
    def add_dead_letter(self, letter: DeadLetter) -> bool:
        """A second letter of the same source and position writes nothing, and is False."""

    def take_letter_in(self, letter: DeadLetter, fate: Fate) -> bool:
        """Take a dead letter off the list: its record counts as `fate` from now on. False when it was not there."""

    def send_letter_back(self, letter: DeadLetter) -> bool:
        """Take a dead letter off the list, of which its topic has a copy by now; its own record counts as dead ever after."""

    def discard_letter(self, letter: DeadLetter) -> bool:
        """Take a dead letter off the list; its record counts as dead ever after. False when it was not there."""

    def explain_letter(self, letter: DeadLetter) -> None:
        """Give the letter of this source and position another reason and detail."""

    # cases
    def save_cases(self, rows: Sequence[CaseRow]) -> None: ...
    def forget_cases(self, cases: Sequence[str]) -> None: ...
    def link_cases(self, links: Iterable[Sequence[str]]) -> None:
        """Remember of each of these that an event named the first case with the others; the newest 8 of a case stay.

        Both directions. What several transactions link at the same time is all remembered.
        """

    def save_customers(self, rows: Sequence[CustomerRow]) -> None: ...
    def save_complaints(self, complaints: Sequence[Complaint]) -> None:
        """Keep the later of what is known and what is given, of each time by itself."""

    # problems and their notices
    def record_phases(self, phases: Sequence[RecordedPhase]) -> Collection[str]:
        """Add phases, of each problem one at most, and bring the problems' rows up to date; return whose are new.

        A repeat (a line that says all the same) writes nothing; nothing is to be made of it: whoever recorded it first did so.

        Kept from the opening: found_at, hand_over_at. An end leaves detector and tries as they were.
        """

    def update_facts(self, changes: Sequence[FactsChanged]) -> None:
        """Put the facts of a change, which are all of the rule, in the place of an open problem's; an ended one keeps its own.

        Of each problem one change at most. The claims of notices that wait grow: words that were found before are not sent.
        """

    def problem(self, problem: str) -> ProblemNow | None: ...
    def problems(self, problems: Sequence[str]) -> Mapping[str, ProblemNow]:
        """problem, for many; one that is not known is not among them. So it is with all questions for each of many."""

    def notice_count(self, problem: str, phase: NoticePhase) -> int: ...
    def add_notices(self, notices: Sequence[Notice]) -> None:
        """A repeat (same id) writes nothing."""

    def told_of(self, problem: str) -> Sequence[Told]:
        """Notices sent of this problem, oldest first: told, or with an attempt that is sending, ambiguous or accepted.

        Hand-overs speak to the desk and are not among them. sent_at is of the attempt's beginning where nobody knows its end.
        """

    def told_of_each(self, problems: Sequence[str]) -> Mapping[str, Sequence[Told]]: ...
    def notices_of_each(self, problems: Sequence[str]) -> Mapping[str, Sequence[Notice]]: ...
    def last_claims_of_each(self, problems: Sequence[str]) -> Mapping[str, Sequence[Claim]]:
        """The claims of the last message sent of a problem that stated anything: news without facts unsays nothing."""

    def heard_on_each(self, cases: Sequence[str]) -> Mapping[str, Sequence[Heard]]:
        """The messages sent about a case, whatever the problem, oldest first."""

    def waiting_of(self, problem: str) -> Sequence[Notice]:
        """Notices of this problem that wait or are held, in the order (at, notice); not those whose sending has begun."""

    def waiting_of_each(self, problems: Sequence[str]) -> Mapping[str, Sequence[Notice]]: ...
    def settle(self, notices: Sequence[Notice], answer: Answer, *, reason: Reason | None = None) -> None:
        """End notices of waiting_of (cancelled, or withheld because missed), whoever has claimed them.

        Their claims grow, so that their couriers find out. One whose sending has begun is left to its courier.
        """

    def end_promises(self, problems: Sequence[str], state: PromiseState, *, now: int) -> None: ...
    def ask_again(self, *, reasons: Iterable[Reason], now: int) -> None:
        """Held notices with one of these reasons are asked again at `now`, if not before.

        Their claim grows: an answer that did not know what `now` brought is not taken.
        """

    def one_at_a_time(self, what: Sequence[str]) -> None:
        """Wait until no other transaction is open that named the same of these; what is read then has all that it wrote.

        Whoever names several names them in their order.
        """

    def add_fired(self, fired: Mapping[tuple[str, int], int], *, part: int) -> None:
        """Count problems that only time brought to light, by rule and minute of finding."""

    # the courier
    def claim_due(self, now: int) -> Sequence[Notice]:
        """Claim all that is due (ask_at <= now), in the order (at, case, rule); of more than 64, those longest due.

        Of a customer with one among them, all that is due is claimed, so that caps and digests see it together.
        A claim adds 1 to `claim` and moves ask_at on by 5 minutes, the lease after which another courier may claim it. Where
        several tell, its customers are its own until `let_go`, or until that lease ends.
        """

    def answer(self, notice: Notice) -> bool:
        """Write answer, reason, ask_at, channel, customer and sent_at of a claimed notice; False when its claim is not ours.

        A final answer ends the claim and is never asked again; after waiting or held it stays ours until the next claim.
        """

    def log_gates(self, looks: Iterable[Look]) -> None:
        """Keep what was answered, look by look; a second look at the same time is added to the first."""

    def begin(self, sends: Sequence[OnItsWay]) -> Sequence[OnItsWay]:
        """Write notices and attempts of what is about to be sent; return those whose claim and customer are ours. Of others
        nothing is written.

        From here on the customer may have heard of it. Earlier tries of theirs that had no answer are ambiguous from then on.
        """

    def save_messages(self, messages: Iterable[Message]) -> None:
        """Write messages with their claims; the same message again replaces it while no attempt of it was accepted."""

    def accept(self, sends: Sequence[OnItsWay]) -> Sequence[OnItsWay]:
        """Write the receipts of what was accepted, also of notices that are not ours any more; return those that are."""

    def save_attempt(self, attempt: Attempt) -> None:
        """Write a try by (message, tries), after its message. Its outcome only moves forward: from sending, and from ambiguous to
        accepted."""

    def take_receipt(self, receipt: Receipt, *, now: int) -> ReceiptFate:
        """Write what a provider says of a message that it has, and of all that went in it; it may only move forward.

        What came back is asked again at `now`, as tell_again says.
        """

    def tell_again(self, messages: Iterable[str], *, now: int) -> None:
        """Of these messages, have the notices of those that came back asked again, as if they had never been told or promised.

        A notice after which its problem has told another is left as it is.
        """

    def may_promise(self, problems: Sequence[str]) -> Collection[str]:
        """Return those that are open and were not handed over, so that their customers may be promised news."""

    def make_promises(self, promises: Sequence[Promise]) -> None:
        """Supersede what the problems' earlier notices promised, and write these."""

    def finish_promise(self, promise: Promise, state: PromiseState, *, now: int) -> bool:
        """Move a promise that is still `made`; False when another was first."""

    def hand_over(self, problems: Sequence[str], *, at: int) -> Collection[str]:
        """Mark problems as a person's, each once, and end what was promised of them; return those that were not before."""

    def erase_told(self, notices: Sequence[str]) -> None:
        """Keep nothing of these notices in the log of what was told; the store itself keeps what it has of them."""

    # what goes on to Kafka
    def send_on(self, records: Sequence[Outgoing]) -> None:
        """Have these records relayed to their topics, in this order, once and because this transaction is committed."""

    def sent_on(self, numbers: Sequence[int]) -> None:
        """Let go of what the brokers have."""

    # people
    def rule_state(self, rule: str) -> RuleState | None:
        """What is decided about a rule; nobody else decides about it until this transaction ends."""

    def add_rule(self, state: RuleState) -> None:
        """A rule that is known stays as it is."""

    def save_rule(self, state: RuleState) -> None: ...
    def add_silence(self, silence: Silence) -> None: ...
    def end_silence(self, silence: str, *, now: int) -> bool: ...
    def layout_number(self, kind: str, layout: Sequence[Sequence[str]]) -> int:
        """Return the number of this layout of memories of a kind, a new one when it was not known."""
