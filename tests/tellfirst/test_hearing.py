"""What absences stand on: a rule that finds something missing goes live once it is known how long its topics may be silent."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from contracts.times import MINUTE
from storage.sqlite import open_store
from streams.kafka.minutes import SPAN, Minutes
from tellfirst import clock
from tellfirst.wiring import DATA, project_of
from tests.tellfirst.conftest import Ask

KAFKA = "kafka: {brokers: 127.0.0.1:1}\n"
SET = KAFKA + "sources: {deliveries: {quiet_after: 2h}}\n"
WAITS = "`late-parcel` finds something missing, and nobody knows yet how long `deliveries` may be silent: it cannot go live"


def learn(project: Path) -> None:
    """Have the store know four weeks in which something came by each topic every 20 minutes."""
    now, minutes = clock.now() // MINUTE, Minutes()
    for minute in range(now - SPAN, now + 1):
        minutes.look(minute)
        if minute % 20 == 0:
            minutes.hear(minute)
    settings = project_of(project).settings.kafka
    assert settings is not None
    with closing(open_store(project / DATA)) as store, store.transaction() as tx:
        tx.save_minutes([minutes.row(each.topic, 0) for each in settings.inputs])


def test_a_rule_that_finds_something_missing_goes_live_only_where_silence_is_known(ask: Ask, project: Path) -> None:
    (project / "tellfirst.yaml").write_text(KAFKA)

    refused = ask("--project", str(project), "rules", "publish", "late-parcel", "--live")
    (project / "tellfirst.yaml").write_text(SET)
    published = ask("--project", str(project), "rules", "publish", "late-parcel", "--live")

    assert (refused.exit_code, published.exit_code) == (6, 0)
    assert WAITS in refused.stderr
    assert "write `sources: {deliveries: {quiet_after: 2h}}`, or wait until four weeks are known" in refused.stderr


def test_four_weeks_let_it_go_live_too(ask: Ask, project: Path) -> None:
    (project / "tellfirst.yaml").write_text(KAFKA)
    learn(project)

    assert ask("--project", str(project), "rules", "publish", "late-parcel", "--live").exit_code == 0


@pytest.mark.parametrize("words", [("payment-failing", "--live"), ("late-parcel", "--shadow")])
def test_what_finds_nothing_missing_or_tells_nobody_need_not_wait(ask: Ask, project: Path, words: tuple[str, str]) -> None:
    (project / "tellfirst.yaml").write_text(KAFKA)

    assert ask("--project", str(project), "rules", "publish", *words).exit_code == 0


def test_without_kafka_nobody_waits(ask: Ask, project: Path) -> None:
    assert ask("--project", str(project), "rules", "publish", "late-parcel", "--live").exit_code == 0
    assert ask("--project", str(project), "rules", "check", "--strict").exit_code == 0


def test_check_names_the_rules_that_must_wait_and_why(ask: Ask, project: Path) -> None:
    def facts() -> list[str]:
        return [each["fact"] for each in json.loads(ask("--project", str(project), "rules", "check", "--json").stdout)["faults"]]

    (project / "tellfirst.yaml").write_text(KAFKA)
    unknown = facts()
    learn(project)

    assert WAITS in unknown
    assert {fact.split("`")[1] for fact in unknown} == {
        "late-parcel",
        "refund-overdue",
        "complaint-unanswered",
        "order-not-confirmed",
    }
    assert facts() == []


def test_the_doctor_says_how_long_each_topic_may_be_silent_and_whence_that_is_known(ask: Ask, project: Path) -> None:
    def topics() -> list[tuple[str, bool | None]]:
        found = json.loads(ask("--project", str(project), "doctor", "--json").stdout)
        return [(each["fact"], each["well"]) for each in found if each["look"] == "topics"]

    (project / "tellfirst.yaml").write_text(SET)
    unknown = topics()
    learn(project)
    known = topics()

    assert unknown[:2] == [
        ("`orders` is quiet after: not known yet, 0 of 28 days", None),
        ("`deliveries` is quiet after: 2h, set", True),
    ]
    assert known[0] == ("`orders` is quiet after: 1h, learned", True)
