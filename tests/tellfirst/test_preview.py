"""What a customer would read can be looked at, written down, and sent to oneself, before anybody is told."""

import asyncio
import json
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests.notifiers.channels.mail_server import Postbox, a_mail_server
from tests.tellfirst.conftest import Ask


def messages(ask: Ask, shop: Path, *words: str) -> list[dict[str, Any]]:
    answer = ask("--project", str(shop), "notify", "preview", *words, "--json")
    assert answer.exit_code == 0, answer.stderr
    found: list[dict[str, Any]] = json.loads(answer.stdout)["messages"]
    return found


def test_a_rule_shows_all_that_its_examples_come_to_on_every_channel(ask: Ask, shop: Path) -> None:
    found = messages(ask, shop, "late-parcel")

    assert list(dict.fromkeys(each["says"] for each in found)) == ["may be late", "cleared", "is late", "solved"]
    assert [each["channel"] for each in found[:4]] == ["email", "sms", "push", "webhook"]
    assert [each["of_this_rule"] for each in found[:4]] == [True, True, False, False]
    assert found[0]["title"] == "Your parcel P1 may arrive after Saturday 7 March."
    assert "We are sorry." in next(each["text"] for each in found if each["says"] == "is late")
    assert not (shop / "data").exists()


def test_it_speaks_the_language_that_is_asked_for(ask: Ask, shop: Path) -> None:
    (first, *_) = messages(ask, shop, "late-parcel", "--language", "de", "--channel", "sms")

    assert first["language"] == "de"
    assert first["text"].startswith("Ihr Paket P1 kommt vielleicht erst nach Samstag, 7. März an.")


def test_a_case_of_the_store_is_told_to_its_own_customer(ask: Ask, shop: Path) -> None:
    ask("--project", str(shop), "events", "replay", str(shop / "samples" / "week.jsonl"))

    (parcel,) = messages(ask, shop, "parcel/P1", "--channel", "email")
    (payment,) = messages(ask, shop, "order/O2", "--channel", "email")

    assert (parcel["says"], parcel["language"]) == ("cleared", "en")
    assert (payment["says"], payment["language"]) == ("solved", "de")


def test_an_sms_says_how_many_segments_it_takes(ask: Ask, shop: Path) -> None:
    shown = ask("--project", str(shop), "notify", "preview", "order-not-confirmed", "--channel", "sms").stdout

    assert "── may be stuck · sms · en  (the rule does not use this channel)" in shown
    assert "(1 segment, 131 signs of GSM-7)" in shown


def test_files_of_every_channel_are_written(ask: Ask, shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    messages(ask, shop, "payment-failing", "--out", str(out))

    stem = "payment-failing.may-stay-unpaid.en"
    endings = ("eml", "html", "txt", "sms.txt", "push.txt", "webhook.json")
    assert {f"{stem}.{ending}" for ending in endings} <= {each.name for each in out.iterdir()}
    mail = message_from_bytes((out / f"{stem}.eml").read_bytes(), policy=policy.default)
    assert mail["Subject"] == "A payment of €49.90 for your order O1 did not go through."
    assert mail.get_content_type() == "multipart/alternative"
    assert '<html lang="en"' in (out / f"{stem}.html").read_text()
    assert json.loads((out / f"{stem}.webhook.json").read_text())["data"]["notices"][0]["rule"] == "payment-failing"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["late-parcle"], 2, "late-parcle  there is no such rule — did you mean `late-parcel`?"),
        (["late-parcel", "--channel", "mail"], 2, "--channel  `mail` is not a channel — did you mean `email`?"),
        (["parcel/P9"], 3, "or name a rule, for its own examples"),
    ],
)
def test_what_cannot_be_shown_says_why(ask: Ask, shop: Path, words: list[str], code: int, said: str) -> None:
    answer = ask("--project", str(shop), "notify", "preview", *words)

    assert (answer.exit_code, answer.stdout) == (code, "")
    assert said in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_rule_whose_tests_come_to_nothing_asks_for_one(ask: Ask, shop: Path) -> None:
    rule = shop / "rules" / "late-parcel.yaml"
    rule.write_text(rule.read_text().partition("tests:")[0])

    answer = ask("--project", str(shop), "notify", "preview", "late-parcel")

    assert answer.exit_code == 1
    assert "add a test in which something goes wrong" in answer.stderr


def test_a_test_is_sent_by_the_real_provider_and_marked_as_one(ask: Ask, shop: Path) -> None:
    postbox = Postbox()

    answer = sent(ask, shop, postbox, "--language", "de")

    assert answer.exit_code == 0, answer.stderr
    assert "accepted by email: “[Test] Ihr Paket P1" in answer.stdout
    mail = message_from_bytes(postbox.mails[0], policy=policy.default)
    assert mail["To"] == "me@example.com"
    assert mail["Subject"].startswith("[Test] Ihr Paket P1 kommt vielleicht erst nach Samstag")
    for part in ("plain", "html"):
        body = mail.get_body((part,))
        assert body is not None and "Dies ist eine Probe unserer Nachrichten." in body.get_content()


def test_every_test_is_a_mail_of_its_own(ask: Ask, shop: Path) -> None:
    postbox = Postbox()

    sent(ask, shop, postbox)
    sent(ask, shop, postbox)

    assert len({message_from_bytes(each)["Message-ID"] for each in postbox.mails}) == 2


def test_a_test_that_is_refused_says_so(ask: Ask, shop: Path) -> None:
    answer = sent(ask, shop, Postbox(RCPT="550 5.1.1 nobody here"))

    assert answer.exit_code == 4
    assert answer.stdout.startswith("refused by email")


def test_without_a_provider_nothing_is_sent(ask: Ask, shop: Path) -> None:
    answer = ask("--project", str(shop), "notify", "send-test", "--to", "me@example.com", "late-parcel")

    assert (answer.exit_code, answer.stdout) == (6, "")
    assert "has no provider, so nothing can be sent" in answer.stderr


def sent(ask: Ask, shop: Path, postbox: Postbox, *words: str) -> Any:
    """Send a test to a mail server on loopback, and return the command's answer."""
    command = ("--project", str(shop), "notify", "send-test", "--to", "me@example.com", "late-parcel", *words)

    async def beside_a_server() -> Any:
        async with a_mail_server(postbox) as port:
            own = {"kind": "smtp", "host": "localhost", "port": port, "tls": "none", "from": "shop@example.com"}
            (shop / "tellfirst.yaml").write_text(json.dumps({"channels": {"email": {key: str(own[key]) for key in own}}}))
            return await asyncio.to_thread(ask, *command)

    return asyncio.run(beside_a_server())
