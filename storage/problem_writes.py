"""What a batch writes about problems, and what that does to the notices and promises of before."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from operator import attrgetter, itemgetter

from msgspec import msgpack

from contracts.notice import Answer, Notice, NoticePhase, Reason
from contracts.problem import FactsChanged, Phase
from contracts.promise import PromiseState
from storage.codec import facts_to_json
from storage.questions import NOTICE, OPEN, PHASE, Questions, grouped
from storage.records import RecordedPhase
from storage.rows import columns, marks
from storage.session import Row

SAME = ("problem", "rule", "case", "customer", "watch_start", "number", "phase", "says", "tries", "facts", "fired")
KNOWN_PHASES = "SELECT problem, identity FROM phases WHERE problem IN (%s)"
ADD_PHASE = f"""
    INSERT INTO phases (place, identity, found_at, {PHASE.columns}) VALUES (?, ?, ?, {PHASE.marks}) ON CONFLICT DO NOTHING"""
SAVE_PROBLEM = f"""
    INSERT INTO problems (hand_over_at, found_at, detector, at, phase_at, {columns(SAME)})
    VALUES (?, ?, ?, ?, ?, {marks(len(SAME))})
    ON CONFLICT (problem) DO UPDATE SET
    customer = COALESCE(excluded.customer, problems.customer), phase = excluded.phase, says = excluded.says,
    detector = COALESCE(excluded.detector, problems.detector), tries = COALESCE(excluded.tries, problems.tries),
    phase_at = excluded.phase_at, facts = excluded.facts, fired = excluded.fired, later = NULL"""
UPDATE_FACTS = f"""
    UPDATE problems SET facts = CASE WHEN {OPEN} THEN ? ELSE facts END, later = CASE WHEN {OPEN} THEN later ELSE ? END
    WHERE problem = ?"""

UNTOLD = "answer IN ('waiting', 'held') AND told_at IS NULL"
COUNT_NOTICES = "SELECT COUNT(*) FROM notices WHERE problem = ? AND phase = ?"
SAY_ANEW = f"UPDATE notices SET claim = claim + 1 WHERE problem IN (%s) AND {UNTOLD} RETURNING notice"
ADD_NOTICE = f"INSERT INTO notices ({NOTICE.columns}) VALUES ({NOTICE.marks}) ON CONFLICT DO NOTHING"
WAITING_OF = f"SELECT {NOTICE.columns} FROM notices WHERE problem IN (%s) AND {UNTOLD} ORDER BY at, notice"
SETTLE = f"""
    UPDATE notices SET answer = ?, reason = ?, ask_at = NULL, claim = claim + 1 WHERE notice IN (%s) AND {UNTOLD}
    RETURNING notice"""
ASK_AGAIN = """
    UPDATE notices SET ask_at = ?, claim = claim + 1
    WHERE answer = 'held' AND reason = ? AND told_at IS NULL AND (ask_at IS NULL OR ask_at > ?)"""
END_PROMISES = """
    UPDATE promises SET state = ?, ended_at = ? WHERE problem IN (%s) AND state = 'made' RETURNING notice"""


_same = itemgetter(*map(PHASE.names.index, SAME))


class ProblemWrites(Questions):
    def record_phases(self, phases: Sequence[RecordedPhase]) -> Collection[str]:
        """An opening comes first of all, so it is a repeat where there is a phase, whatever else it says.

        The problem's row follows the phase's; an end leaves the detector as it was: the one that took hold last.
        """
        known: defaultdict[str, set[str]] = defaultdict(set)
        for problem, identity in self.session.among(KNOWN_PHASES, [each.phase.problem for each in phases]):
            known[problem].add(identity)
        new: dict[str, tuple[Row, Row]] = {}
        for each in phases:
            row, before = PHASE.row(each.phase), known[each.phase.problem]
            identity, is_first = _identity(row), each.phase.phase is Phase.OPENED
            if identity not in before and not (is_first and before):
                new[each.phase.problem] = (len(before), identity, each.found_at, *row), _problem(each, row)
        self.session.change_all(ADD_PHASE, [line for line, _ in new.values()])
        self.session.change_all(SAVE_PROBLEM, [problem for _, problem in new.values()])
        return new.keys()

    def update_facts(self, changes: Sequence[FactsChanged]) -> None:
        rows = [(facts, facts, change.problem) for change in changes for facts in (facts_to_json(change.facts),)]
        self.session.change_all(UPDATE_FACTS, rows)
        self.session.among(SAY_ANEW, [change.problem for change in changes])

    # notices

    def notice_count(self, problem: str, phase: NoticePhase) -> int:
        return int(self.session.value(COUNT_NOTICES, problem, phase.value))

    def add_notices(self, notices: Sequence[Notice]) -> None:
        self.session.change_all(ADD_NOTICE, [NOTICE.row(notice) for notice in notices])

    def waiting_of(self, problem: str) -> Sequence[Notice]:
        return self.waiting_of_each([problem]).get(problem, [])

    def waiting_of_each(self, problems: Sequence[str]) -> Mapping[str, Sequence[Notice]]:
        return grouped(NOTICE.records(self.session.among(WAITING_OF, problems)), attrgetter("problem"))

    def settle(self, notices: Sequence[Notice], answer: Answer, *, reason: Reason | None = None) -> None:
        self.session.among(SETTLE, [each.notice for each in notices], answer.value, reason and reason.value)

    def ask_again(self, *, reasons: Iterable[Reason], now: int) -> None:
        for reason in reasons:
            self.session.change(ASK_AGAIN, now, reason.value, now)

    def end_promises(self, problems: Sequence[str], state: PromiseState, *, now: int) -> None:
        self.session.among(END_PROMISES, problems, state.value, now)


def _problem(recorded: RecordedPhase, row: Row) -> Row:
    """Return the problem's row as it is with this phase. row: the phase's own."""
    phase = recorded.phase
    detector = None if phase.phase.ends else phase.detector
    return (recorded.hand_over_at, recorded.found_at, detector, phase.opened_at, phase.at, *_same(row))


def _identity(row: Sequence[object]) -> str:
    """A phase is known by all that it says: the same line again is a repeat, whatever else happened between."""
    return blake2b(msgpack.encode(row), digest_size=8).hexdigest()


def next_look(notice: Notice) -> int | None:
    """Return when it is asked next: never again once it was answered for good."""
    return notice.ask_at if notice.answer in (Answer.WAITING, Answer.HELD) else None
