"""What the courier writes: claims of notices, answers, messages, attempts, receipts and promises, each fenced."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from msgspec.structs import replace

from contracts.message import NO_ANSWER_CAME, Attempt, Message, Outcome
from contracts.notice import LEASE, Answer, Notice, in_order
from contracts.on_its_way import OnItsWay
from contracts.promise import Promise, PromiseState
from contracts.receipt import Receipt, ReceiptFate, ReceiptKind
from contracts.verdict import Look, Said
from storage.codec import to_json
from storage.problem_writes import END_PROMISES, next_look
from storage.questions import ATTEMPT, MESSAGE, NOTICE, PROMISE, Questions
from storage.rows import marks

plain = str.__str__
MOST_CLAIMED = 64

DUE = f"SELECT {NOTICE.columns} FROM notices WHERE ask_at <= ? ORDER BY ask_at LIMIT {MOST_CLAIMED + 1}"
DUE_TO_THESE = f"SELECT {NOTICE.columns} FROM notices WHERE ask_at <= ? AND customer IN ({marks(MOST_CLAIMED)})"
CLAIM = "UPDATE notices SET claim = ?, ask_at = ? WHERE notice = ?"
ANSWERED = "answer = ?, reason = ?, ask_at = ?, channel = ?, customer = ?, sent_at = ?"
IF_OURS = "WHERE notice = ? AND claim = ? AND answer IN ('waiting', 'held')"
ANSWER = f"UPDATE notices SET {ANSWERED}, told_at = COALESCE(?, told_at) {IF_OURS}"
BEGIN = f"""
    UPDATE notices SET {ANSWERED},
    told_by = CASE WHEN told_at IS NULL THEN ? ELSE told_by END, told_on = CASE WHEN told_at IS NULL THEN ? ELSE told_on END,
    apology = CASE WHEN told_at IS NULL THEN ? ELSE apology END, told_at = COALESCE(told_at, ?) {IF_OURS}"""
ACCEPT = f"UPDATE notices SET {ANSWERED}, told_by = ?, told_on = ?, apology = ?, told_at = ? {IF_OURS}"
LOG_GATES = """
    INSERT INTO gate_answers (notice, at, answers) VALUES (?, ?, ?)
    ON CONFLICT (notice, at) DO UPDATE SET answers = gate_answers.answers || '\n' || excluded.answers"""

SAVE_MESSAGE = f"""{MESSAGE.upsert("messages", key="message")}
    WHERE NOT EXISTS (SELECT 1 FROM attempts WHERE message = excluded.message AND outcome = 'accepted')"""
SAVE_ATTEMPT = f"""
    INSERT INTO attempts ({ATTEMPT.columns}) VALUES ({ATTEMPT.marks})
    ON CONFLICT (message, tries) DO UPDATE SET
    outcome = excluded.outcome, ended_at = excluded.ended_at, detail = excluded.detail, sent_in = excluded.sent_in
    WHERE attempts.outcome = 'sending' OR (attempts.outcome = 'ambiguous' AND excluded.outcome = 'accepted')"""
WAIT_NO_LONGER = """
    UPDATE attempts SET outcome = 'ambiguous', ended_at = ?, detail = ? WHERE message = ? AND tries < ? AND outcome = 'sending'"""
MAY_HAVE_HEARD = """
    UPDATE notices SET told_at = COALESCE(told_at, ?), told_by = m.message, told_on = m.channel, apology = m.says_sorry,
    customer = COALESCE(notices.customer, m.customer)
    FROM messages m
    WHERE m.message = ? AND notices.notice = m.notice AND (told_at IS NULL OR (? AND COALESCE(told_by, '') <> m.message))"""
HAS_NOT_HEARD = """
    UPDATE notices SET told_at = NULL, told_by = NULL, told_on = NULL, apology = NULL
    WHERE notice = (SELECT notice FROM messages WHERE message = ?) AND sent_at IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM messages m JOIN attempts a ON a.message = m.message
        WHERE m.notice = notices.notice AND a.outcome IN ('sending', 'ambiguous', 'accepted')
        AND COALESCE(a.receipt, '') <> 'bounced')"""

MAY_HAVE_ARRIVED = "outcome IN ('sending', 'accepted', 'ambiguous')"
RANKS = " ".join([f"WHEN '{kind}' THEN {kind.rank}" for kind in ReceiptKind])
RANK = f"CASE receipt {RANKS} ELSE 0 END"
NEWEST = f"(SELECT MAX(tries) FROM attempts newest WHERE newest.message = attempts.message AND newest.{MAY_HAVE_ARRIVED})"
TAKE_RECEIPT = f"""
    UPDATE attempts SET receipt = ?, receipt_at = ? WHERE (message = ? OR sent_in = ?) AND tries = {NEWEST} AND {RANK} < ?
    RETURNING message"""
KNOWN_MESSAGE = f"SELECT COUNT(*) FROM attempts WHERE (message = ? OR sent_in = ?) AND {MAY_HAVE_ARRIVED}"
TELL_AGAIN = """
    UPDATE notices SET answer = 'waiting', reason = NULL, ask_at = ?, claim = claim + 1, sent_at = NULL,
    told_at = NULL, told_by = NULL, told_on = NULL, apology = NULL
    WHERE notice = (SELECT notice FROM messages WHERE message = ?) AND told_by = ? AND answer IN ('told', 'waiting')
    AND EXISTS (SELECT 1 FROM attempts WHERE message = ? AND receipt = 'bounced' AND outcome IN ('accepted', 'ambiguous'))
    AND NOT EXISTS (
        SELECT 1 FROM notices later
        WHERE later.problem = notices.problem AND later.told_at > notices.told_at AND later.phase <> 'handed_over')
    RETURNING notice"""
UNPROMISE = "DELETE FROM promises WHERE notice = ? AND state = 'made'"

SUPERSEDE = "UPDATE promises SET state = 'superseded', ended_at = ? WHERE problem = ? AND state = 'made' AND notice <> ?"
MAKE_PROMISE = f"INSERT INTO promises ({PROMISE.columns}) VALUES ({PROMISE.marks}) ON CONFLICT DO NOTHING"
FINISH_PROMISE = "UPDATE promises SET state = ?, ended_at = ? WHERE notice = ? AND state = 'made'"
HAND_OVER = "UPDATE problems SET handed_over_at = ? WHERE problem IN (%s) AND handed_over_at IS NULL RETURNING problem"


class CourierWrites(Questions):
    def claim_due(self, now: int) -> Sequence[Notice]:
        due = NOTICE.records(self.session.rows(DUE, now))
        if len(due) > MOST_CLAIMED:
            due = self._with_what_else_is_due(due[:MOST_CLAIMED], now)
        claimed = [replace(notice, claim=notice.claim + 1, ask_at=now + LEASE) for notice in due]
        self.session.change_all(CLAIM, [(notice.claim, notice.ask_at, notice.notice) for notice in claimed])
        return in_order(claimed)

    def _with_what_else_is_due(self, due: Sequence[Notice], now: int) -> list[Notice]:
        """Return these, and what is due to the same customers."""
        more = NOTICE.records(self.session.rows(DUE_TO_THESE, now, *[notice.customer for notice in due]))
        return list({notice.notice: notice for notice in (*due, *more)}.values())

    def answer(self, notice: Notice) -> bool:
        told_at = notice.sent_at if notice.answer is Answer.TOLD else None
        return self.session.change(ANSWER, *_written(notice), told_at, notice.notice, notice.claim) == 1

    def log_gates(self, looks: Iterable[Look]) -> None:
        self.session.change_all(LOG_GATES, [(look.notice, look.at, _spoken(look.said)) for look in looks])

    # messages and what became of them

    def save_messages(self, messages: Iterable[Message]) -> None:
        self.session.change_all(SAVE_MESSAGE, [MESSAGE.row(message) for message in messages])

    def begin(self, sends: Sequence[OnItsWay]) -> Sequence[OnItsWay]:
        ours = [send for send in sends if self._write(BEGIN, send, told_at=send.attempt.began_at)]
        self._wait_no_longer([send.attempt for send in ours if send.attempt.tries > 1])
        self.session.change_all(SAVE_ATTEMPT, [ATTEMPT.row(send.attempt) for send in ours])
        return ours

    def _wait_no_longer(self, attempts: Iterable[Attempt]) -> None:
        """No answer is awaited to the tries before these; if one comes all the same, it counts."""
        rows = [(attempt.began_at, NO_ANSWER_CAME, attempt.message, attempt.tries) for attempt in attempts]
        self.session.change_all(WAIT_NO_LONGER, rows)

    def accept(self, sends: Sequence[OnItsWay]) -> Sequence[OnItsWay]:
        """The receipt of a notice that somebody else has claimed meanwhile is kept too."""
        ours: list[OnItsWay] = []
        for send in sends:
            if self._write(ACCEPT, send, told_at=send.notice.sent_at):
                ours.append(send)
            else:
                self.save_attempt(send.attempt)
        self.session.change_all(SAVE_ATTEMPT, [ATTEMPT.row(send.attempt) for send in ours])
        return ours

    def _write(self, text: str, send: OnItsWay, *, told_at: int | None) -> bool:
        notice = send.notice
        heard = (send.attempt.message, notice.channel, send.sorry, told_at)
        return self.session.change(text, *_written(notice), *heard, notice.notice, notice.claim) == 1

    def save_attempt(self, attempt: Attempt) -> None:
        if self.session.change(SAVE_ATTEMPT, *ATTEMPT.row(attempt)):
            self._note_hearing(attempt)

    def _note_hearing(self, attempt: Attempt) -> None:
        """The notice knows from when on its customer may have heard it; the message that was accepted is the one that told it.

        When no try is left that may have arrived, nobody has heard it.
        """
        if attempt.outcome in (Outcome.REFUSED, Outcome.RETRY):
            self.session.change(HAS_NOT_HEARD, attempt.message)
        else:
            self.session.change(MAY_HAVE_HEARD, attempt.began_at, attempt.message, attempt.outcome is Outcome.ACCEPTED)

    def take_receipt(self, receipt: Receipt, *, now: int) -> ReceiptFate:
        message, kind = receipt.message, receipt.receipt
        moved = self.session.rows(TAKE_RECEIPT, kind.value, receipt.at, message, message, kind.rank)
        if not moved:
            return ReceiptFate.REPEATED if self.session.value(KNOWN_MESSAGE, message, message) else ReceiptFate.UNMATCHED
        if kind is ReceiptKind.BOUNCED:
            self.tell_again([each for (each,) in moved], now=now)
        return ReceiptFate.TAKEN

    def tell_again(self, messages: Iterable[str], *, now: int) -> None:
        for message in messages:
            for (notice,) in self.session.rows(TELL_AGAIN, now, message, message, message):
                self.session.change(UNPROMISE, notice)

    # promises

    def make_promises(self, promises: Sequence[Promise]) -> None:
        self.session.change_all(SUPERSEDE, [(promise.made_at, promise.problem, promise.notice) for promise in promises])
        self.session.change_all(MAKE_PROMISE, [PROMISE.row(promise) for promise in promises])

    def finish_promise(self, promise: Promise, state: PromiseState, *, now: int) -> bool:
        return self.session.change(FINISH_PROMISE, state.value, now, promise.notice) == 1

    def hand_over(self, problems: Sequence[str], *, at: int) -> Collection[str]:
        handed_over = [problem for (problem,) in self.session.among(HAND_OVER, problems, at)]
        self.session.among(END_PROMISES, handed_over, PromiseState.HANDED_OVER.value, at)
        return handed_over


def _written(notice: Notice) -> tuple[str | int | None, ...]:
    reason = None if notice.reason is None else plain(notice.reason)
    return plain(notice.answer), reason, next_look(notice), notice.channel, notice.customer, notice.sent_at


@lru_cache(maxsize=256)
def _spoken(said: Sequence[Said]) -> str:
    """Return one line per gate, so that a second look at the same time is added below."""
    return "\n".join([to_json(each) for each in said])
