"""A transaction that has what it decides sent on to Kafka's topics: problems, notices, receipts, dead letters, and what was told.

Values are the lines of the export. All records of a case have its name as their key, so that they come in their order. The header
`id` is computed from the line: a line that comes twice is the same.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any

from msgspec import json

from contracts.event import DeadLetter
from contracts.message import Attempt
from contracts.notice import Answer, Notice, Reason
from contracts.on_its_way import OnItsWay
from contracts.outgoing import Headers, Outgoing, Word
from contracts.receipt import Receipt, ReceiptFate
from contracts.times import instant_text
from storage.export import FORMAT, NAMES, line_of
from storage.noting_told import NotesTold
from storage.questions import PHASE
from storage.records import RecordedPhase
from storage.rows import columns
from storage.session import Session
from storage.told_lines import ToldLine, encode

LARGEST_COPY = 1 << 20
AS_JSON = ("content-type", b"application/json")
VERSION = ("format", str(FORMAT).encode())
NOTICES = f"SELECT {columns(NAMES['notices'])} FROM notices WHERE notice IN (%s)"
WHOSE = '(SELECT "case" FROM notices WHERE notices.notice = messages.notice)'
ATTEMPTS = f"SELECT {WHOSE}, {columns(NAMES['attempts'])} FROM attempts JOIN messages USING (message)"
ATTEMPTS_OF = f"{ATTEMPTS} WHERE message IN (%s) ORDER BY message, tries"
ATTEMPTS_IN = f"{ATTEMPTS} WHERE sent_in IN (%s) ORDER BY message, tries"

_encode = json.Encoder().encode


class SendsOn(NotesTold):
    """Each notice and each message goes on once, as it is at the end of the transaction."""

    def __init__(self, session: Session, *, told_before: bool = False) -> None:
        super().__init__(session, told_before=told_before)
        self._records: list[Outgoing] = []
        self._notices: dict[str, None] = {}
        self._messages: dict[str, None] = {}
        self._carriers: dict[str, None] = {}

    # problems

    def record_phases(self, phases: Sequence[RecordedPhase]) -> Collection[str]:
        new = super().record_phases(phases)
        self._records += [_line(each) for each in phases if each.phase.problem in new]
        return new

    # notices

    def add_notices(self, notices: Sequence[Notice]) -> None:
        super().add_notices(notices)
        self._notices.update(dict.fromkeys(notice.notice for notice in notices))

    def settle(self, notices: Sequence[Notice], answer: Answer, *, reason: Reason | None = None) -> None:
        super().settle(notices, answer, reason=reason)
        self._notices.update(dict.fromkeys(notice.notice for notice in notices))

    def answer(self, notice: Notice) -> bool:
        is_ours = super().answer(notice)
        if is_ours:
            self._notices[notice.notice] = None
        return is_ours

    # receipts

    def accept(self, sends: Sequence[OnItsWay]) -> Sequence[OnItsWay]:
        self._notices.update(dict.fromkeys(send.notice.notice for send in sends))
        self._messages.update(dict.fromkeys(send.attempt.message for send in sends))
        return super().accept(sends)

    def save_attempt(self, attempt: Attempt) -> None:
        super().save_attempt(attempt)
        self._messages[attempt.message] = None

    def take_receipt(self, receipt: Receipt, *, now: int) -> ReceiptFate:
        fate = super().take_receipt(receipt, now=now)
        if fate is ReceiptFate.TAKEN:
            self._messages[receipt.message] = self._carriers[receipt.message] = None
        return fate

    # dead letters

    def add_dead_letter(self, letter: DeadLetter) -> bool:
        is_new = super().add_dead_letter(letter)
        if is_new:
            self._records.append(_copy(letter))
        return is_new

    # what was told

    def erase_told(self, notices: Sequence[str]) -> None:
        super().erase_told(notices)
        self._records += [_told(ToldLine(notice)) for notice in notices]

    def ending(self) -> None:
        super().ending()
        told = self.told()
        notices = self._notices | dict.fromkeys(line.notice for line in told)
        self.send_on([*self._records, *self._lines_of(notices), *self._receipts(), *map(_told, told)])

    def _lines_of(self, notices: Iterable[str]) -> Iterator[Outgoing]:
        for row in self.session.among(NOTICES, list(notices)):
            line = line_of("notices", row)
            yield _record(Word.NOTICES, line["case"], line)

    def _receipts(self) -> Iterator[Outgoing]:
        """Yield every try of which something is known, of the messages that were changed and of what went in them."""
        rows = [*self.session.among(ATTEMPTS_OF, list(self._messages)), *self.session.among(ATTEMPTS_IN, list(self._carriers))]
        for case, *row in rows:
            line = line_of("attempts", row)
            if line["outcome"] != "sending":
                yield _record(Word.RECEIPTS, case, line)


def _line(recorded: RecordedPhase) -> Outgoing:
    phase = recorded.phase
    values = dict(zip(PHASE.names, PHASE.row(phase), strict=True)) | {"found_at": recorded.found_at}
    return _record(Word.PROBLEMS, phase.case, line_of("problems", [values[name] for name in NAMES["problems"]]))


def _record(topic: Word, case: str, line: dict[str, Any]) -> Outgoing:
    value = _encode(line)
    known_by = ("id", blake2b(topic.encode() + value, digest_size=16).hexdigest().encode())
    return Outgoing(topic=topic, key=case.encode(), value=value, headers=(known_by, AS_JSON, VERSION))


def _told(line: ToldLine) -> Outgoing:
    value = None if line.hearing is None else encode(line)
    return Outgoing(topic=Word.TOLD, key=line.notice.encode(), value=value, headers=() if value is None else (AS_JSON, VERSION))


def _copy(letter: DeadLetter) -> Outgoing:
    """Return a dead letter as it came, with the reason in headers; one that no topic of ours takes goes on without its bytes."""
    why: Headers = (
        ("tellfirst_source", letter.source.encode()),
        ("tellfirst_position", str(letter.position).encode()),
        ("tellfirst_reason", letter.reason.encode()),
        ("tellfirst_detail", letter.detail.encode()),
        ("tellfirst_at", instant_text(letter.at).encode()),
    )
    size = len(letter.raw) + sum(len(name) + len(value or b"") for name, value in letter.headers)
    if size > LARGEST_COPY:
        cut: Headers = (*why, ("tellfirst_size", str(size).encode()))
        return Outgoing(topic=Word.DEAD_LETTERS, key=None, value=b"", headers=cut)
    return Outgoing(topic=Word.DEAD_LETTERS, key=letter.key, value=letter.raw, headers=(*letter.headers, *why))
