"""What tellfirst.yaml and the environment say of Kafka: brokers, topics, security."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from contracts.times import DAY
from rules.errors import Faulty
from streams.kafka.settings import Input, KafkaSettings
from streams.project import load_project


def settings(folder: Path, text: str, environment: Mapping[str, Any] | None = None) -> KafkaSettings:
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "tellfirst.yaml").write_text(text)
    found = load_project(folder, environment or {}).settings.kafka
    assert found is not None
    return found


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(Faulty) as faulty:
        settings(folder, text)
    return [str(fault) for fault in faulty.value.faults]


def test_a_broker_is_enough(tmp_path: Path) -> None:
    usual = settings(tmp_path, "kafka: {brokers: kafka.example.com}")

    assert usual.brokers == ("kafka.example.com:9092",)
    assert (usual.group, usual.retention) == ("tellfirst", 7 * DAY)
    assert (usual.partitions, usual.replicas, usual.in_sync) == (None, None, None)
    assert [each.topic for each in usual.inputs] == ["orders", "deliveries", "usage", "customers", "complaints"]
    assert (usual.tls, usual.login) == (None, None)


def test_every_shipped_event_type_has_exactly_one_usual_topic(tmp_path: Path) -> None:
    usual = settings(tmp_path, "kafka: {brokers: kafka.example.com}")

    carrying = {name: usual.carrying(name) for name in load_project(tmp_path).catalogue.types}

    assert [name for name, inputs in carrying.items() if len(inputs) != 1] == []


def test_topics_of_ones_own_take_the_place_of_the_usual_ones(tmp_path: Path) -> None:
    topics = "{shop.sales: {carries: [order, payment.failed]}, meters: {carries: [meter], mapping: m}}"

    own = settings(tmp_path, f"kafka: {{brokers: [a:1, '[::1]:9093'], topics: {topics}}}")

    assert own.brokers == ("a:1", "[::1]:9093")
    assert own.inputs == (Input("shop.sales", ("order", "payment.failed")), Input("meters", ("meter",), "m"))
    assert [each.topic for each in own.carrying("order.placed")] == ["shop.sales"]
    assert own.carrying("payment.succeeded") == ()


def test_the_environment_comes_first(tmp_path: Path) -> None:
    there = {"kafka": {"brokers": "b:2", "sasl": {"password": "from outside"}}}
    text = "kafka: {brokers: a:1, group: blue, sasl: {mechanism: scram-sha-512, user: me}}"

    found = settings(tmp_path, text, there)

    assert (found.brokers, found.group) == (("b:2",), "blue")
    assert found.login is not None
    assert found.login.password.reveal(tmp_path) == "from outside"


def test_a_secret_stands_in_a_file_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "kafka.secret").write_text("hidden\n")
    login = "{mechanism: plain, user: me, password_file: kafka.secret}"

    found = settings(tmp_path, f"kafka: {{brokers: a:1, tls: {{ca_file: ca.pem}}, sasl: {login}}}")

    assert found.login is not None
    assert (found.login.mechanism, found.login.user, found.login.password.reveal(tmp_path)) == ("plain", "me", "hidden")
    assert found.tls is not None and found.tls.trusted == Path("ca.pem")
    assert "hidden" not in repr(found)


IN_A_FILE = "a password does not belong into this file — write `password_file`, or set TELLFIRST_KAFKA__SASL__PASSWORD"
NO_PASSWORD = "there is no password — write `password_file`, or set TELLFIRST_KAFKA__SASL__PASSWORD"
IN_THE_OPEN = "the password would travel in the open — write `tls`, or one of scram, or add `allow_unencrypted: true`"
OURS = "`tellfirst.told` cannot be an input — write letters, digits, dots, lines; names with `tellfirst.` are ours"
CARRIES = "`carries` is missing — write the event types that it carries, or their nouns, such as [order, payment]"
CERTIFICATE = "a certificate and its key belong together — write `cert_file` and `key_file`, or neither"
MECHANISM = "'md5' is not a word for `mechanism` — write `plain`, `scram-sha-256` or `scram-sha-512`"
TOO_FEW = "`in_sync` is more than the 2 replicas: nothing could be written — write fewer"
NO_NAME = "'my group' is no name that Kafka takes — write letters, digits, dots and lines"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "`brokers` is missing — write where they are, such as kafka-1.example.com:9092"),
        ("brokers: 'http://a'", "'http://a' is no broker — write HOST:PORT, such as kafka-1.example.com:9092"),
        ("brokers: 'a:99999'", "'a:99999' is no broker — write HOST:PORT, such as kafka-1.example.com:9092"),
        ("brokers: a, partitions: 0", "'0' is not a count — write a whole number from 1 to 1000"),
        ("brokers: a, retention: 60d", "`retention` is too short or too long — write a length from 1h to 30d"),
        ("brokers: a, replicas: 2, in_sync: 3", TOO_FEW),
        ("brokers: a, group: 'my group'", NO_NAME),
        ("brokers: a, topics: {x: {}}", CARRIES),
        ("brokers: a, topics: {x: {carries: Order}}", "'Order' is no event type — write such as order, or order.placed"),
        ("brokers: a, topics: {tellfirst.told: {carries: a}}", OURS),
        ("brokers: a, tls: {cert_file: c.pem}", CERTIFICATE),
        ("brokers: a, sasl: {mechanism: md5, user: me, password_file: p}", MECHANISM),
        ("brokers: a, tls: {}, sasl: {mechanism: plain, user: me}", NO_PASSWORD),
        ("brokers: a, sasl: {mechanism: plain, user: me, password_file: p}", IN_THE_OPEN),
        ("brokers: a, sasl: {mechanism: scram-sha-256, user: me, password: p}", IN_A_FILE),
        ("brokers: a, compression: zstd", "unknown key `compression`"),
    ],
)
def test_what_is_wrong_is_told_with_its_remedy(tmp_path: Path, text: str, fault: str) -> None:
    (found,) = faults(tmp_path, f"kafka: {{{text}}}")

    assert found.startswith("tellfirst.yaml:1:")
    assert fault in found


def test_what_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    found = faults(tmp_path, "kafka:\n  brokers: [a, 'b c']\n  partitions: many\n")

    assert [each.partition("  ")[0] for each in found] == ["tellfirst.yaml:2:17", "tellfirst.yaml:3:15"]


@pytest.mark.parametrize("broker", ["localhost", "127.0.0.1:9095", "'[::1]:9095'"])
def test_on_this_machine_a_password_may_travel_in_the_open(tmp_path: Path, broker: str) -> None:
    text = f"kafka: {{brokers: {broker}, sasl: {{mechanism: plain, user: me, password_file: p}}}}"

    assert settings(tmp_path, text).login is not None
