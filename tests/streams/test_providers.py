"""Which provider stands behind a channel's word, as tellfirst.yaml and the environment say it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from contracts.times import MINUTE, SECOND
from notifiers.channels.providers import MAIL_CARE, Care, Provider, Rate, SmtpProvider, WebhookProvider
from notifiers.composing.mail import Mailbox
from rules.errors import Faulty
from streams.project import load_project
from streams.settings import ProjectSettings

MAIL = "kind: smtp, host: mail.example.com, from: hello@example.com"
IN_A_FILE = "a password does not belong into this file — write `password_file`, or set TELLFIRST_CHANNELS__EMAIL__PASSWORD"
NO_SECRET = "there is no secret to sign with — write `secret_file`, or set TELLFIRST_CHANNELS__SMS__SECRET"


def settings(tmp_path: Path, text: str, environment: Mapping[str, Any] | None = None) -> ProjectSettings:
    (tmp_path / "rules").mkdir(exist_ok=True)
    (tmp_path / "tellfirst.yaml").write_text(text)
    return load_project(tmp_path, environment or {}).settings


def faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(Faulty) as faulty:
        settings(tmp_path, text)
    return [str(fault) for fault in faulty.value.faults]


def of_mail(tmp_path: Path, more: str = "") -> SmtpProvider:
    provider: Provider = settings(tmp_path, f"sender: {{name: Blue Shop}}\nchannels: {{email: {{{MAIL}{more}}}}}").channels[
        "email"
    ]
    assert isinstance(provider, SmtpProvider)
    return provider


def test_mail_goes_by_a_server_with_tls_unless_said_otherwise(tmp_path: Path) -> None:
    usual = of_mail(tmp_path)

    assert (usual.host, usual.port, usual.tls, usual.user) == ("mail.example.com", 587, "starttls", None)
    assert usual.sender.mailbox == Mailbox("hello@example.com", "Blue Shop")
    assert of_mail(tmp_path, ", port: 465").tls == "implicit"
    assert (of_mail(tmp_path, ", tls: implicit").port, of_mail(tmp_path, ", tls: implicit, port: 2525").port) == (465, 2525)


def test_how_long_we_wait_and_where_answers_go_are_settings(tmp_path: Path) -> None:
    mail = of_mail(tmp_path, ", reply_to: Help <help@example.com>, wait_at_most: {connect: 5s, total: 20s}, ca_file: ours.pem")

    assert (mail.patience.connect, mail.patience.answer, mail.patience.total) == (5 * SECOND, 30 * SECOND, 20 * SECOND)
    assert (mail.sender.reply_to, mail.trusted) == (Mailbox("help@example.com", "Help"), Path("ours.pem"))


def test_how_much_a_provider_is_given_and_when_it_is_left_alone_are_settings(tmp_path: Path) -> None:
    usual, set_so = of_mail(tmp_path).care, of_mail(tmp_path, ", at_once: 3, rate: 600 / m, breaker: {after: 4, rest: 30s}").care

    assert usual == MAIL_CARE and (usual.at_once, usual.rate) == (8, None)
    assert set_so == Care(at_once=3, rate=Rate(600, MINUTE), rest_after=4, rest=30 * SECOND)


def test_secrets_stand_in_files_of_the_project_or_in_the_environment(tmp_path: Path) -> None:
    (tmp_path / "mail.secret").write_text("from the file\n")
    text = f"channels:\n  email: {{{MAIL}, user: me, password_file: mail.secret}}\n  sms: {{kind: webhook, url: https://sms.example/send}}"

    found = settings(tmp_path, text, {"channels": {"sms": {"secret": "whsec_fromtheenvironment"}}}).channels

    mail, sms = found["email"], found["sms"]
    assert isinstance(mail, SmtpProvider) and mail.password is not None and mail.password.reveal(tmp_path) == "from the file"
    assert isinstance(sms, WebhookProvider) and sms.secret.reveal(tmp_path) == "whsec_fromtheenvironment"
    assert "environment" not in repr(found) and "the file" not in repr(found)


def test_the_environment_names_one_part_and_the_others_stay(tmp_path: Path) -> None:
    found = settings(tmp_path, f"channels: {{email: {{{MAIL}}}}}", {"channels": {"email": {"port": "2525"}}}).channels["email"]

    assert isinstance(found, SmtpProvider) and (found.host, found.port) == ("mail.example.com", 2525)


def test_a_word_may_be_said_to_have_no_provider(tmp_path: Path) -> None:
    assert settings(tmp_path, "channels: {email: {kind: outbox}}").channels == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("fax: {kind: smtp}", "`fax` is not a channel — write one of email, sms, push, webhook"),
        ("email: {}", "`kind` is missing — write one of outbox, smtp, webhook"),
        ("sms: {kind: smtp}", "`sms` does not go by mail — write `webhook` or `outbox`"),
        ("email: {kind: smtp, from: a@example.com}", "`host` is missing"),
        ("email: {kind: smtp, host: mail.example.com}", "`from` is missing"),
        (f"email: {{{MAIL}, prot: 25}}", "unknown key `prot` — did you mean `port`?"),
        (f"email: {{{MAIL}, port: 99999}}", "'99999' is not a port"),
        (f"email: {{{MAIL}, reply_to: nobody}}", "'nobody' is no mail address"),
        (f"email: {{{MAIL}, user: me}}", "`user` and its password belong together"),
        (f"email: {{{MAIL}, user: me, password: x}}", IN_A_FILE),
        (f"email: {{{MAIL}, tls: none}}", "mail would travel in the open"),
        (f"email: {{{MAIL}, wait_at_most: {{total: 1h}}}}", "`total` is too long — write at most 2m"),
        (f"email: {{{MAIL}, rate: fast}}", "'fast' is not a rate — write such as 10/s, 600/m, 5000/h or 20000/d"),
        (f"email: {{{MAIL}, rate: 0/s}}", "'0/s' is not a rate"),
        (f"email: {{{MAIL}, at_once: 1000}}", "'1000' is not a count — write a whole number from 1 to 256"),
        (f"email: {{{MAIL}, breaker: {{after: 0}}}}", "'0' is not a count — write a whole number from 1 to 1000"),
        (f"email: {{{MAIL}, breaker: {{rest: 1d}}}}", "`rest` is 1d — write a length from 1s to 1h"),
        (f"email: {{{MAIL}, breaker: {{aftr: 3}}}}", "unknown key `aftr` — did you mean `after`?"),
        (f"email: {{{MAIL}, breaker: 3}}", "`breaker` is"),
        ("sms: {kind: webhook, url: https://a.example}", NO_SECRET),
        ("sms: {kind: webhook, secret_file: x, url: http://a.example}", "`url` is no address that we call"),
        ("sms: {kind: webhook, secret_file: x, url: https://me:word@a.example}", "`url` is no address that we call"),
        ("sms: {kind: webhook, secret_file: x, url: 'https://'}", "`url` is no address that we call"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_provider_is_told_with_its_place(tmp_path: Path, text: str, fault: str) -> None:
    found = faults(tmp_path, f"channels: {{{text}}}")

    assert any(fault in each for each in found), found
    assert all(each.startswith("tellfirst.yaml:1:") for each in found)


@pytest.mark.parametrize(
    "where", ["host: localhost", "host: 127.0.0.1", "host: '::1'", "host: mail.example.com, allow_unencrypted: true"]
)
def test_mail_may_go_unencrypted_within_this_machine_or_where_somebody_said_so(tmp_path: Path, where: str) -> None:
    found = settings(tmp_path, f"channels: {{email: {{kind: smtp, from: a@example.com, tls: none, {where}}}}}").channels["email"]

    assert isinstance(found, SmtpProvider) and found.tls == "none"


def test_pages_of_ours_have_a_base_and_a_secret(tmp_path: Path) -> None:
    assert settings(tmp_path, "language: en").pages is None
    pages = settings(tmp_path, "links: {base: https://tell.example.com}", {"links": {"secret": "s" * 32}}).pages

    assert pages is not None and pages.base == "https://tell.example.com" and pages.secret.reveal(tmp_path) == "s" * 32
    assert [fault.partition("  ")[2] for fault in faults(tmp_path, "links: {base: http://tell.example.com}")] == [
        "there is no secret to sign links with — write `secret_file`, or set TELLFIRST_LINKS__SECRET",
        "`base` is no address that we call — write https://, a name and a path, without a login",
    ]
