"""What `recover` knows was told, into a store that does not: at once where the notice is there, else as soon as it is found."""

from collections.abc import Sequence

from contracts.message import Attempt, Message, Outcome
from contracts.notice import Notice
from storage.courier_writes import SAVE_ATTEMPT
from storage.questions import ATTEMPT, MESSAGE
from storage.session import Session
from storage.sql_store import SqlTransaction
from storage.told_lines import Hearing, ToldLine, decode, encode

RECOVERED = "put back by recover"
PUT_BACK = """
    UPDATE notices SET answer = 'told', reason = NULL, ask_at = NULL, claim = claim + 1, customer = COALESCE(?, customer),
    channel = ?, sent_at = ?, told_at = ?, told_by = ?, told_on = ?, apology = ?
    WHERE notice = ?"""
ADD_MESSAGE = f"INSERT INTO messages ({MESSAGE.columns}) VALUES ({MESSAGE.marks}) ON CONFLICT DO NOTHING"
SAVE_CLAIMS = "UPDATE messages SET claims = ? WHERE message = ? AND claims = '[]'"
KEEP = "INSERT INTO told_before (notice, line) VALUES (?, ?) ON CONFLICT (notice) DO UPDATE SET line = excluded.line"
KEPT = "SELECT line FROM told_before WHERE notice IN (%s)"
LET_GO = "DELETE FROM told_before WHERE notice = ?"
ARE_KEPT = "SELECT 1 FROM told_before LIMIT 1"


class PutsBack(SqlTransaction):
    """told_before: whether the store keeps lines of the log for notices that it has not found yet; nobody adds any meanwhile."""

    def __init__(self, session: Session, *, told_before: bool = False) -> None:
        super().__init__(session)
        self._told_before = told_before

    def add_notices(self, notices: Sequence[Notice]) -> None:
        super().add_notices(notices)
        if self._told_before:
            for (line,) in self.session.among(KEPT, [notice.notice for notice in notices]):
                self.put_back(decode(line))

    def put_back(self, line: ToldLine) -> bool:
        """Have a notice be told as the log says. False where it is not found yet: the line is kept for then."""
        hearing = line.hearing
        if hearing is None or self._mark_told(line.notice, hearing):
            if hearing is not None and hearing.message is not None:
                self._add_try(line.notice, hearing, hearing.message)
            if hearing is not None and line.promise is not None:
                self.make_promises([line.promise])
            self.session.change(LET_GO, line.notice)
            return True
        self.session.change(KEEP, line.notice, encode(line).decode())
        return False

    def _mark_told(self, notice: str, hearing: Hearing) -> bool:
        sent_at = hearing.told_at if hearing.sent_at is None else hearing.sent_at
        told = (hearing.told_at, hearing.message, hearing.channel, hearing.sorry)
        return self.session.change(PUT_BACK, hearing.customer, hearing.channel, sent_at, *told, notice) == 1

    def _add_try(self, notice: str, hearing: Hearing, message: str) -> None:
        """Its words are gone; what it claimed is not, so that it can be corrected."""
        self.session.change(ADD_MESSAGE, *MESSAGE.row(_without_words(notice, hearing, message)))
        self.session.change(SAVE_CLAIMS, hearing.claims or "[]", message)
        self.session.change(SAVE_ATTEMPT, *ATTEMPT.row(_tried(hearing, message)))


def _without_words(notice: str, hearing: Hearing, message: str) -> Message:
    return Message(
        message=message,
        notice=notice,
        channel=hearing.channel or "",
        customer=hearing.customer or "",
        language=hearing.language or "",
        title="",
        sections={},
        text="",
        html="",
        says_sorry=bool(hearing.sorry),
        claims=(),
        composed_at=hearing.told_at,
    )


def _tried(hearing: Hearing, message: str) -> Attempt:
    """What was not certainly accepted may have arrived."""
    return Attempt(
        message=message,
        tries=hearing.tries or 1,
        outcome=Outcome.ACCEPTED if hearing.outcome is Outcome.ACCEPTED else Outcome.AMBIGUOUS,
        began_at=hearing.told_at if hearing.began_at is None else hearing.began_at,
        ended_at=hearing.ended_at,
        detail=RECOVERED,
        sent_in=hearing.sent_in,
    )
