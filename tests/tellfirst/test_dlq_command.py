"""`dlq`: dead letters are taken in again or thrown away, also while a run has the store."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.times import instant_text
from tellfirst import clock
from tests.tellfirst.conftest import Ask
from tests.tellfirst.house import House

WRONG = 'money(raw.sum, "EURO")'
RIGHT = 'money(raw.sum, "EUR")'


@pytest.fixture
def shop(shop: Path) -> Path:
    """A project whose mapping fails on every record with a sum."""
    mapping = shop / "mappings" / "shop.yaml"
    mapping.write_text(mapping.read_text().replace(RIGHT, WRONG))
    return shop


@pytest.fixture
def project(shop: Path) -> Path:
    return shop


def mend(shop: Path) -> None:
    mapping = shop / "mappings" / "shop.yaml"
    mapping.write_text(mapping.read_text().replace(WRONG, RIGHT))


def answer_of(ask: Ask, shop: Path, *words: str) -> Any:
    return json.loads(ask("--project", str(shop), *words, "--json").stdout)


def replay(ask: Ask, shop: Path) -> None:
    assert ask("--project", str(shop), "events", "replay", str(shop / "samples" / "shop.jsonl")).exit_code == 0


def test_what_a_mended_mapping_can_read_is_taken_in_and_told(ask: Ask, shop: Path) -> None:
    replay(ask, shop)
    assert len(answer_of(ask, shop, "dlq", "list")) == 3
    mend(shop)

    answer = ask("--project", str(shop), "dlq", "redrive", "--reason", "mapping")

    assert (answer.exit_code, answer.stdout) == (0, "3 dead letters taken in, 0 stay\n")
    assert answer_of(ask, shop, "dlq", "list") == []
    assert answer_of(ask, shop, "stats")["dead_letters_gone"] == {"redriven": {"mapping": 3}}


def test_customers_are_told_what_is_still_true_after_all_letters(ask: Ask, shop: Path) -> None:
    samples = shop / "samples" / "shop.jsonl"
    samples.write_text("\n".join(samples.read_text().splitlines()[:2]))
    replay(ask, shop)
    mend(shop)

    assert answer_of(ask, shop, "dlq", "redrive")["taken_in"] == 2

    (told,) = [line for line in answer_of(ask, shop, "export", "notices") if line["answer"] == "told"]
    assert told["rule"] == "payment-failing"


def test_what_still_cannot_be_read_stays_and_is_a_finding(ask: Ask, shop: Path) -> None:
    replay(ask, shop)

    answer = ask("--project", str(shop), "dlq", "redrive", "--source", "shop.jsonl")

    assert answer.exit_code == 1
    assert answer.stdout.startswith("0 dead letters taken in, 3 stay\n")
    assert len(answer_of(ask, shop, "dlq", "list")) == 3


def test_it_can_be_done_again(ask: Ask, shop: Path) -> None:
    replay(ask, shop)
    mend(shop)

    assert answer_of(ask, shop, "dlq", "redrive")["taken_in"] == 3
    assert answer_of(ask, shop, "dlq", "redrive") == {"tried": 0, "taken_in": 0, "sent_back": 0, "stayed": []}


def test_one_by_its_name_and_no_other(ask: Ask, shop: Path) -> None:
    replay(ask, shop)
    mend(shop)
    first, *rest = [each["letter"] for each in answer_of(ask, shop, "dlq", "list")]

    assert answer_of(ask, shop, "dlq", "redrive", first)["taken_in"] == 1
    assert [each["letter"] for each in answer_of(ask, shop, "dlq", "list")] == rest

    gone = ask("--project", str(shop), "dlq", "redrive", first)
    assert (gone.exit_code, gone.stderr) == (2, f"{first}  there is no such dead letter — see `tellfirst dlq list`\n")


def test_a_letter_that_two_mappings_could_read_wants_one_named(ask: Ask, shop: Path) -> None:
    replay(ask, shop)
    mend(shop)
    (shop / "mappings" / "other.yaml").write_text((shop / "mappings" / "shop.yaml").read_text())

    refused = ask("--project", str(shop), "dlq", "redrive")

    assert refused.exit_code == 2
    assert "say --mapping with one of other, shop" in refused.stderr
    assert answer_of(ask, shop, "dlq", "redrive", "--mapping", "shop")["taken_in"] == 3


def test_while_a_run_has_the_store_it_takes_them_in(ask: Ask, house: House) -> None:
    shop = house.project
    before = (shop / "mappings" / "shop.yaml").read_text()
    house.start()
    event = {"specversion": "1.0", "id": "e1", "source": "till", "type": "payment.failed", "time": instant_text(clock.now())}
    data = {"order_id": "O1", "customer_id": "C1", "amount": 20.0}
    late = json.dumps({**event, "data": data, "time": instant_text(clock.now() + 360_000_000)}).encode()
    broken = json.dumps({**event, "id": "e2", "type": "payment.faild", "data": data}).encode()
    answer = httpx.post(
        f"{house.address}/events", content=late + b"\n" + broken, headers={"content-type": "application/x-ndjson"}
    )
    assert answer.json()["dead_letters"] == 2

    assert answer_of(ask, shop, "dlq", "redrive", "--reason", "unknown_type")["stayed"][0]["reason"] == "unknown_type"
    assert answer_of(ask, shop, "dlq", "discard", "--reason", "unknown_type", "--yes")["discarded"] == 1

    assert [each["reason"] for each in answer_of(ask, shop, "dlq", "list")] == ["wild_time"]
    assert house.stop() == 0
    assert (shop / "mappings" / "shop.yaml").read_text() == before


def test_a_run_applies_what_it_takes_in(ask: Ask, house: House) -> None:
    shop = house.project
    mend(shop)
    good = (shop / "samples" / "shop.jsonl").read_bytes().splitlines()[1]
    replay_wrong = good.replace(b'"sum": "49.90"', b'"sum": "49,90"')
    house.start()
    sent = httpx.post(f"{house.address}/events/shop", content=replay_wrong, headers={"content-type": "application/json"})
    assert sent.json()["dead_letters"] == 1
    house.stop()
    mapping = shop / "mappings" / "shop.yaml"
    mapping.write_text(mapping.read_text().replace("raw.sum", 'split(raw.sum, ",", 0)'))
    house.start()

    assert answer_of(ask, shop, "dlq", "redrive")["taken_in"] == 1

    assert [line["case"] for line in answer_of(ask, shop, "export", "problems")] == ["order/1001"]
    assert answer_of(ask, shop, "stats")["records"]["http"] == {"applied": 1, "dead": 0}


def test_discarding_asks_first(ask: Ask, shop: Path) -> None:
    replay(ask, shop)

    refused = ask("--project", str(shop), "dlq", "discard", input="n\n")
    assert refused.exit_code == 6
    assert "Throw 3 dead letters away for good?" in refused.stderr
    assert len(answer_of(ask, shop, "dlq", "list")) == 3

    assert ask("--project", str(shop), "dlq", "discard", input="y\n").stdout.endswith("3 dead letters discarded\n")
    assert answer_of(ask, shop, "dlq", "list") == []
    assert answer_of(ask, shop, "stats")["dead_letters_gone"] == {"discarded": {"mapping": 3}}


def test_nobody_is_asked_where_nobody_can_answer(ask: Ask, shop: Path) -> None:
    replay(ask, shop)

    assert ask("--project", str(shop), "dlq", "discard", input="").exit_code == 6
    assert ask("--project", str(shop), "dlq", "discard", "--json").exit_code == 6


def test_where_events_come_by_kafka_a_letter_that_came_by_no_topic_is_refused_and_stays(ask: Ask, house: House) -> None:
    """Nobody knows its slot; while a process of all roles had the store the command ended as if it had been taken in."""
    shop = house.project
    house.start()
    httpx.post(f"{house.address}/events", json={"specversion": "1.0", "id": "e1", "source": "till", "type": "payment.faild"})
    house.stop()
    with (shop / "tellfirst.yaml").open("a") as settings:
        settings.write('\nkafka: {brokers: "127.0.0.1:9"}\n')

    refused = ask("--project", str(shop), "dlq", "redrive")

    assert refused.exit_code == 6
    assert refused.stderr == (
        "http:0  it came by no topic, and here events come by topics — send what `dlq show` has of it; or discard it. "
        "Those of a topic: --source TOPIC\n"
    )
    assert len(answer_of(ask, shop, "dlq", "list")) == 1
