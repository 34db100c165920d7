"""`events`: validate, send, replay and generate."""

import gzip
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
import zstandard

from tests.tellfirst.conftest import Ask
from tests.tellfirst.house import TELLFIRST

GOOD = {
    "specversion": "1.0",
    "id": "e1",
    "source": "shop",
    "type": "shipment.created",
    "time": "2026-03-02T09:00:00Z",
    "data": {"parcel_id": "P1", "customer_id": "C1"},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An event, its repeat, one that no rule reads, and two that are none."""
    unread = {**GOOD, "id": "e2", "type": "customer.said"}
    lines = [json.dumps(GOOD), json.dumps(GOOD), json.dumps(unread), "{", json.dumps({**GOOD, "time": None})]
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join(lines))
    return path


def test_a_replay_ends_with_one_document_that_adds_up(ask: Ask, project: Path, file: Path) -> None:
    answer = ask("--project", str(project), "events", "replay", str(file), "--json")

    report = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert report == {"read": 5, "applied": 1, "repeated": 1, "unread": 0, "dead_letters": 3}


def test_time_runs_on_to_until(ask: Ask, project: Path, file: Path) -> None:
    promised = {**GOOD, "id": "e9", "type": "delivery.promised", "data": {**GOOD["data"], "promised_day": "2026-03-04"}}  # type: ignore[dict-item]
    file.write_text(json.dumps(GOOD) + "\n" + json.dumps(promised))

    for until, phases in (("2026-03-04T12:00:00Z", []), ("2026-03-06T00:00:00Z", ["opened"])):
        ask("--project", str(project), "events", "replay", str(file), "--until", until)
        told = ask("--project", str(project), "export", "problems").stdout.splitlines()
        assert [json.loads(line)["phase"] for line in told] == phases


def test_validate_says_what_would_become_of_each_record(ask: Ask, project: Path, file: Path) -> None:
    answer = ask("--project", str(project), "events", "validate", str(file))

    assert answer.exit_code == 1
    assert [line.partition("  ")[0] for line in answer.stdout.splitlines()[:-1]] == [f"{file}:{number}" for number in (3, 4, 5)]
    assert not (project / "data").exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("nowhere.jsonl", None, 2),
        ("cut.jsonl.gz", gzip.compress(b"x" * 9_999, mtime=0)[:40], 5),
        ("no.gz", b"x", 5),
        ("no.zst", b"x", 5),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(
    ask: Ask, project: Path, tmp_path: Path, name: str, content: bytes | None, code: int
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    answer = ask("--project", str(project), "events", "replay", str(tmp_path / name), "--json")

    assert (answer.exit_code, answer.stdout, answer.stderr.count("\n")) == (code, "", 1)
    assert " — " in answer.stderr


@pytest.mark.parametrize("words", [["--mapping", "shop"], ["--until", "tomorrow"]])
def test_a_replay_that_was_not_asked_for_rightly_is_one_line(ask: Ask, project: Path, file: Path, words: list[str]) -> None:
    answer = ask("--project", str(project), "events", "replay", str(file), *words)

    assert (answer.exit_code, answer.stderr.count("\n")) == (2, 1)


def test_the_same_seed_makes_the_same_events(ask: Ask, tmp_path: Path) -> None:
    made = [ask("events", "generate", "--seed", seed).stdout_bytes for seed in ("7", "7", "8")]
    told = json.loads(ask("events", "generate", "--seed", "7", "--out", str(tmp_path / "week.jsonl"), "--json").stdout)

    assert made[0] == made[1] != made[2]
    assert (tmp_path / "week.jsonl").read_bytes() == made[0]
    assert told == {"events": made[0].count(b"\n"), "seed": 7, "file": str(tmp_path / "week.jsonl")}


def test_a_receiver_that_is_no_address_is_a_matter_of_use(ask: Ask, file: Path) -> None:
    assert ask("events", "send", str(file), "--to", "ftp://here").exit_code == 2


def test_a_receiver_that_nobody_is_cannot_be_reached(ask: Ask, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tellfirst.sending.MOST_TRIES", 1)

    answer = ask("events", "send", str(file), "--to", "http://127.0.0.1:9")

    assert (answer.exit_code, answer.stderr.count("\n")) == (4, 1)


def test_whoever_interrupts_a_replay_is_heard_at_once(project: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "endless.jsonl"
    os.mkfifo(pipe)
    command = [*TELLFIRST, "--project", str(project), "events", "replay", str(pipe)]
    replay = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    with pipe.open("w"):
        replay.send_signal(signal.SIGINT)
        _, said = replay.communicate(timeout=10)

    assert (replay.returncode, said) == (130, "interrupted; what was committed is kept\n")


def test_a_file_that_was_read_before_is_not_called_read_again(ask: Ask, week: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(week, tmp_path / "copy")

    words = ask("--project", str(folder), "events", "replay", str(folder / "events.jsonl")).stdout

    assert words.startswith("0 records read")
    records = len((folder / "events.jsonl").read_bytes().splitlines())
    assert f"{records:,} were read before" in words
    assert "`tellfirst dlq list`" in words


def test_a_packed_file_that_is_cut_off_is_partly_done(ask: Ask, project: Path, week: Path, tmp_path: Path) -> None:
    file = tmp_path / "week.jsonl.zst"
    file.write_bytes(zstandard.compress((week / "events.jsonl").read_bytes())[:-100])

    answer = ask("--project", str(project), "events", "replay", str(file))

    assert answer.exit_code == 5
    assert "cut off" in answer.stderr


def test_a_dead_letter_of_a_replay_has_the_time_of_the_file(ask: Ask, week: Path) -> None:
    letters = json.loads(ask("--project", str(week), "dlq", "list", "--json").stdout)

    assert {letter["at"][:7] for letter in letters} <= {"2026-03", "2026-04"}
