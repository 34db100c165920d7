"""What is asked of a store that has seen something: why, stats, export, promises, dead letters, the outbox."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse
from zoneinfo import ZoneInfo

import pytest

from tellfirst.story.words import Words
from tests.tellfirst.conftest import Ask
from tests.tellfirst.test_run import rows

INSTANTS = ("at", "found_at", "sent_at", "time", "due", "deadline")


def answer_of(ask: Ask, project: Path, *words: str) -> Any:
    answer = ask("--project", str(project), *words)
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)


def test_why_ties_every_fact_and_claim_to_an_event(ask: Ask, week: Path) -> None:
    told = next(line for line in rows(ask, week, "notices") if line["rule"] == "late-parcel" and line["answer"] == "told")

    story = answer_of(ask, week, "why", told["case"], "--json")

    problem = next(each for each in story["problems"] if each["problem"] == told["problem"])
    notice = next(each for each in problem["notices"] if each["notice"] == told["notice"])
    claims = [claim for message in notice["messages"] for claim in message["claims"]]
    known = [each for each in (*problem["facts"], *claims) if each["value"] is not None]
    assert known
    assert all(set(each["event"]) == {"id", "source", "type", "time"} for each in known)
    assert notice["gates"][-1]["answers"][-1]["answer"] == "pass"
    assert problem["phases"][0]["phase"] == "opened"


def test_why_says_what_was_missing_for_what_did_not_happen(ask: Ask, week: Path) -> None:
    cases = [line["case"] for line in rows(ask, week, "cases") if line["case"].startswith("account/")]
    spoken_of = {line["case"] for line in rows(ask, week, "problems")}
    quiet = next(case for case in cases if case not in spoken_of)

    story = answer_of(ask, week, "why", quiet, "--json")

    (rule,) = next(case["rules"] for case in story["cases"] if case["case"] == quiet)
    assert story["problems"] == []
    assert all(detector["why"].startswith(("not true", "unknown")) for detector in rule["detectors"])
    assert all(part["sides"] for detector in rule["detectors"] for part in detector["saw"])


def test_why_tells_the_time_that_is_left(ask: Ask, project: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    lines = [
        event("shipment.created", "2026-03-02T09:00:00Z", parcel_id="P1", customer_id="C1"),
        event("delivery.promised", "2026-03-02T10:00:00Z", parcel_id="P1", customer_id="C1", promised_day="2026-03-04"),
    ]
    file.write_text("\n".join(lines))
    ask("--project", str(project), "events", "replay", str(file))

    words = ask("--project", str(project), "why", "parcel/P1").stdout

    assert "waits for delivery.delivered, until 2026-03-05 00:00, 2d14h left" in words
    assert "promised = 2026-03-04   (delivery.promised e-delivery.promised of 2026-03-02 10:00, from test)" in words
    assert "No problem was found." in words


def test_why_of_a_customer_tells_the_profile_and_every_case(ask: Ask, week: Path) -> None:
    told = next(line for line in rows(ask, week, "notices") if line["answer"] == "told")

    for asked in (told["customer"], f"customer/{told['customer']}"):
        story = answer_of(ask, week, "why", asked, "--json")
        assert told["problem"] in {problem["problem"] for problem in story["problems"]}
        assert {"zone", "language"} & {each["field"] for each in story["profile"]}


def test_why_in_words_is_in_the_order_of_what_happened(ask: Ask, week: Path) -> None:
    told = next(line for line in rows(ask, week, "notices") if line["phase"] == "solved" and line["answer"] == "told")

    words = ask("--project", str(week), "why", told["case"]).stdout

    assert words.index("opened by") < words.index("solved by")
    assert "all 13 pass" in words


def test_why_shows_a_promise_only_where_a_message_was_taken() -> None:
    promise = {"deadline": "2026-03-05T10:00:00Z", "state": "made"}
    refused, bounced, taken = (
        an_attempt("refused", "550 at RCPT"),
        an_attempt("accepted", "250", "bounced"),
        an_attempt("accepted", "200"),
    )
    messages = [{"channel": "email", "title": "News", "claims": [], "attempts": [each]} for each in (refused, bounced, taken)]
    notice = {"phase": "opened", "fact": None, "gates": [], "messages": messages, "answer": "told", "promise": promise}
    problem = {
        "rule": "r",
        "case": "order/O1",
        "says": "may",
        "phase": "opened",
        "problem": "prb_",
        "phases": [],
        "notices": [notice],
    }

    lines = [line.strip() for line in Words(ZoneInfo("UTC")).problem(problem)]

    assert [line for line in lines if line.startswith(("the provider", "promised"))] == [
        "the provider answered: 550 at RCPT",
        "promised to write again by 2026-03-05 10:00: made",
    ]


def an_attempt(outcome: str, detail: str, receipt: str | None = None) -> dict[str, Any]:
    at = "2026-03-02T10:00:00Z"
    return {"outcome": outcome, "detail": detail, "began_at": at, "receipt": receipt, "receipt_at": receipt and at}


def test_why_of_what_nobody_knows_is_a_finding(ask: Ask, week: Path) -> None:
    answer = ask("--project", str(week), "why", "parcel/nobody")

    assert answer.exit_code == 1
    assert answer.stderr.startswith("parcel/nobody  nothing is kept of it — ")


def test_stats_count_what_was_read_as_the_replay_did(ask: Ask, week: Path) -> None:
    (records,) = answer_of(ask, week, "stats", "--json")["records"].values()
    report = answer_of(ask, week, "events", "replay", str(week / "events.jsonl"), "--json")

    assert (
        report["read"]
        == report["applied"] + report["repeated"] + report["unread"] + report["dead_letters"]
        == sum(records.values())
    )
    assert "late-parcel" in ask("--project", str(week), "stats").stdout


@pytest.mark.parametrize("table", ["problems", "notices", "promises", "attempts", "dead-letters", "cases"])
def test_every_table_is_exported_as_json_lines(ask: Ask, week: Path, table: str) -> None:
    assert rows(ask, week, table)


def test_promises_of_one_state(ask: Ask, week: Path) -> None:
    ended = answer_of(ask, week, "promises", "--state", "ended", "--json")

    assert {each["state"] for each in ended} == {"ended"}
    assert ask("--project", str(week), "promises", "--state", "broken").stdout == "No promises.\n"


def test_a_dead_letter_is_shown_with_its_bytes_and_nothing_that_harms_a_terminal(ask: Ask, project: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(b'{"id": "\x1b[31m\xff\n')
    ask("--project", str(project), "events", "replay", str(file))

    (letter,) = answer_of(ask, project, "dlq", "list", "--json")
    shown = ask("--project", str(project), "dlq", "show", letter["letter"])

    assert letter["reason"] == "syntax"
    assert "\x1b" not in shown.stdout
    assert r"\x1b[31m" in shown.stdout and r"\xff" in shown.stdout


def test_a_dead_letter_that_is_not_there_is_said_so(ask: Ask, week: Path) -> None:
    assert ask("--project", str(week), "dlq", "show", "shop:999999999").exit_code == 2


def test_the_outbox_names_a_page_for_every_message(ask: Ask, week: Path) -> None:
    messages = answer_of(ask, week, "notify", "outbox", "--json", "--limit", "5")

    assert len(messages) == 5
    for each in messages:
        page = urlparse(each["page"])
        assert f'<article id="{each["message"]}"' in Path(unquote(page.path)).read_text() and page.fragment == each["message"]
    assert messages[0]["title"] in ask("--project", str(week), "notify", "outbox", messages[0]["message"]).stdout


def event(name: str, time: str, **data: object) -> str:
    return json.dumps({"specversion": "1.0", "id": f"e-{name}", "source": "test", "type": name, "time": time, "data": data})


def test_an_export_is_one_array_where_that_is_asked_for(ask: Ask, week: Path) -> None:
    for table in ("notices", "dead-letters"):
        assert answer_of(ask, week, "export", table, "--json") == rows(ask, week, table)


def test_an_export_of_nothing_is_an_empty_array(ask: Ask, project: Path, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").touch()
    ask("--project", str(project), "events", "replay", str(tmp_path / "none.jsonl"))

    assert ask("--project", str(project), "export", "notices", "--json").stdout == "[]\n"
