"""What runtimes and courier ask of the store. Answers are records; every question that is asked often has its index."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TypeVar

from msgspec import json

from contracts.event import DeadLetter
from contracts.message import Attempt, Claim, Message
from contracts.notice import Notice
from contracts.outgoing import Outgoing
from contracts.problem import ProblemPhase
from contracts.promise import Promise
from contracts.telling import Complaint, Heard, Known, ProblemNow, RuleState, Silence, Standing, Told
from storage.codec import claims_from_json
from storage.records import CaseRow, CustomerRow, MinutesRow, Numbered, Slot, SourcePosition
from storage.rows import Shape
from storage.session import Row, Session

POSITION = Shape(SourcePosition)
SLOT = Shape(Slot)
MINUTES = Shape(MinutesRow)
DEAD_LETTER = Shape(DeadLetter)
CASE = Shape(CaseRow)
CUSTOMER = Shape(CustomerRow)
KNOWN = Shape(Known)
COMPLAINT = Shape(Complaint)
PROBLEM = Shape(ProblemNow)
PHASE = Shape(ProblemPhase)
NOTICE = Shape(Notice)
TOLD = Shape(Told)
HEARD = Shape(Heard)
MESSAGE = Shape(Message)
ATTEMPT = Shape(Attempt)
PROMISE = Shape(Promise)
RULE_STATE = Shape(RuleState)
SILENCE = Shape(Silence)
OUTGOING = Shape(Outgoing)

Record = TypeVar("Record")

OPEN = "phase IN ('opened', 'updated')"
TO_HAND_OVER = f"handed_over_at IS NULL AND {OPEN}"
TOLD_FROM = """
    SELECT notice, problem, phase, urgency, customer, told_on, told_at, apology
    FROM notices WHERE phase <> 'handed_over' AND told_at IS NOT NULL"""
TOLD_ORDER = "ORDER BY told_at, found_at, at, notice"

POSITION_OF = f"SELECT {POSITION.columns} FROM sources WHERE source = ? AND part = ?"
POSITIONS_OF = f"SELECT {POSITION.columns} FROM sources WHERE part = ? ORDER BY source"
MINUTES_OF = f"SELECT {MINUTES.columns} FROM minutes WHERE source = ? ORDER BY part"
MINUTES_IN = f"SELECT {MINUTES.columns} FROM minutes WHERE part = ? ORDER BY source"
SLOTS = f"SELECT {SLOT.columns} FROM slots ORDER BY slot"
CASES_OF = 'SELECT "case" FROM cases WHERE part = ?'
PARTS_OF = f"SELECT {POSITION.columns} FROM sources WHERE source = ? ORDER BY part"
ROUTED = "topic = 'routed'"
FIRST_COPY = f"SELECT MIN(number) FROM outgoing WHERE {ROUTED}"
LAST_COPY = f"SELECT MAX(number) FROM outgoing WHERE {ROUTED}"
ARMED = 'SELECT "case", ripe_at FROM cases WHERE ripe_at IS NOT NULL AND part = ?'
LAYOUTS = "SELECT number, kind, layout FROM layouts"
A_CUSTOMER = "SELECT 1 FROM customers LIMIT 1"
CUSTOMERS = f"SELECT {CUSTOMER.columns} FROM customers WHERE customer IN (%s)"
LINKED = 'SELECT others FROM linked_cases WHERE "case" = ?'
RULE_STATES = f"SELECT {RULE_STATE.columns} FROM rules"
FIRED = "SELECT COALESCE(SUM(problems), 0) FROM fired WHERE rule = ? AND minute >= ?"
FIRED_BY_MINUTE = "SELECT rule, minute, SUM(problems) FROM fired WHERE minute >= ? AND rule IN (%s) GROUP BY rule, minute"
FACT_OF_STORE = "SELECT value FROM facts_of_store WHERE name = ?"
TOPIC = "topic/"
TOPIC_IDS = f"SELECT name, value FROM facts_of_store WHERE name LIKE '{TOPIC}%'"

NEXT_NOTICE = "SELECT MIN(ask_at) FROM notices WHERE ask_at IS NOT NULL"
NEXT_PROMISE = "SELECT MIN(keep_at) FROM promises WHERE state = 'made'"
NEXT_HAND_OVER = f"SELECT MIN(hand_over_at) FROM problems WHERE hand_over_at IS NOT NULL AND {TO_HAND_OVER}"
NEXT_ASK = f"SELECT ({NEXT_NOTICE}), ({NEXT_PROMISE}), ({NEXT_HAND_OVER})"
TO_KEEP = f"""
    SELECT {PROMISE.columns} FROM promises WHERE state = 'made' AND keep_at <= ? ORDER BY keep_at, "case", rule, notice"""
HAND_OVERS = f'SELECT {PROBLEM.columns} FROM problems WHERE hand_over_at <= ? AND {TO_HAND_OVER} ORDER BY at, "case", rule'
PROBLEMS = f"SELECT {PROBLEM.columns} FROM problems WHERE problem IN (%s)"
WHOSE = """
            CASE WHEN n.phase IN ('opened', 'updated') AND n.told_at IS NULL THEN COALESCE(k.customer, n.customer, p.customer)
            ELSE COALESCE(n.customer, k.customer, p.customer) END"""
STANDINGS = f"""
    SELECT
        p.notice, whose, u.profile, a.about, a.raised_at, a.resolved_at, b.about, b.raised_at, b.resolved_at,
        {PROBLEM.columns_of("p")}
    FROM (
        SELECT p.*, n.notice, {WHOSE} AS whose
        FROM notices n JOIN problems p ON p.problem = n.problem LEFT JOIN cases k ON k."case" = p."case" WHERE n.notice IN (%s)
    ) AS p
    LEFT JOIN customers u ON u.customer = whose
    LEFT JOIN complaints a ON a.about = p."case"
    LEFT JOIN complaints b ON b.about = 'customer/' || whose"""
MAY_PROMISE = f"SELECT problem FROM problems WHERE problem IN (%s) AND {TO_HAND_OVER}"
OPEN_PROBLEMS = f'SELECT {PROBLEM.columns} FROM problems WHERE "case" IN (%s) AND {OPEN} ORDER BY at, "case", rule'
NOTICES_OF = f"SELECT {NOTICE.columns} FROM notices WHERE problem IN (%s) ORDER BY found_at, at, notice"
TOLD_OF = f"{TOLD_FROM} AND problem IN (%s) {TOLD_ORDER}"
TOLD_TO = f"{TOLD_FROM} AND told_at >= ? AND customer IN (%s) {TOLD_ORDER}"
CLAIMS = """
    SELECT n.problem, m.claims FROM notices n JOIN messages m ON m.message = n.told_by
    WHERE n.problem IN (%s) AND n.told_at IS NOT NULL AND n.phase <> 'handed_over' AND m.claims <> '[]'
    ORDER BY n.told_at, n.found_at, n.at, n.notice"""
HEARD_ON = """
    SELECT p."case", n.notice, n.problem, n.customer, n.told_at, m.claims, m.sections
    FROM problems p JOIN notices n ON n.problem = p.problem JOIN messages m ON m.message = n.told_by
    WHERE p."case" IN (%s) AND n.told_at IS NOT NULL AND n.phase <> 'handed_over'
    ORDER BY n.told_at, n.found_at, n.at, n.notice"""
ATTEMPTS = f"SELECT {ATTEMPT.columns} FROM attempts WHERE message = ? ORDER BY tries"
COMPLAINTS = f"SELECT {COMPLAINT.columns} FROM complaints WHERE about IN (%s) ORDER BY about"
SILENCES = f"SELECT {SILENCE.columns} FROM silences ORDER BY starts, silence"
SILENCES_AT = f"SELECT {SILENCE.columns} FROM silences WHERE starts <= ? AND ends > ? ORDER BY starts, silence"
MESSAGE_OF = f"SELECT {MESSAGE.columns} FROM messages WHERE message = ?"
DEAD_LETTER_AT = f"SELECT {DEAD_LETTER.columns} FROM dead_letters WHERE source = ? AND position = ?"
DEAD_LETTERS = f"SELECT {DEAD_LETTER.columns} FROM dead_letters ORDER BY at DESC, source, position DESC LIMIT ?"
NUMBERED = f"SELECT number, {OUTGOING.columns} FROM outgoing ORDER BY number LIMIT ?"
CASES = f'SELECT {CASE.columns} FROM cases WHERE "case" IN (%s)'


class Questions:
    """Every question of a Store but the reports; a transaction asks a few of them too, and sees its own writes."""

    def __init__(self, session: Session) -> None:
        self.session = session

    # runtimes

    def position(self, source: str, part: int) -> SourcePosition | None:
        row = self.session.row(POSITION_OF, source, part)
        return POSITION.record(row) if row else None

    def positions_of(self, part: int) -> Sequence[SourcePosition]:
        return [POSITION.record(row) for row in self.session.rows(POSITIONS_OF, part)]

    def slots(self) -> Sequence[Slot]:
        return SLOT.records(self.session.rows(SLOTS))

    def cases_of(self, part: int) -> Sequence[str]:
        return [case for (case,) in self.session.rows(CASES_OF, part)]

    def parts_of(self, source: str) -> Sequence[SourcePosition]:
        return POSITION.records(self.session.rows(PARTS_OF, source))

    def minutes_of(self, source: str) -> Sequence[MinutesRow]:
        return MINUTES.records(self.session.rows(MINUTES_OF, source))

    def minutes_in(self, part: int) -> Sequence[MinutesRow]:
        return MINUTES.records(self.session.rows(MINUTES_IN, part))

    def copies_waiting(self) -> tuple[int, int] | None:
        first, last = self.session.value(FIRST_COPY), self.session.value(LAST_COPY)
        return None if first is None or last is None else (first, last)

    def load_cases(self, cases: Sequence[str]) -> Mapping[str, CaseRow]:
        return {row[0]: CaseRow(*row) for row in self.session.among(CASES, cases)}

    def armed_cases(self, part: int) -> Iterator[tuple[str, int]]:
        return ((case, ripe_at) for case, ripe_at in self.session.each(ARMED, part))

    def layouts(self) -> Mapping[int, tuple[str, Sequence[Sequence[str]]]]:
        return {number: (kind, json.decode(layout)) for number, kind, layout in self.session.rows(LAYOUTS)}

    def customer(self, customer: str) -> CustomerRow | None:
        return self.customers([customer]).get(customer)

    def customers(self, customers: Sequence[str]) -> Mapping[str, CustomerRow]:
        return {row[0]: CUSTOMER.record(row) for row in self.session.among(CUSTOMERS, customers)}

    def knows_customers(self) -> bool:
        return self.session.value(A_CUSTOMER) is not None

    def linked_cases(self, case: str) -> Sequence[str]:
        others = self.session.value(LINKED, case)
        return json.decode(others, type=list[str]) if others else []

    def rule_states(self) -> Mapping[str, RuleState]:
        return {state.rule: state for state in RULE_STATE.records(self.session.rows(RULE_STATES))}

    def fired_since(self, rule: str, minute: int) -> int:
        return int(self.session.value(FIRED, rule, minute))

    def fired_by_minute(self, rules: Sequence[str], *, since: int) -> Mapping[tuple[str, int], int]:
        return {(rule, minute): int(count) for rule, minute, count in self.session.among(FIRED_BY_MINUTE, rules, since)}

    def used_by(self) -> str | None:
        used_by = self.session.value(FACT_OF_STORE, "used_by")
        return None if used_by is None else str(used_by)

    def topic_ids(self) -> Mapping[str, str]:
        return {str(name).removeprefix(TOPIC): str(value) for name, value in self.session.rows(TOPIC_IDS)}

    # courier

    def next_ask(self) -> int | None:
        moments = self.session.row(NEXT_ASK) or ()
        return min([moment for moment in moments if moment is not None], default=None)

    def promises_to_keep(self, now: int) -> Sequence[Promise]:
        return PROMISE.records(self.session.rows(TO_KEEP, now)) if self._has_come(NEXT_PROMISE, now) else []

    def hand_overs_due(self, now: int) -> Sequence[ProblemNow]:
        return PROBLEM.records(self.session.rows(HAND_OVERS, now)) if self._has_come(NEXT_HAND_OVER, now) else []

    def _has_come(self, moment: str, now: int) -> bool:
        """Whether the first of these moments has: mostly it has not, and then nothing need be sorted."""
        first = self.session.value(moment)
        return first is not None and first <= now

    def problem(self, problem: str) -> ProblemNow | None:
        return self.problems([problem]).get(problem)

    def problems(self, problems: Sequence[str]) -> Mapping[str, ProblemNow]:
        return {each.problem: each for each in PROBLEM.records(self.session.among(PROBLEMS, problems))}

    def standings(self, notices: Sequence[str]) -> Mapping[str, Standing]:
        return {row[0]: _standing(row) for row in self.session.among(STANDINGS, notices)}

    def may_promise(self, problems: Sequence[str]) -> Collection[str]:
        return {problem for (problem,) in self.session.among(MAY_PROMISE, problems)}

    def open_problems(self, cases: Sequence[str], rules: Sequence[str]) -> Sequence[ProblemNow]:
        problems = PROBLEM.records(self.session.among(OPEN_PROBLEMS, cases))
        return [problem for problem in problems if problem.rule in rules]

    def notices_of(self, problem: str) -> Sequence[Notice]:
        return self.notices_of_each([problem]).get(problem, [])

    def notices_of_each(self, problems: Sequence[str]) -> Mapping[str, Sequence[Notice]]:
        return grouped(NOTICE.records(self.session.among(NOTICES_OF, problems)), attrgetter("problem"))

    def told_of(self, problem: str) -> Sequence[Told]:
        return self.told_of_each([problem]).get(problem, [])

    def told_of_each(self, problems: Sequence[str]) -> Mapping[str, Sequence[Told]]:
        return grouped(TOLD.records(self.session.among(TOLD_OF, problems)), attrgetter("problem"))

    def last_claims(self, problem: str) -> Sequence[Claim]:
        return self.last_claims_of_each([problem]).get(problem, ())

    def last_claims_of_each(self, problems: Sequence[str]) -> Mapping[str, Sequence[Claim]]:
        newest: dict[str, str] = dict(self.session.among(CLAIMS, problems))
        return {problem: claims_from_json(claims) for problem, claims in newest.items()}

    def heard_on(self, case: str) -> Sequence[Heard]:
        return self.heard_on_each([case]).get(case, [])

    def heard_on_each(self, cases: Sequence[str]) -> Mapping[str, Sequence[Heard]]:
        heard: dict[str, list[Heard]] = {}
        for case, *row in self.session.among(HEARD_ON, cases):
            heard.setdefault(case, []).append(HEARD.record(row))
        return heard

    def attempts(self, message: str) -> Sequence[Attempt]:
        return ATTEMPT.records(self.session.rows(ATTEMPTS, message))

    def told_to_each(self, customers: Sequence[str], *, since: int) -> Mapping[str, Sequence[Told]]:
        return grouped(TOLD.records(self.session.among(TOLD_TO, customers, since)), attrgetter("customer"))

    def complaints(self, about: Sequence[str]) -> Sequence[Complaint]:
        return COMPLAINT.records(self.session.among(COMPLAINTS, about))

    def silences(self, now: int | None = None) -> Sequence[Silence]:
        return SILENCE.records(self.session.rows(SILENCES) if now is None else self.session.rows(SILENCES_AT, now, now))

    def message(self, message: str) -> Message | None:
        row = self.session.row(MESSAGE_OF, message)
        return MESSAGE.record(row) if row else None

    def dead_letters(self, *, limit: int = 100) -> Sequence[DeadLetter]:
        return DEAD_LETTER.records(self.session.rows(DEAD_LETTERS, limit))

    def dead_letter(self, source: str, position: int) -> DeadLetter | None:
        row = self.session.row(DEAD_LETTER_AT, source, position)
        return DEAD_LETTER.record(row) if row else None

    def outgoing(self, *, limit: int) -> Sequence[Numbered]:
        return [Numbered(row[0], OUTGOING.record(row[1:])) for row in self.session.rows(NUMBERED, limit)]


def _standing(row: Row) -> Standing:
    of_case, of_customer = row[3:6], row[6:9]
    return Standing(
        problem=PROBLEM.record(row[9:]),
        whose=row[1],
        row=None if row[2] is None else KNOWN.record(row[1:3]),
        complaints=tuple([Complaint(*each) for each in (of_case, of_customer) if each[0] is not None]),
    )


def grouped(records: Iterable[Record], key: Callable[[Record], str]) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for each in records:
        groups.setdefault(key(each), []).append(each)
    return groups
