"""What a batch writes about problems, and what that does to the notices and promises of before."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from operator import itemgetter

from msgspec import msgpack

from contracts.notice import Answer, Notice, NoticePhase, Reason
from contracts.problem import FactsChanged, Phase, ProblemPhase
from contracts.promise import PromiseState
from storage.codec import facts_to_json
from storage.questions import NOTICE, OPEN, PHASE, Questions
from storage.rows import columns, marks

SAME = ("problem", "rule", "case", "customer", "watch_start", "number", "phase", "says", "tries", "facts", "fired")
KNOWN_PHASES = "SELECT COUNT(*), COUNT(CASE WHEN identity = ? THEN 1 END) FROM phases WHERE problem = ?"
ADD_PHASE = f"""
    INSERT INTO phases (place, identity, found_at, {PHASE.columns}) VALUES (?, ?, ?, {PHASE.marks}) ON CONFLICT DO NOTHING"""
SAVE_PROBLEM = f"""
    INSERT INTO problems (hand_over_at, found_at, detector, at, phase_at, {columns(SAME)})
    VALUES (?, ?, ?, ?, ?, {marks(len(SAME))})
    ON CONFLICT (problem) DO UPDATE SET
    customer = COALESCE(excluded.customer, problems.customer), phase = excluded.phase, says = excluded.says,
    detector = COALESCE(excluded.detector, problems.detector), tries = COALESCE(excluded.tries, problems.tries),
    phase_at = excluded.phase_at, facts = excluded.facts, fired = excluded.fired, later = NULL"""
UPDATE_FACTS = f"UPDATE problems SET facts = ? WHERE problem = ? AND {OPEN}"
KEEP_LATER_FACTS = f"UPDATE problems SET later = ? WHERE problem = ? AND NOT ({OPEN})"

UNTOLD = "answer IN ('waiting', 'held') AND told_at IS NULL"
COUNT_NOTICES = "SELECT COUNT(*) FROM notices WHERE problem = ? AND phase = ?"
SAY_ANEW = f"UPDATE notices SET claim = claim + 1 WHERE problem = ? AND {UNTOLD}"
ADD_NOTICE = f"INSERT INTO notices ({NOTICE.columns}) VALUES ({NOTICE.marks}) ON CONFLICT DO NOTHING"
WAITING_OF = f"SELECT {NOTICE.columns} FROM notices WHERE problem = ? AND {UNTOLD} ORDER BY at, notice"
SETTLE = f"UPDATE notices SET answer = ?, reason = ?, ask_at = NULL, claim = claim + 1 WHERE notice = ? AND {UNTOLD}"
ASK_AGAIN = """
    UPDATE notices SET ask_at = ?, claim = claim + 1
    WHERE answer = 'held' AND reason = ? AND told_at IS NULL AND (ask_at IS NULL OR ask_at > ?)"""
ASK_CUSTOMER_AGAIN = f"{ASK_AGAIN} AND customer = ?"
END_PROMISES = "UPDATE promises SET state = ?, ended_at = ? WHERE problem = ? AND state = 'made'"


_same = itemgetter(*map(PHASE.names.index, SAME))


class ProblemWrites(Questions):
    def record_phase(self, phase: ProblemPhase, *, found_at: int, hand_over_at: int | None = None) -> bool:
        """An opening comes first of all, so its place is taken when it is a repeat; any other is looked for.

        The problem's row follows the phase's; an end leaves the detector as it was: the one that took hold last.
        """
        row = PHASE.row(phase)
        identity = _identity(row)
        place, known = (0, False) if phase.phase is Phase.OPENED else self._known(identity, phase.problem)
        is_new = not known and self.session.change(ADD_PHASE, place, identity, found_at, *row) == 1
        if is_new:
            detector = None if phase.phase.ends else phase.detector
            self.session.change(SAVE_PROBLEM, hand_over_at, found_at, detector, phase.opened_at, phase.at, *_same(row))
        return is_new

    def _known(self, identity: str, problem: str) -> tuple[int, bool]:
        """Return how many phases the problem has, and whether this is one of them."""
        places, known = self.session.rows(KNOWN_PHASES, identity, problem)[0]
        return places, bool(known)

    def update_facts(self, change: FactsChanged) -> None:
        facts = facts_to_json(change.facts)
        if not self.session.change(UPDATE_FACTS, facts, change.problem):
            self.session.change(KEEP_LATER_FACTS, facts, change.problem)
        self.session.change(SAY_ANEW, change.problem)

    # notices

    def notice_count(self, problem: str, phase: NoticePhase) -> int:
        return int(self.session.value(COUNT_NOTICES, problem, phase.value))

    def add_notice(self, notice: Notice) -> None:
        self.session.change(ADD_NOTICE, *NOTICE.row(notice))

    def waiting_of(self, problem: str) -> Sequence[Notice]:
        return NOTICE.records(self.session.rows(WAITING_OF, problem))

    def settle(self, notice: Notice, answer: Answer, *, reason: Reason | None = None) -> None:
        self.session.change(SETTLE, answer.value, reason and reason.value, notice.notice)

    def ask_again(self, *, reasons: Iterable[Reason], now: int, customer: str | None = None) -> None:
        for reason in reasons:
            if customer is None:
                self.session.change(ASK_AGAIN, now, reason.value, now)
            else:
                self.session.change(ASK_CUSTOMER_AGAIN, now, reason.value, now, customer)

    def end_promises(self, problem: str, state: PromiseState, *, now: int) -> None:
        self.session.change(END_PROMISES, state.value, now, problem)


def _identity(row: Sequence[object]) -> str:
    """A phase is known by all that it says: the same line again is a repeat, whatever else happened between."""
    return blake2b(msgpack.encode(row), digest_size=8).hexdigest()


def next_look(notice: Notice) -> int | None:
    """Return when it is asked next: never again once it was answered for good."""
    return notice.ask_at if notice.answer in (Answer.WAITING, Answer.HELD) else None
