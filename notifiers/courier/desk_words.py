"""What the desk is told: hand-overs, and notes of what its customers were not told."""

from contracts.notice import Notice, Reason
from contracts.tell import RuleTelling
from notifiers.channels import DeskItem, DeskKind
from notifiers.composing import CannotSay, Composer, Occasion
from notifiers.composing.phrases import phrases_in
from notifiers.gates.question import Question

NOTED = (Reason.COMPLAINED, Reason.CUSTOMER_UNKNOWN)


class DeskWords:
    """language: the project's, which the desk reads."""

    def __init__(self, composer: Composer, *, language: str) -> None:
        self._composer, self._phrases = composer, phrases_in(language)

    def hand_over(self, notice: Notice, rule: RuleTelling, now: int) -> DeskItem:
        """Return a hand-over; its notice says why."""
        why = getattr(self._phrases, notice.says, notice.says)
        return self._item(notice, rule, now, item=notice.notice, kind=DeskKind.HAND_OVER, reason=notice.says, why=why)

    def note(self, question: Question, reason: Reason, now: int) -> DeskItem:
        """Return a note of what was withheld because of a complaint, or because nobody knows its customer."""
        why = self._phrases.nobody_known
        if reason is Reason.COMPLAINED:
            why = self._phrases.complained.format(title=self._headline(question, now))
        item = f"{question.notice.notice}:{reason.value}"
        return self._item(question.notice, question.rule, now, item=item, kind=DeskKind.NOTE, reason=reason.value, why=why)

    def _headline(self, question: Question, now: int) -> str:
        try:
            return self._composer.draft(question, Occasion(channel="desk", now=now)).story.headline
        except CannotSay:
            return question.rule.title

    def _item(self, notice: Notice, rule: RuleTelling, now: int, *, item: str, kind: DeskKind, reason: str, why: str) -> DeskItem:
        text = self._phrases.to_desk.format(case=notice.case, rule=notice.rule, customer=notice.customer or "?", why=why)
        return DeskItem(
            item=item,
            kind=kind,
            desk=rule.tell.desk,
            at=now,
            reason=reason,
            problem=notice.problem,
            rule=notice.rule,
            case=notice.case,
            customer=notice.customer,
            text=text,
        )
