"""`doctor --bundle` tells helpers how things stand, and nobody's address and no secret."""

import json
import os
import re
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.event import DeadLetter, DeadReason, Fate
from contracts.telling import RuleState, Stage
from storage.records import SourcePosition
from storage.sqlite import open_store
from tellfirst.doctor.masking import HIDDEN, Masking, hidden_in, without_addresses
from tellfirst.run import stacks
from tests.tellfirst.conftest import Ask
from tests.tellfirst.house import House
from tests.tellfirst.test_run import failed_payment, send

SECRETS = {
    "of the environment": "hunter2hunter2",
    "of a file": "correct-horse-battery",
    "of senders": "the-token-of-senders",
    "of the database": "rosebud-rosebud",
}
ADDRESSES = ["ada@example.com", "hello@blue.example", "+4915112345678", "mail.blue.example", "db.blue.example", "10.11.12.13"]
INTAKE = """
import sys
from pathlib import Path
from tellfirst.run.stacks import told_when_asked

with told_when_asked(Path(sys.argv[1]), "intake"):
    print("here", flush=True)
    sys.stdin.read()
"""
SETTINGS = """
language: en
zone: Europe/Berlin
desk: ada@example.com
sender: {name: Blue Shop, person_at: +4915112345678}
channels:
  email:
    {kind: smtp, host: mail.blue.example, port: 587, from: Blue Shop <hello@blue.example>, user: ada, password_file: mail.secret}
database: {address: "postgresql://tellfirst@db.blue.example:5432/shop?hostaddr=10.11.12.13&connect_timeout=1"}
"""


def bundle(ask: Ask, shop: Path) -> tuple[dict[str, Any], str]:
    answer = ask("--project", str(shop), "doctor", "--bundle", "-")
    assert answer.exit_code == 0
    return json.loads(answer.stdout), answer.stdout


