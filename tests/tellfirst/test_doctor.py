"""`doctor` finds what is wrong, and says so in one line each."""

import asyncio
import json
import os
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from contracts.event import DeadLetter, DeadReason
from contracts.telling import RuleState, Stage
from storage.sqlite import open_store
from tellfirst.init.folder import make_project
from tests.notifiers.channels.mail_server import Postbox, a_mail_server
from tests.tellfirst.conftest import Ask


def findings(ask: Ask, project: Path) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = {}
    for each in json.loads(ask("--project", str(project), "doctor", "--json").stdout):
        found.setdefault(each["look"], []).append(each)
    return found


def test_a_sound_project_is_well(ask: Ask, project: Path) -> None:
    answer = ask("--project", str(project), "doctor")

    assert answer.exit_code == 0
    assert "11 rules" in answer.stdout
    looks = {"versions", "names", "time zones", "clock", "project", "languages", "channels", "disk", "store"}
    assert set(findings(ask, project)) == looks


def test_the_disk_that_is_looked_at_is_that_of_the_data(ask: Ask, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the image the project is on one, and a volume for the data on another."""
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=0 if path.name == "data" else 1 << 40))
    assert all(each["well"] for each in findings(ask, project)["disk"])

    (project / "data").mkdir()

    assert [each["fact"] for each in findings(ask, project)["disk"] if not each["well"]] == ["0 MiB are free"]


def test_faults_of_the_project_are_findings(ask: Ask, project: Path) -> None:
    (project / "rules" / "late-parcel.yaml").write_text("rule: late\nwach: parcel\n")

    assert ask("--project", str(project), "doctor").exit_code == 1
    assert any("wach" in str(each["fact"]) and each["well"] is False for each in findings(ask, project)["project"])


def test_who_writes_to_the_store_is_named(ask: Ask, project: Path) -> None:
    with closing(open_store(project / "data")):
        held = findings(ask, project)["store"]

    assert any("writes to this store" in str(each["fact"]) for each in held)
    assert findings(ask, project)["store"][-1]["fact"] == "nobody writes to it now"


def test_a_store_that_is_none_is_found(ask: Ask, project: Path) -> None:
    (project / "data").mkdir()
    (project / "data" / "store.db").write_bytes(b"this is no database, whatever it is" * 100)

    answer = ask("--project", str(project), "doctor")

    assert answer.exit_code == 1
    assert findings(ask, project)["store"][0]["well"] is False


def test_what_cannot_be_read_or_locked_is_a_finding_too(ask: Ask, project: Path) -> None:
    with closing(open_store(project / "data")):
        pass
    (project / "data" / "store.lock").unlink()
    (project / "data" / "store.lock").mkdir()
    (project / "rules" / "folder.yaml").mkdir()

    found = findings(ask, project)

    assert str(found["store"][-1]["fact"]).startswith("this user can only look at it")
    assert "folder.yaml" in str(found["project"][0]["fact"])


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "new shop"
    make_project(folder)
    return folder


def said(ask: Ask, project: Path, look: str, *, well: bool | None = False) -> list[str]:
    found = findings(ask, project).get(look, [])
    return [f"{each['fact']} — {each['remedy']}" for each in found if each["well"] is well]


def test_a_language_that_a_rule_lacks_is_named_with_the_file_to_write(ask: Ask, shop: Path) -> None:
    (shop / "rules" / "late-parcel.de.yaml").unlink()

    assert said(ask, shop, "languages") == [
        "rules/late-parcel.yaml  says nothing in `de`, in which other rules speak — write rules/late-parcel.de.yaml"
    ]


def test_a_mapping_that_does_not_fit_its_sample_is_named_with_the_record(ask: Ask, shop: Path) -> None:
    mapping = shop / "mappings" / "shop.yaml"
    text = mapping.read_text().replace('raw.status == "seen"', 'raw.status == "scanned"')
    mapping.write_text(text.replace("reason: raw.why", "reason: raw.ok"))

    first, second = said(ask, shop, "mappings")

    assert first.startswith("samples/shop.jsonl:2  mapping: ")
    assert second.startswith("samples/shop.jsonl:7  no entry of the mapping makes an event of it")


def test_a_zone_of_a_customer_that_is_none_is_found_in_the_sample(ask: Ask, shop: Path) -> None:
    mapping = shop / "mappings" / "shop.yaml"
    mapping.write_text(mapping.read_text().replace("language: raw.customer.lang", """zone: '"Europe/Berlim"'"""))

    (found,) = said(ask, shop, "mappings")

    assert "Europe/Berlim" in found


def test_a_mapping_without_a_sample_asks_for_one(ask: Ask, shop: Path) -> None:
    (shop / "samples" / "shop.jsonl").unlink()

    assert said(ask, shop, "mappings", well=None) == [
        "mappings/shop.yaml has no sample to be tried on — put a record of each kind into samples/shop.jsonl"
    ]


@pytest.mark.parametrize(
    ("file", "right", "wrong", "fact"),
    [
        ("tellfirst.yaml", "zone: Europe/Berlin", "zone: Europe/Berlim", "'Europe/Berlim' is not a time zone"),
        ("tellfirst.yaml", "desk: service-desk", "dekk: service-desk", "unknown key `dekk`"),
        ("rules/late-parcel.yaml", "channels: [email, sms]", "channels: [mail]", "'mail' is not a channel"),
        ("rules/late-parcel.yaml", "choices: [wait, ask_us]", "choices: [wayt]", "there is no choice `wayt`"),
        ("choices.yaml", "  de: Ich warte\n", "", "wait"),
    ],
)
def test_what_the_files_have_wrong_is_found(ask: Ask, shop: Path, file: str, right: str, wrong: str, fact: str) -> None:
    path = shop / file
    assert right in path.read_text()
    path.write_text(path.read_text().replace(right, wrong, 1))

    assert any(file in each and fact in each for each in said(ask, shop, "project") + said(ask, shop, "project", well=None))


def test_a_setting_of_the_environment_that_cannot_be_is_a_finding(ask: Ask, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLFIRST_ZONE", "Europe/Berlim")

    assert any("TELLFIRST_ZONE" in each for each in said(ask, shop, "project"))


def test_a_choice_that_nobody_offers_is_worth_knowing(ask: Ask, shop: Path) -> None:
    (shop / "choices.yaml").open("a").write("shout: {en: I will shout, de: Ich rufe laut}\n")

    assert "choices.yaml  no rule offers `shout` — offer it, or take it out" in said(ask, shop, "project", well=None)


def test_what_waits_for_a_person_is_told(ask: Ask, shop: Path) -> None:
    with closing(open_store(shop / "data")) as store:
        store.set_used_by("run")
        with store.transaction() as tx:
            tx.save_rule(RuleState(rule="late-parcel", stage=Stage.SHADOW, live_since=None))
            tx.save_rule(RuleState(rule="payment-failing", stage=Stage.LIVE, live_since=1, breaker_open=True))
            tx.add_dead_letter(DeadLetter("http", 1, b"{", DeadReason.SYNTAX, "cut off", 1))

    worth_knowing = said(ask, shop, "store", well=None)

    assert any("in shadow, so nobody is told: late-parcel" in each for each in worth_knowing)
    assert any("1 dead letter" in each for each in worth_knowing)
    assert said(ask, shop, "store") == [
        "the breaker holds what payment-failing found — `tellfirst rules release payment-failing`, or withdraw"
    ]


def test_a_clock_behind_the_store_is_found(ask: Ask, shop: Path) -> None:
    with closing(open_store(shop / "data")):
        pass
    os.utime(shop / "data" / "store.db", (4e9, 4e9))

    assert said(ask, shop, "clock") == ["the store was written at a time that is still to come — set this machine's clock"]


def test_providers_are_knocked_at_only_when_that_is_asked_for(ask: Ask, shop: Path) -> None:
    postbox = Postbox()

    answers = asyncio.run(beside_a_server(ask, shop, postbox))

    quiet, asked = (channels_in(each) for each in answers)
    assert {"well": None, "fact": "email: has a provider"}.items() <= quiet[-1].items()
    assert {"well": True, "fact": "email: the provider is there"}.items() <= asked[-1].items()
    assert "email: 8 at once; left alone for 1m after 10 tries without an answer" in [each["fact"] for each in quiet]
    assert postbox.mails == []


def test_a_provider_that_nobody_is_is_a_finding(ask: Ask, shop: Path) -> None:
    write_provider(shop, 1)

    answer = ask("--project", str(shop), "doctor", "--connect", "--json")

    assert answer.exit_code == 1
    assert channels_in(answer)[-1]["well"] is False


def channels_in(answer: Any) -> list[dict[str, Any]]:
    return [each for each in json.loads(answer.stdout) if each["look"] == "channels"]


def write_provider(shop: Path, port: int) -> None:
    own = f"{{kind: smtp, host: localhost, port: {port}, tls: none, from: shop@example.com}}"
    (shop / "tellfirst.yaml").write_text(f"channels: {{email: {own}}}\n")


async def beside_a_server(ask: Ask, shop: Path, postbox: Postbox) -> list[Any]:
    """Ask the doctor without and with --connect while a mail server listens."""
    async with a_mail_server(postbox) as port:
        write_provider(shop, port)
        command = ("--project", str(shop), "doctor", "--json")
        return [await asyncio.to_thread(ask, *command), await asyncio.to_thread(ask, *command, "--connect")]
