"""One claimed notice: the gates' verdict is written down where it holds or withholds, and goes to sending where it passes."""

from collections.abc import Sequence

from msgspec.structs import replace

from contracts.message import Attempt, Outcome
from contracts.notice import Answer, Notice, NoticePhase, Reason, Urgency
from contracts.tell import RuleTelling
from contracts.verdict import GateAnswer, Hold, Pass, Verdict, Withhold
from notifiers.channels import Desk
from notifiers.courier.desk_words import NOTED, DeskWords
from notifiers.courier.happenings import HandedOver, Happening, Held, Withheld
from notifiers.courier.promising import FOURTH_NOTICE, Promising
from notifiers.courier.retries import MOST_TRIES
from notifiers.courier.sending import UNANSWERED, Sending
from notifiers.gates import judge
from notifiers.gates.often import is_one_too_many
from notifiers.gates.question import Question
from notifiers.ports import Ledger

DESK = "desk"
TIMED = (Reason.QUIET_HOURS, Reason.CAPS, Reason.GROUPING)


class Digest:
    """The notices of one customer that go out together."""

    def __init__(self) -> None:
        self._questions: list[Question] = []
        self._gates: list[GateAnswer] = []

    def add(self, question: Question, gates: Sequence[GateAnswer]) -> None:
        self._questions.append(question)
        self._gates += gates

    async def send(self, sending: Sending, now: int) -> list[Happening]:
        return await sending.send(self._questions, now, gates=self._gates) if self._questions else []


class Deciding:
    def __init__(self, ledger: Ledger, sending: Sending, promising: Promising, *, desk: Desk, words: DeskWords) -> None:
        self._ledger, self._sending, self._promising, self._desk, self._words = ledger, sending, promising, desk, words

    async def decide(self, question: Question, now: int, digest: Digest) -> list[Happening]:
        """Send, hold or withhold one notice; what belongs into a digest is added to it instead."""
        verdict, asked = judge(question, now)
        tries = self._sending.tries(question.notice, question.notice.channel)
        heard = self._heard_by(question, tries, verdict)
        if heard is not None:
            return self._sending.assume_told(question, heard, now)
        gates = [_gate_answer(question.notice, gate, answer, now) for gate, answer in asked]
        match verdict:
            case Hold():
                return self._hold(question.notice, verdict, gates, now)
            case Withhold():
                return await self._withhold(question, verdict.reason, gates, now)
            case Pass():
                if question.notice.urgency is Urgency.DIGEST and not question.keeps_promise:
                    digest.add(question, gates)
                    return []
                return await self._sending.send([question], now, gates=gates)

    def _heard_by(self, question: Question, tries: Sequence[Attempt], verdict: Verdict) -> Attempt | None:
        """Return the try that counts as told: it was accepted, or no answer came and it must not, or need not, be repeated."""
        accepted = [attempt for attempt in tries if attempt.outcome is Outcome.ACCEPTED]
        unanswered = [attempt for attempt in tries if attempt.outcome in UNANSWERED]
        if accepted or not unanswered:
            return accepted[-1] if accepted else None
        at_most_once = self._sending.channel(question.notice.channel or "").at_most_once
        is_over = at_most_once or len(unanswered) > 1 or len(tries) >= MOST_TRIES
        return unanswered[-1] if is_over or not _may_still_pass(verdict) else None

    def _hold(self, notice: Notice, hold: Hold, gates: Sequence[GateAnswer], now: int) -> list[Happening]:
        """Hold it, and say so where the reason or the time is new; who is woken early and waits on for the same is no news."""
        is_new = hold.reason is not notice.reason or hold.reason in TIMED
        held = replace(notice, answer=Answer.HELD, reason=hold.reason, ask_at=hold.until)
        with self._ledger.transaction() as tx:
            if tx.answer(held) and is_new:
                tx.log_gates(gates)
                return [Held(held, now, hold.reason, hold.until)] if notice.phase is not NoticePhase.NEWS else []
        return []

    async def _withhold(self, question: Question, reason: Reason, gates: Sequence[GateAnswer], now: int) -> list[Happening]:
        """Withhold it; the desk gets to know what a person should, before it is written down, so that a crash loses nothing."""
        if reason in NOTED:
            await self._desk.take(self._words.note(question, reason, now))
        withheld = replace(question.notice, answer=Answer.WITHHELD, reason=reason, ask_at=None)
        with self._ledger.transaction() as tx:
            if not tx.answer(withheld):
                return []
            tx.log_gates(gates)
            is_for_a_person = reason is Reason.CAPS and is_one_too_many(question)
            if is_for_a_person and self._promising.hand_over(tx, question.problem, FOURTH_NOTICE, now):
                return []
        return [Withheld(withheld, now, reason)]

    async def give_to_desk(self, notice: Notice, rule: RuleTelling, now: int) -> list[Happening]:
        """Deliver a hand-over: at least once, under its notice's id."""
        await self._desk.take(self._words.hand_over(notice, rule, now))
        given = replace(notice, answer=Answer.TOLD, ask_at=None, channel=DESK, sent_at=now)
        with self._ledger.transaction() as tx:
            return [HandedOver(given, now, rule.tell.desk)] if tx.answer(given) else []

    def cancel(self, notice: Notice) -> None:
        """End a notice whose rule or problem is no more."""
        with self._ledger.transaction() as tx:
            tx.answer(replace(notice, answer=Answer.CANCELLED, reason=None, ask_at=None))


def _may_still_pass(verdict: Verdict) -> bool:
    """Whether it may be said, now or at a known time."""
    return isinstance(verdict, Pass) or (isinstance(verdict, Hold) and verdict.until is not None)


def _gate_answer(notice: Notice, gate: str, verdict: Verdict, now: int) -> GateAnswer:
    match verdict:
        case Pass():
            return GateAnswer(notice=notice.notice, at=now, gate=gate, answer="pass")
        case Hold():
            reason = verdict.reason.value
            return GateAnswer(notice=notice.notice, at=now, gate=gate, answer="hold", reason=reason, until=verdict.until)
        case Withhold():
            return GateAnswer(notice=notice.notice, at=now, gate=gate, answer="withhold", reason=verdict.reason.value)
