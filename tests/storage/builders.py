"""Records with the dull filled in, for tests of the store."""

from typing import Any

from contracts.event import Citation
from contracts.message import Attempt, Claim, Message, Outcome
from contracts.notice import Notice, NoticePhase, Urgency
from contracts.problem import Fact, Phase, ProblemPhase
from contracts.promise import Promise
from contracts.times import HOUR
from storage.records import CaseRow, RecordedPhase
from storage.sqlite import SqliteStore
from storage.store import Transaction

NOON = 1_772_452_800_000_000
EVENT = Citation("e1", "shop", "delivery.eta", NOON)


def a_case(case: str = "parcel/P1", **changes: Any) -> CaseRow:
    return CaseRow(**{"case": case, "part": 0, "layout": 1, "memory": b"\x90", "ripe_at": None, "customer": None} | changes)


def a_phase(phase: Phase = Phase.OPENED, **changes: Any) -> ProblemPhase:
    dull: dict[str, Any] = {
        "problem": "prb_1",
        "rule": "late-parcel",
        "case": "parcel/P1",
        "customer": "C1",
        "watch_start": NOON - 48 * HOUR,
        "number": 0,
        "detector": "silent",
        "says": "may be late",
        "at": NOON,
        "opened_at": NOON,
        "facts": {"place": Fact("Kassel", EVENT)},
        "fired": {},
    }
    return ProblemPhase(phase=phase, **dull | changes)


def an_end(phase: Phase = Phase.SOLVED, **changes: Any) -> ProblemPhase:
    return a_phase(phase, **{"detector": None, "ended_by": "delivery.delivered", "at": NOON + 5 * HOUR} | changes)


def a_notice(notice: str = "ntc_1", **changes: Any) -> Notice:
    dull: dict[str, Any] = {
        "problem": "prb_1",
        "rule": "late-parcel",
        "case": "parcel/P1",
        "customer": "C1",
        "phase": NoticePhase.OPENED,
        "number": 0,
        "detector": "silent",
        "says": "may be late",
        "at": NOON,
        "found_at": NOON,
        "urgency": Urgency.SOON,
        "ask_at": NOON,
    }
    return Notice(notice=notice, **dull | changes)


def a_message(message: str = "msg_1", **changes: Any) -> Message:
    dull: dict[str, Any] = {
        "notice": "ntc_1",
        "channel": "email",
        "customer": "C1",
        "language": "en",
        "title": "Your parcel P1 may be late.",
        "sections": {"what": "Your parcel P1 may be late."},
        "text": "Your parcel P1 may be late.",
        "html": "<p>Your parcel P1 may be late.</p>",
        "says_sorry": False,
        "claims": (Claim("place", "Kassel", EVENT),),
        "composed_at": NOON,
    }
    return Message(message=message, **dull | changes)


def an_attempt(outcome: Outcome = Outcome.SENDING, **changes: Any) -> Attempt:
    return Attempt(**{"message": "msg_1", "tries": 1, "outcome": outcome, "began_at": NOON + HOUR} | changes)


def a_promise(notice: str = "ntc_1", **changes: Any) -> Promise:
    dull: dict[str, Any] = {
        "problem": "prb_1",
        "rule": "late-parcel",
        "case": "parcel/P1",
        "customer": "C1",
        "made_at": NOON,
        "deadline": NOON + 24 * HOUR,
        "keep_at": NOON + 21 * HOUR,
    }
    return Promise(notice=notice, **dull | changes)


def add(store: SqliteStore, *records: object) -> None:
    """Write problems, notices, messages, attempts and promises in one transaction, in the order given."""
    with store.transaction() as tx:
        for record in records:
            _write(tx, record)


def _write(tx: Transaction, record: object) -> None:
    match record:
        case ProblemPhase():
            tx.record_phases([RecordedPhase(record, record.at + HOUR)])
        case Notice():
            tx.add_notices([record])
        case Message():
            tx.save_messages([record])
        case Attempt():
            tx.save_attempt(record)
        case Promise():
            tx.make_promises([record])
        case CaseRow():
            tx.save_cases([record])
        case _:
            raise TypeError(record)
