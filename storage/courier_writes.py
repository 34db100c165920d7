"""What the courier writes: claims of notices, answers, messages, attempts, receipts and promises, each fenced."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from contracts.message import Attempt, Message, Outcome
from contracts.notice import Answer, Notice
from contracts.promise import Promise, PromiseState
from contracts.times import MINUTE
from contracts.verdict import GateAnswer
from storage.codec import to_json
from storage.problem_writes import next_look
from storage.questions import ATTEMPT, MESSAGE, NOTICE, PROMISE, Questions

LEASE = 5 * MINUTE
LOOKED_AT = 64

FIRST_DUE = f"""
    SELECT notice, customer
    FROM (
        SELECT notice, customer, at, "case", rule FROM notices WHERE ask_at <= ?
        ORDER BY ask_at, at, "case", rule, notice LIMIT {LOOKED_AT}
    ) AS due
    ORDER BY at, "case", rule, notice LIMIT 1"""
CLAIM = "UPDATE notices SET claim = claim + 1, ask_at = ? WHERE ask_at <= ?"
CLAIM_ONE = f"{CLAIM} AND notice = ? RETURNING {NOTICE.columns}"
CLAIM_CUSTOMER = f"{CLAIM} AND customer = ? RETURNING {NOTICE.columns}"
ANSWER = """
    UPDATE notices
    SET answer = ?, reason = ?, ask_at = ?, channel = ?, customer = ?, sent_at = ?, told_at = COALESCE(?, told_at)
    WHERE notice = ? AND claim = ? AND answer IN ('waiting', 'held')"""
LOG_GATES = """
    INSERT INTO gate_answers (notice, at, answers) VALUES (?, ?, ?)
    ON CONFLICT (notice, at) DO UPDATE SET answers = gate_answers.answers || '\n' || excluded.answers"""

SAVE_MESSAGE = f"""{MESSAGE.upsert("messages", key="message")}
    WHERE NOT EXISTS (SELECT 1 FROM attempts WHERE message = excluded.message AND outcome = 'accepted')"""
SAVE_ATTEMPT = f"""
    INSERT INTO attempts ({ATTEMPT.columns}) VALUES ({ATTEMPT.marks})
    ON CONFLICT (message, tries) DO UPDATE SET outcome = excluded.outcome, ended_at = excluded.ended_at, detail = excluded.detail
    WHERE attempts.outcome = 'sending'"""
MAY_HAVE_HEARD = """
    UPDATE notices SET told_at = COALESCE(told_at, ?), told_by = m.message, customer = COALESCE(notices.customer, m.customer)
    FROM messages m
    WHERE m.message = ? AND notices.notice = m.notice AND (told_at IS NULL OR (? AND COALESCE(told_by, '') <> m.message))"""
HAS_NOT_HEARD = """
    UPDATE notices SET told_at = NULL, told_by = NULL
    WHERE notice = (SELECT notice FROM messages WHERE message = ?) AND told_by = ? AND told_at = ? AND sent_at IS NULL"""

SUPERSEDE = "UPDATE promises SET state = 'superseded', ended_at = ? WHERE problem = ? AND state = 'made' AND notice <> ?"
MAKE_PROMISE = f"INSERT INTO promises ({PROMISE.columns}) VALUES ({PROMISE.marks}) ON CONFLICT DO NOTHING"
FINISH_PROMISE = "UPDATE promises SET state = ?, ended_at = ? WHERE notice = ? AND state = 'made'"
HAND_OVER = "UPDATE problems SET handed_over_at = ? WHERE problem = ? AND handed_over_at IS NULL"


class CourierWrites(Questions):
    def claim_due(self, now: int) -> Sequence[Notice]:
        first = self.session.row(FIRST_DUE, now)
        if first is None:
            return []
        notice, customer = first
        text, whose = (CLAIM_ONE, notice) if customer is None else (CLAIM_CUSTOMER, customer)
        claimed = NOTICE.records(self.session.rows(text, now + LEASE, now, whose))
        return sorted(claimed, key=lambda notice: (notice.at, notice.case, notice.rule, notice.notice))

    def answer(self, notice: Notice) -> bool:
        told_at = notice.sent_at if notice.answer is Answer.TOLD else None
        answer, reason = notice.answer.value, notice.reason and notice.reason.value
        settings = (answer, reason, next_look(notice), notice.channel, notice.customer, notice.sent_at, told_at)
        return self.session.change(ANSWER, *settings, notice.notice, notice.claim) == 1

    def log_gates(self, answers: Sequence[GateAnswer]) -> None:
        for (notice, at), look in groupby(answers, key=lambda answer: (answer.notice, answer.at)):
            self.session.change(LOG_GATES, notice, at, _spoken(look))

    # messages and what became of them

    def save_message(self, message: Message) -> None:
        self.session.change(SAVE_MESSAGE, *MESSAGE.row(message))

    def save_attempt(self, attempt: Attempt) -> None:
        if self.session.change(SAVE_ATTEMPT, *ATTEMPT.row(attempt)):
            self._note_hearing(attempt)

    def _note_hearing(self, attempt: Attempt) -> None:
        """The notice knows from when on its customer may have heard it; the message that was accepted is the one that told it."""
        if attempt.outcome in (Outcome.REFUSED, Outcome.RETRY):
            self.session.change(HAS_NOT_HEARD, attempt.message, attempt.message, attempt.began_at)
        else:
            self.session.change(MAY_HAVE_HEARD, attempt.began_at, attempt.message, attempt.outcome is Outcome.ACCEPTED)

    # promises

    def make_promise(self, promise: Promise) -> None:
        self.session.change(SUPERSEDE, promise.made_at, promise.problem, promise.notice)
        self.session.change(MAKE_PROMISE, *PROMISE.row(promise))

    def finish_promise(self, promise: Promise, state: PromiseState, *, now: int) -> bool:
        return self.session.change(FINISH_PROMISE, state.value, now, promise.notice) == 1

    def mark_handed_over(self, problem: str, *, at: int) -> bool:
        return self.session.change(HAND_OVER, at, problem) == 1


def _spoken(look: Iterable[GateAnswer]) -> str:
    """Return one line per gate, so that a second look at the same time is added below."""
    return "\n".join([_line(answer.gate, answer.answer, answer.reason, answer.until) for answer in look])


@lru_cache(maxsize=256)
def _line(gate: str, answer: str, reason: str | None, until: int | None) -> str:
    return to_json((gate, answer, reason, until))