@pytest.fixture
def full_of_secrets(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (shop / "tellfirst.yaml").write_text(SETTINGS)
    (shop / "mail.secret").write_text(SECRETS["of a file"] + "\n")
    (shop / "token").write_text(SECRETS["of senders"] + "\n")
    (shop / "samples" / "shop.jsonl").write_text('{"customer": "ada@example.com", "phone": "+4915112345678"}\n')
    monkeypatch.setenv("TELLFIRST_TOKEN_FILE", str(shop / "token"))
    monkeypatch.setenv("TELLFIRST_DATABASE__PASSWORD", SECRETS["of the database"])
    monkeypatch.setenv(
        "TELLFIRST_LINKS", json.dumps({"secret": SECRETS["of the environment"], "base": "https://tell.blue.example"})
    )
    return shop


def test_no_address_and_no_secret_is_in_it(ask: Ask, full_of_secrets: Path) -> None:
    found, text = bundle(ask, full_of_secrets)

    assert [each for each in [*SECRETS.values(), *ADDRESSES, str(full_of_secrets)] if each in text] == []
    assert found["settings"]["file"]["channels"]["email"] == {
        "kind": "smtp",
        "host": HIDDEN,
        "port": 587,
        "from": HIDDEN,
        "user": HIDDEN,
        "password_file": HIDDEN,
    }
    assert found["settings"]["environment"]["links"] == {"secret": HIDDEN, "base": HIDDEN}
    assert found["settings"]["file"]["zone"] == "Europe/Berlin"
    assert found["settings"]["token"] is True
    assert "cannot_tell" in found["store"], "the database is not there, and that is worth telling"


def test_what_settings_hide_is_hidden_wherever_it_stands_and_so_is_what_their_files_hold(tmp_path: Path) -> None:
    (tmp_path / "mail.secret").write_text(SECRETS["of a file"] + "\n")
    settings = {"host": "mail-of-ours", "zone": "Europe/Berlin", "password_file": "mail.secret"}

    said = Masking(hidden_in(settings, tmp_path)).of({"fact": [f"mail-of-ours in Europe/Berlin refused {SECRETS['of a file']}"]})

    assert said == {"fact": [f"{HIDDEN} in Europe/Berlin refused {HIDDEN}"]}


def test_of_topics_it_tells_every_partition_and_of_slots_what_their_workers_said(ask: Ask, shop: Path) -> None:
    with closing(open_store(shop / "data")) as store, store.transaction() as tx:
        for slot in (0, 1):
            tx.claim_slot(slot)
            tx.move_position(SourcePosition("orders", slot, 100 + slot, {"w": 1}), expected=0)
            tx.count_records("orders", {Fate.APPLIED: 1}, part=slot)

    found, _ = bundle(ask, shop)

    assert {part: each["next"] for part, each in found["store"]["lag"]["orders"].items()} == {"0": 100, "1": 101}
    assert [(each["slot"], each["epoch"]) for each in found["store"]["slots"]] == [(0, 1), (1, 1)]


def test_it_tells_counts_breakers_lag_and_the_last_errors_without_what_records_say(ask: Ask, shop: Path) -> None:
    with closing(open_store(shop / "data")) as store:
        store.set_used_by("run")
        with store.transaction() as tx:
            tx.save_rule(RuleState(rule="payment-failing", stage=Stage.LIVE, live_since=1, breaker_open=True))
            tx.add_dead_letter(
                DeadLetter("http", 7, b'{"to": "ada@example.com"}', DeadReason.SCHEMA, "'ada@example.com' is none", 1)
            )

    found, text = bundle(ask, shop)

    assert found["store"]["breakers"] == {"payment-failing": 0}
    assert found["store"]["counts"]["dead_letters"] == {"schema": 1}
    errors = found["store"]["last_errors"]["reading"]
    assert errors == [{"at": "1970-01-01T00:00:00.000001Z", "source": "http", "position": 7, "reason": "schema"}]
    assert "ada@example.com" not in text
    assert {"tellfirst", "pydantic"} <= set(found["packages"])
    assert {each["look"] for each in found["findings"]} >= {"versions", "project", "store"}
    assert found["stacks"] == {}


@pytest.fixture
def project(shop: Path) -> Path:
    return shop


def test_a_running_process_says_where_its_threads_stand_and_goes_on(ask: Ask, house: House) -> None:
    house.start()
    send(house, failed_payment("O1"))

    found, text = bundle(ask, house.project)

    assert "most recent call first" in found["stacks"]["all"]
    assert re.search(r"in (run|select|wait|main)", found["stacks"]["all"])
    assert found["store"]["lag"]["http"]["0"]["next"] == 1
    assert "O1" not in text and "C1" not in text
    assert httpx.get(f"{house.address}/livez").status_code == 200
    assert house.stop() == 0
    assert list((house.project / "data").glob(stacks.FILES)) == []


def test_a_process_that_does_not_hold_the_file_is_never_sent_a_signal(shop: Path) -> None:
    """Another container's number may be that of anybody here: this test would be ended by the signal."""
    (shop / "data").mkdir()
    (shop / "data" / "stacks-all.txt").write_text(f"{os.getpid()}\n")

    assert stacks.ask(shop / "data") == {}


@pytest.mark.parametrize("text", ["", "no number\n", "999999999\n"])
def test_what_nobody_wrote_is_no_process(tmp_path: Path, text: str) -> None:
    (tmp_path / "stacks-all.txt").write_text(text)

    assert stacks.ask(tmp_path) == {}


def test_a_process_without_a_folder_to_write_to_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with stacks.told_when_asked(tmp_path / "file" / "data", "intake"):
        assert stacks.ask(tmp_path / "file" / "data") == {}


def test_roles_beside_each_other_on_one_folder_are_asked_each(tmp_path: Path) -> None:
    intake = subprocess.Popen([sys.executable, "-c", INTAKE, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with intake, stacks.told_when_asked(tmp_path, "worker"):
        assert intake.stdout is not None and intake.stdout.readline() == b"here\n"

        assert set(stacks.ask(tmp_path)) == {"intake", "worker"}


def test_the_file_is_new_and_for_our_eyes_only(ask: Ask, shop: Path, tmp_path: Path) -> None:
    file = tmp_path / "bundle.json"

    assert ask("--project", str(shop), "doctor", "--bundle", str(file)).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["store"] == {"cannot_tell": json.loads(file.read_text())["store"]["cannot_tell"]}
    again = ask("--project", str(shop), "doctor", "--bundle", str(file))
    assert again.exit_code == 2
    assert "is there already" in again.stderr


def test_a_project_that_cannot_be_read_has_a_bundle_too(ask: Ask, shop: Path) -> None:
    (shop / "tellfirst.yaml").write_text("zone: [\n")

    found, _ = bundle(ask, shop)

    assert "cannot_tell" in found["settings"]["file"]
    assert any(each["well"] is False for each in found["findings"])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mail to Ada.L@example.com failed", f"mail to {HIDDEN} failed"),
        ("brokers at kafka-1:9092", f"brokers at {HIDDEN}"),
        ("see https://x.example/a?b=c.", f"see {HIDDEN}"),
        ("at 10.0.0.1, port 5432", f"at {HIDDEN}, port 5432"),
        ("call +49 151 1234567 now", f"call {HIDDEN} now"),
        ("at 2026-11-23T14:44:51.945Z in rules/late.yaml:29:15", "at 2026-11-23T14:44:51.945Z in rules/late.yaml:29:15"),
    ],
)
def test_what_looks_like_an_address_is_hidden_and_times_and_places_are_not(text: str, left: str) -> None:
    assert without_addresses(text) == left
