"""A transaction that knows of which notices it changed whether somebody may have heard them."""

from collections.abc import Iterable, Sequence

from contracts.message import Attempt
from contracts.notice import Answer, Notice
from contracts.on_its_way import OnItsWay
from storage.putting_back import PutsBack
from storage.session import Session
from storage.told_lines import ToldLine, notices_of, told_lines


class NotesTold(PutsBack):
    """Notices that were begun or answered as told; and messages of which it perhaps turned out that nobody heard them."""

    def __init__(self, session: Session, *, told_before: bool = False) -> None:
        super().__init__(session, told_before=told_before)
        self._begun: set[str] = set()
        self._doubted: set[str] = set()

    def begin(self, sends: Sequence[OnItsWay]) -> Sequence[OnItsWay]:
        ours = super().begin(sends)
        self._begun.update(send.notice.notice for send in ours)
        return ours

    def accept(self, sends: Sequence[OnItsWay]) -> Sequence[OnItsWay]:
        self._begun.update(send.notice.notice for send in sends)
        return super().accept(sends)

    def answer(self, notice: Notice) -> bool:
        is_ours = super().answer(notice)
        if is_ours and notice.answer is Answer.TOLD:
            self._begun.add(notice.notice)
        return is_ours

    def save_attempt(self, attempt: Attempt) -> None:
        super().save_attempt(attempt)
        self._doubted.add(attempt.message)

    def tell_again(self, messages: Iterable[str], *, now: int) -> None:
        those = list(messages)
        super().tell_again(those, now=now)
        self._doubted.update(those)

    def told(self) -> list[ToldLine]:
        """Return how it stands with them now."""
        doubted = set(notices_of(self, self._doubted)) if self._doubted else set()
        notices = self._begun | doubted
        lines = told_lines(self, notices) if notices else ()
        return [line for line in lines if line.hearing is not None or line.notice in doubted]
