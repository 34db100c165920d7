"""What people read: the documented export, numbers, stories."""

import json
import re
from pathlib import Path

from msgspec.structs import replace

from contracts.event import DeadLetter, DeadReason
from contracts.message import Outcome
from contracts.notice import Answer, NoticePhase, Reason
from contracts.problem import Phase
from contracts.times import HOUR
from storage.export import FIELDS, FORMAT
from storage.sqlite import SqliteStore
from storage.store import Complaint, CustomerRow
from tests.storage.builders import NOON, a_case, a_message, a_notice, a_phase, a_promise, add, an_attempt, an_end

PAGE = Path(__file__).parents[2] / "docs" / "export.md"


def test_problems_are_exported_phase_by_phase_in_order(store: SqliteStore) -> None:
    early = NOON - 9 * HOUR
    add(store, a_phase(), an_end(Phase.CORRECTED, detector="silent", ended_by="delivery.scanned", at=NOON - 1))
    add(store, a_phase(problem="prb_0", opened_at=early, at=early, customer=None))

    lines = list(store.export("problems"))

    assert [(line["problem"], line["phase"]) for line in lines] == [
        ("prb_0", "opened"),
        ("prb_1", "opened"),
        ("prb_1", "corrected"),
    ]
    assert lines[0]["customer"] is None
    assert lines[2] == {
        "problem": "prb_1",
        "rule": "late-parcel",
        "case": "parcel/P1",
        "customer": "C1",
        "phase": "corrected",
        "detector": "silent",
        "at": "2026-03-02T11:59:59.999999Z",
        "found_at": "2026-03-02T12:59:59.999999Z",
        "ended_by": "delivery.scanned",
        "number": 0,
        "watch_start": "2026-02-28T12:00:00Z",
        "says": "may be late",
    }


def test_a_notice_is_exported_with_its_state_now(store: SqliteStore) -> None:
    add(store, a_notice(answer=Answer.HELD, reason=Reason.QUIET_HOURS))

    assert list(store.export("notices")) == [
        {
            "notice": "ntc_1",
            "problem": "prb_1",
            "rule": "late-parcel",
            "case": "parcel/P1",
            "customer": "C1",
            "phase": "opened",
            "says": "may be late",
            "at": "2026-03-02T12:00:00Z",
            "found_at": "2026-03-02T12:00:00Z",
            "answer": "held",
            "reason": "quiet_hours",
            "channel": None,
            "sent_at": None,
            "detector": "silent",
            "fact": None,
            "urgency": "soon",
        }
    ]


def test_dead_letters_are_exported_as_base64_and_as_text_where_they_are_text(store: SqliteStore) -> None:
    with store.transaction() as tx:
        tx.add_dead_letter(DeadLetter("orders", 1, b"\xff", DeadReason.SYNTAX, "not UTF-8", NOON))
        tx.add_dead_letter(DeadLetter("orders", 2, "{ü".encode(), DeadReason.SYNTAX, "no JSON", NOON))

    lines = list(store.export("dead-letters"))

    assert [(line["raw"], line["text"]) for line in lines] == [("/w==", None), ("e8O8", "{ü")]


def test_every_table_is_exported_in_the_documented_fields_as_json(store: SqliteStore) -> None:
    add(store, a_case(ripe_at=NOON), a_phase(), a_notice(), a_message(), an_attempt(), a_promise())
    with store.transaction() as tx:
        tx.add_dead_letter(DeadLetter("orders", 1, b"x", DeadReason.SYNTAX, "no JSON", NOON))

    for table, fields in FIELDS.items():
        [line] = store.export(table)
        assert list(line) == fields.split() + ["text"] * (table == "dead-letters")
        assert json.loads(json.dumps(line)) == line


def test_the_page_of_the_export_names_every_field_in_its_order() -> None:
    page = PAGE.read_text("utf-8")
    tables = re.split(r"^## ", page, flags=re.MULTILINE)[1:]

    documented = {
        table.split("\n")[0]: re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)))
        for table in tables
    }

    assert documented == {table: fields.split() + ["text"] * (table == "dead-letters") for table, fields in FIELDS.items()}
    assert f"version **{FORMAT}**" in page


def test_the_numbers_count_phases_answers_outcomes_and_states(store: SqliteStore) -> None:
    add(store, a_phase(), an_end(), a_phase(problem="prb_2"), a_case(), a_promise())
    add(store, a_notice("ntc_1", answer=Answer.WITHHELD, reason=Reason.CAPS, ask_at=None), a_notice("ntc_2"))
    add(store, a_message(), an_attempt(Outcome.AMBIGUOUS))

    counts = store.counts()

    assert counts["problems"] == {"late-parcel": {"opened": 2, "solved": 1}}
    assert counts["open"] == {"late-parcel": 1}
    assert counts["notices"] == {"waiting": {"": 1}, "withheld": {"caps": 1}}
    assert counts["attempts"] == {"email": {"ambiguous": 1}}
    assert counts["promises"] == {"made": 1}
    assert (counts["cases"], counts["customers"]) == (1, 0)


def test_the_story_of_a_case_holds_all_that_is_kept_of_it(store: SqliteStore) -> None:
    notice, message, attempt, promise = a_notice(), a_message(), an_attempt(), a_promise()
    add(store, a_case(), a_phase(), notice, message, attempt, promise)
    add(store, a_phase(problem="prb_2", case="parcel/P2"), a_notice("ntc_2", problem="prb_2", phase=NoticePhase.NEWS))
    with store.transaction() as tx:
        tx.link_cases([("parcel/P1", "order/O1")])
        tx.save_complaints([Complaint("parcel/P1", NOON, None)])

    story = store.story("parcel/P1")

    assert story["cases"] == [a_case()]
    assert story["linked"] == ["order/O1"]
    assert story["complaints"] == [Complaint("parcel/P1", NOON, None)]
    assert [problem.problem for problem in story["problems"]] == ["prb_1"]
    assert [recorded.phase for recorded in story["phases"]] == [a_phase()]
    assert [each.notice for each in story["notices"]] == ["ntc_1"]
    assert (story["messages"], story["attempts"], story["promises"]) == ([message], [attempt], [promise])
    assert story["customer"] is None


def test_the_story_of_a_customer_is_found_by_either_name(store: SqliteStore) -> None:
    row = CustomerRow("C1", {"name": ["Ada", NOON, "e1"]}, [1])
    add(store, a_case(customer="C1"), a_case("parcel/P2", customer="C2"), a_phase(), a_phase(problem="prb_2", customer="C2"))
    with store.transaction() as tx:
        tx.save_customers([row])

    story = store.story("C1")

    assert story["customer"] == row
    assert [case.case for case in story["cases"]] == ["parcel/P1"]
    assert [problem.problem for problem in story["problems"]] == ["prb_1"]
    assert store.story("customer/C1") == story


def test_a_case_nobody_heard_of_has_an_empty_story(store: SqliteStore) -> None:
    assert not any(store.story("parcel/unheard-of").values())


def test_an_export_goes_on_while_others_write(store: SqliteStore) -> None:
    add(store, *[a_notice(f"ntc_{number}", at=NOON + number) for number in range(5)])
    lines = store.export("notices")

    first = next(lines)["notice"]
    with store.transaction() as tx:
        tx.answer(replace(a_notice("ntc_4", at=NOON + 4), answer=Answer.TOLD, sent_at=NOON))

    assert [first, *(line["notice"] for line in lines)] == [f"ntc_{number}" for number in range(5)]
