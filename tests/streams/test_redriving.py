"""Dead letters taken in again: by their own source, once, at the time that they tell."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import json

from contracts.event import DeadLetter, DeadReason
from contracts.telling import RuleState, Stage
from contracts.times import HOUR, MINUTE, parse_instant
from storage.sqlite import SqliteStore, open_memory
from streams.batch import Core
from streams.project import Project, load_project
from streams.redriving import Redriving
from tellfirst.init.folder import make_project

NOON = parse_instant("2026-03-02T12:00:00Z")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    make_project(tmp_path)
    return load_project(tmp_path)


@pytest.fixture
def store(project: Project) -> Iterator[SqliteStore]:
    store = open_memory()
    with store.transaction() as tx:
        for rule in project.ruleset.rules:
            tx.save_rule(RuleState(rule=rule, stage=Stage.LIVE, live_since=0))
    yield store
    store.close()


def failed_payment(time: str = "2026-03-02T11:00:00Z") -> bytes:
    data = {"order_id": "O1", "customer_id": "C1", "amount": 20.0}
    event = {"specversion": "1.0", "id": "e1", "source": "till", "type": "payment.failed", "time": time, "data": data}
    return json.encode(event)


def bury(store: SqliteStore, raw: bytes, *, reason: DeadReason = DeadReason.SCHEMA, position: int = 7) -> None:
    with store.transaction() as tx:
        tx.add_dead_letter(DeadLetter("http", position, raw, reason, "so it was", NOON))


def redrive(project: Project, store: SqliteStore, *names: str, now: int = NOON + HOUR) -> None:
    core = Core(project.ruleset, store)
    redriving = Redriving(project, core, store, w=lambda: now - MINUTE, clock=lambda: now, live=True)
    redriving.redrive(names, mapping=None)


def cases(store: SqliteStore) -> list[str]:
    return [line["case"] for line in store.export("problems")]


def test_what_can_be_taken_now_is_applied_and_leaves_the_list(project: Project, store: SqliteStore) -> None:
    bury(store, failed_payment())

    redrive(project, store, "http:7")

    assert cases(store) == ["order/O1"]
    assert list(store.dead_letters()) == []
    assert store.counts()["records"]["http"] == {"applied": 1, "dead": -1}


def test_a_letter_that_was_applied_already_leaves_the_list_and_changes_nothing(project: Project, store: SqliteStore) -> None:
    bury(store, failed_payment())
    redrive(project, store, "http:7")
    bury(store, failed_payment(), position=8)

    redrive(project, store, "http:7", "http:8")

    assert cases(store) == ["order/O1"]
    assert store.counts()["records"]["http"]["repeated"] == 1


def test_what_cannot_be_taken_stays_with_its_present_reason(project: Project, store: SqliteStore) -> None:
    bury(store, failed_payment().replace(b"payment.failed", b"payment.faild"))

    redrive(project, store, "http:7")

    (letter,) = store.dead_letters()
    assert (letter.reason, letter.detail) == (DeadReason.UNKNOWN_TYPE, "there is no event type `payment.faild`")
    assert letter.at == NOON


def test_a_time_that_was_to_come_may_be_past_by_now(project: Project, store: SqliteStore) -> None:
    bury(store, failed_payment("2026-03-02T12:30:00Z"), reason=DeadReason.WILD_TIME)

    redrive(project, store, "http:7", now=NOON + 10 * MINUTE)
    assert [letter.reason for letter in store.dead_letters()] == [DeadReason.WILD_TIME]

    redrive(project, store, "http:7", now=NOON + HOUR)
    assert cases(store) == ["order/O1"]


def test_foreign_records_are_read_by_the_mapping_that_fits(project: Project, store: SqliteStore) -> None:
    record = (project.folder / "samples" / "shop.jsonl").read_bytes().splitlines()[1]
    bury(store, record, reason=DeadReason.MAPPING)

    redrive(project, store, "http:7")

    assert cases(store) == ["order/1001"]


def test_one_that_breaks_the_step_stays_and_stops_no_other(
    project: Project, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    bury(store, failed_payment().replace(b"O1", b"O2").replace(b'"e1"', b'"e2"'), position=6)
    bury(store, failed_payment(), position=7)
    take = Core.take

    def stumble(core: Core, event, *, w: int, now: int):  # type: ignore[no-untyped-def]
        if event.id == "e2":
            raise ZeroDivisionError("by nothing")
        return take(core, event, w=w, now=now)

    monkeypatch.setattr(Core, "take", stumble)

    redrive(project, store, "http:6", "http:7")

    assert [(letter.position, letter.reason) for letter in store.dead_letters()] == [(6, DeadReason.POISON)]
    assert cases(store) == ["order/O1"]
