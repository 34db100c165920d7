"""`kafka init` and `kafka status` against a real broker: what they make, refuse and say."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner, Result

from rules.loader import library
from storage.records import SourcePosition
from storage.sqlite import open_store
from tellfirst.cli import app
from tests.slow.real_kafka import Broker

OURS = [f"tellfirst.{name}" for name in ("routed", "problems", "notices", "receipts", "dead-letters", "told")]
INPUTS = ["orders", "deliveries", "usage", "customers", "complaints"]

Kafka = Callable[..., Result]


@pytest.fixture
def shop(tmp_path: Path, broker: Broker) -> Path:
    folder = tmp_path / "shop"
    copytree(library(), folder / "rules")
    (folder / "tellfirst.yaml").write_text(f"kafka: {{brokers: {broker.address}, partitions: 4}}")
    return folder


@pytest.fixture
def kafka(shop: Path) -> Kafka:
    def ask(*words: str) -> Result:
        return CliRunner().invoke(app, ["--project", str(shop), "kafka", *words], catch_exceptions=False)

    return ask


def settings(shop: Path, text: str) -> None:
    (shop / "tellfirst.yaml").write_text(f"kafka: {{{text}}}")


def test_init_makes_what_is_missing_and_doing_it_again_changes_nothing(kafka: Kafka) -> None:
    first, second = json.loads(kafka("init", "--json").stdout), json.loads(kafka("init", "--json").stdout)

    assert first["made"] == [*INPUTS, *OURS]
    assert (second["made"], second["put_right"], second["findings"]) == ([], {}, [])
    assert {topic["partitions"] for topic in second["topics"]} == {4}
    assert [topic["topic"] for topic in second["topics"] if topic["settings"]["cleanup.policy"] == "compact"] == [
        "tellfirst.told"
    ]


def test_topics_that_are_there_are_taken_as_they_are(kafka: Kafka, shop: Path, broker: Broker) -> None:
    broker.make("orders", partitions=3, retention_ms="172800000")
    settings(shop, f"brokers: {broker.address}")

    made = json.loads(kafka("init", "--json").stdout)

    topics = {topic["topic"]: topic for topic in made["topics"]}
    assert topics["orders"]["settings"]["retention.ms"] == "172800000"
    assert {topic["partitions"] for topic in topics.values()} == {3}


def test_unequal_partitions_are_refused_before_anything_is_made(kafka: Kafka, broker: Broker) -> None:
    broker.make("usage", partitions=5)

    answer = kafka("init")

    assert (answer.exit_code, answer.stdout) == (6, "")
    assert answer.stderr.startswith("usage  it has 5 partitions, where there are 4 slots — write `partitions: 5`")
    with broker.admin() as client:
        assert "orders" not in client.list_topics()


def test_partitions_that_were_added_later_are_refused(kafka: Kafka, shop: Path, broker: Broker) -> None:
    settings(shop, f"brokers: {broker.address}, partitions: 2")
    assert kafka("init").exit_code == 0
    settings(shop, f"brokers: {broker.address}")

    with broker.admin() as client:
        client.create_partitions({"orders": 3})
    answer = kafka("init")

    assert answer.exit_code == 6
    assert "orders  it has 3 partitions, where there are 2 slots: cases would be looked for where they are not" in answer.stderr


def test_a_setting_of_ours_that_somebody_changed_is_put_right(kafka: Kafka, broker: Broker) -> None:
    broker.make("tellfirst.told", partitions=4, cleanup_policy="delete")

    made = json.loads(kafka("init", "--json").stdout)

    assert made["put_right"]["tellfirst.told"]["cleanup.policy"] == "compact"
    (told,) = [topic for topic in made["topics"] if topic["topic"] == "tellfirst.told"]
    assert told["settings"]["cleanup.policy"] == "compact"


def test_what_the_brokers_refuse_is_said_in_their_words(kafka: Kafka, shop: Path, broker: Broker) -> None:
    settings(shop, f"brokers: {broker.address}, replicas: 3")

    answer = kafka("init")

    assert (answer.exit_code, answer.stderr.count("\n")) == (4, 1)
    assert "the brokers refuse: " in answer.stderr
    assert "replication factor" in answer.stderr


def test_status_tells_the_lag_of_each_slot_as_the_group_committed_it(kafka: Kafka, broker: Broker) -> None:
    kafka("init")
    broker.write("orders", b"{}", b"{}", b"{}", partition=2)
    broker.commit("orders", partition=2, offset=1)

    status = json.loads(kafka("status", "--json").stdout)

    (orders,) = [topic for topic in status["topics"] if topic["topic"] == "orders"]
    assert orders["lag"] == 2
    assert orders["slots"][2] == {"slot": 2, "begin": 0, "end": 3, "read": 1, "lag": 2}
    assert status["cluster"]["brokers"] == 1


def test_status_is_a_page_for_people_too(kafka: Kafka, broker: Broker) -> None:
    kafka("init")
    broker.write("deliveries", b"{}")

    lines = [line.split() for line in kafka("status", "--slots").stdout.splitlines()]

    assert " ".join(lines[0][2:]) == "1 broker; how far it was read, by the group's committed offsets"
    assert ["deliveries", "4", "1", "1", "1w", "1", "-", "not", "known", "yet,", "0", "of", "28", "days"] in lines
    assert ["tellfirst.told", "4", "1", "1", "the", "newest", "-", "-", "-"] in lines
    assert [line[0] for line in lines[-4:]] == ["0", "1", "2", "3"]


def test_where_a_store_knows_how_far_the_slots_were_read_it_is_believed(kafka: Kafka, shop: Path, broker: Broker) -> None:
    kafka("init")
    broker.write("orders", b"{}", b"{}", b"{}")
    broker.commit("orders", partition=0, offset=1)
    with closing(open_store(shop / "data")) as store, store.transaction() as tx:
        tx.move_position(SourcePosition("orders", 0, 2, {}), expected=0)

    status = json.loads(kafka("status", "--json").stdout)

    assert status["read_by"] == "the store"
    assert status["topics"][0]["slots"][0] == {"slot": 0, "begin": 0, "end": 3, "read": 2, "lag": 1}


def test_a_topic_that_is_missing_ends_status_with_one_line(kafka: Kafka, broker: Broker) -> None:
    kafka("init")
    with broker.admin() as client:
        client.delete_topics(["usage"])

    answer = kafka("status")

    assert answer.exit_code == 4
    assert answer.stderr == f"kafka {broker.address}  missing: `usage` — `tellfirst kafka init` makes what is missing\n"


def test_a_position_beyond_the_end_of_a_topic_is_found(kafka: Kafka, broker: Broker) -> None:
    kafka("init")
    broker.write("orders", b"{}", b"{}")
    broker.commit("orders", partition=0, offset=9)

    answer = kafka("status")

    assert answer.exit_code == 1
    assert "orders, slot 0  we have read to 9, and it ends at 2: it was made anew, or cut back" in answer.stdout


def test_the_doctor_finds_the_topics_as_they_must_be(kafka: Kafka, shop: Path) -> None:
    kafka("init")

    answer = CliRunner().invoke(app, ["--project", str(shop), "doctor", "--connect"], catch_exceptions=False)

    assert "11 topics, 4 slots, 1 broker" in answer.stdout


SECURE: list[tuple[int, str]] = [
    (2, "tls: {ca_file: ca.pem, cert_file: client.pem, key_file: client.key}"),
    *((3, f"sasl: {{mechanism: {word}, user: tellfirst, password_file: password}}") for word in ("plain", "scram-sha-256")),
    *(
        (4, f"tls: {{ca_file: ca.pem}}, sasl: {{mechanism: {word}, user: tellfirst, password_file: password}}")
        for word in ("plain", "scram-sha-256", "scram-sha-512")
    ),
]
REFUSED: list[tuple[int, str, str]] = [
    (0, "tls: {ca_file: ca.pem}", "the brokers cannot be reached"),
    (2, "tls: {ca_file: ca.pem}", "see `tls`"),
    (2, "tls: {}", "see `tls`"),
    (4, "tls: {ca_file: ca.pem}, sasl: {mechanism: plain, user: tellfirst, password_file: wrong}", "do not let us log in"),
    (3, "sasl: {mechanism: scram-sha-512, user: somebody, password_file: password}", "do not let us log in"),
    (2, "tls: {ca_file: nowhere.pem}", "nowhere.pem cannot be read: No such file"),
    (2, "tls: {ca_file: wrong}", "`kafka` cannot be used"),
    (3, "sasl: {mechanism: plain, user: tellfirst, password_file: empty}", "`kafka` cannot be used: empty is empty"),
]


def secure(shop: Path, broker: Broker, listener: int, text: str) -> None:
    for name in ("ca.pem", "client.pem", "client.key", "password"):
        (shop / name).write_bytes((broker.folder / name).read_bytes())
    (shop / "wrong").write_text("not this one")
    (shop / "empty").write_text("\n")
    settings(shop, f"brokers: '127.0.0.1:{broker.port + listener}', {text}")


@pytest.mark.parametrize(("listener", "text"), SECURE)
def test_brokers_are_reached_by_tls_and_by_login(kafka: Kafka, shop: Path, broker: Broker, listener: int, text: str) -> None:
    secure(shop, broker, listener, text)

    assert kafka("init").exit_code == 0


@pytest.mark.parametrize(("listener", "text", "said"), REFUSED)
def test_who_is_not_known_is_told_so_in_one_line(
    kafka: Kafka, shop: Path, broker: Broker, listener: int, text: str, said: str
) -> None:
    secure(shop, broker, listener, text)

    answer = kafka("status")

    assert (answer.exit_code, answer.stderr.count("\n")) == (3 if "file" in said or "used" in said else 4, 1)
    assert said in answer.stderr
    assert "not this one" not in answer.stderr
