"""Whom a live run reaches: providers where the settings name some, the local outbox beside them."""

from pathlib import Path

import pytest

from notifiers.channels import Outbox
from notifiers.channels.smtp import Smtp
from notifiers.channels.webhook import Webhook
from streams.project import load_project
from tellfirst.stopping import Exit, Stopped
from tellfirst.wiring import reach_of

SETTINGS = """\
channels:
  email: {kind: smtp, host: localhost, tls: none, from: hello@example.com}
  sms: {kind: webhook, url: https://sms.example/send, secret_file: sms.secret}
links: {base: https://tell.example.com, secret_file: links.secret}
"""


def a_project(folder: Path, text: str = SETTINGS, **secrets: str) -> Path:
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "tellfirst.yaml").write_text(text)
    for name, secret in secrets.items():
        (folder / f"{name}.secret").write_text(secret)
    return folder


def test_a_run_without_providers_reaches_nobody_but_the_outbox(tmp_path: Path) -> None:
    reach = reach_of(load_project(a_project(tmp_path, "")))

    assert isinstance(reach.stand_in, Outbox) and reach.channels == {} and reach.links is None


def test_a_run_reaches_customers_by_the_providers_that_the_settings_name(tmp_path: Path) -> None:
    reach = reach_of(load_project(a_project(tmp_path, sms="whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u", links="s" * 32)))

    assert {word: type(channel) for word, channel in reach.channels.items()} == {"email": Smtp, "sms": Webhook}
    assert isinstance(reach.stand_in, Outbox) and reach.links is not None


@pytest.mark.parametrize(
    ("secrets", "fact"),
    [
        ({"links": "x"}, "sms.secret cannot be read: No such file or directory — put the secret"),
        ({"sms": "", "links": "x"}, "sms.secret is empty"),
        ({"sms": "whsec_!", "links": "x"}, "whsec_"),
    ],
)
def test_a_secret_that_cannot_be_used_stops_the_run_with_its_place(tmp_path: Path, secrets: dict[str, str], fact: str) -> None:
    with pytest.raises(Stopped) as stopped:
        reach_of(load_project(a_project(tmp_path, **secrets)))

    assert stopped.value.code is Exit.CONFIGURATION
    assert fact in str(stopped.value) and "docs/channels.md" in str(stopped.value)
