"""How far slots are seen, what stands still with them, and what they say of people and of older rules."""

from dataclasses import replace
from pathlib import Path
from typing import cast

from msgspec.structs import replace as altered

from contracts.notice import Answer, Reason
from contracts.times import DAY, HOUR, MINUTE, SECOND, parse_instant
from storage.sqlite import open_memory
from storage.store import Store
from streams.kafka.holding import Slots
from streams.kafka.settings import Input
from streams.kafka.slots import slot_of
from streams.mapping import load_mapping
from streams.project import Project, load_project
from streams.settings import SourceSettings
from tests.storage.builders import a_notice, add
from tests.streams.kafka.shop_run import LAG, SLOTS, Run
from tests.streams.kafka.world import ROUTED, SETTINGS, TOPICS, with_lag
from tests.streams.shop import a_parcel, an_event

NINE = parse_instant("2026-03-02T09:00:00Z")
PARCEL = slot_of("parcel/P1", SLOTS)
USED = {"account_id": "A1", "customer_id": "C1", "meter_id": "M1", "metric": "power"}
ACCOUNT, METER = slot_of("account/A1", SLOTS), slot_of("meter/M1", SLOTS)
METER_RUNS = """
rule: meter-runs
title: A meter counts much in a short time
owner: tests
watch: meter
from: usage.recorded
detect:
  burst: {when: "count(usage.recorded, 20s) >= 6", grace: 2s, says: may be unusual}
tell: {urgency: soon, channels: [sms, email], again: 24h}
message:
  what: {may be unusual: "Your meter {{ case.label }} may count unusually much."}
  effect: "Your next bill may be higher."
  why: "We only see what is counted."
  doing: "We keep watching it."
  you_need_to: nothing
  choices: []
  cleared: "Your meter {{ case.label }} counts as usual again."
  solved: "Your meter {{ case.label }} counts as usual again."
"""
NETWORK = """
mapping: network
events:
  - type: usage.recorded
    time: raw.at
    data: {account_id: raw.account, customer_id: raw.who, metric: '"data"', amount: raw.amount}
customer: {customer_id: raw.who, email: raw.mail}
"""


# how far a slot is seen


def test_how_far_a_slot_is_seen_is_written_at_once_and_then_every_five_seconds_also_when_nothing_comes(project: Project) -> None:
    run = Run(project, open_memory())
    run.now = NINE
    slots = Slots(project, SETTINGS, cast(Store, run.store), slots=SLOTS, clock=lambda: run.now)
    slots.claim(0, dict.fromkeys(TOPICS, 0))

    seen = []
    for _ in range(12):
        run.now += SECOND
        for topic in TOPICS:
            slots.read_to_end(0, topic, run.now)
        slots.tick()
        seen.append(run.store.slots()[0].own_w)

    assert seen == [NINE + SECOND - LAG] * 5 + [NINE + 6 * SECOND - LAG] * 5 + [NINE + 11 * SECOND - LAG] * 2


def test_what_waits_for_a_slot_to_be_seen_is_asked_again_once_it_is_and_not_before_or_later(project: Project) -> None:
    run = Run(project, open_memory())
    run.now = NINE
    slots = Slots(project, SETTINGS, cast(Store, run.store), slots=SLOTS, clock=lambda: run.now)
    slots.claim(0, dict.fromkeys(TOPICS, 0))
    add(run.store, a_notice(answer=Answer.HELD, reason=Reason.NOT_CAUGHT_UP, ask_at=NINE + HOUR))

    asked = []
    for second in range(12):
        run.now += SECOND
        if second > 1:
            for topic in TOPICS:
                slots.read_to_end(0, topic, run.now)
        slots.tick()
        asked.append(run.store.next_ask())
        with run.store.transaction() as tx:
            [claimed] = tx.claim_due(run.now) or [None]
            if claimed is not None:
                tx.answer(altered(claimed, ask_at=NINE + DAY))

    assert asked == [NINE + HOUR] * 2 + [NINE + 3 * SECOND] + [NINE + DAY] * 9


def test_a_slot_that_somebody_else_has_is_forgotten_when_something_is_to_be_written(run: Run) -> None:
    run.catch_up()
    other = run.worker([])
    other.slots.claim(PARCEL, dict.fromkeys(TOPICS, 0))

    lost = run.workers[0].slots.tick()

    assert list(lost) == [PARCEL]
    assert sorted(run.workers[0].slots.claims) == [slot for slot in range(SLOTS) if slot != PARCEL]


def test_an_open_transaction_keeps_every_absence_back(run: Run) -> None:
    run.write(*a_parcel(NINE))
    run.catch_up()
    run.log.open_at["deliveries", PARCEL] = run.log.end("deliveries", PARCEL)
    run.log.append("deliveries", PARCEL, a_parcel(NINE)[3], at=run.now)

    run.now += 4 * DAY
    run.catch_up()
    stood = list(run.store.export("problems"))
    del run.log.open_at["deliveries", PARCEL]
    run.catch_up()

    assert stood == []
    assert [line["detector"] for line in run.store.export("problems")] == ["silent"]


def test_while_one_slot_is_not_read_only_what_may_come_from_it_is_waited_for(project: Project) -> None:
    """A parcel may be named by a complaint that lies there; a subscription is named by no event of another slot."""
    away = (PARCEL + 1) % SLOTS
    run = Run(project, open_memory())
    run.now = NINE
    run.worker([slot for slot in range(SLOTS) if slot != away])
    run.write(*a_parcel(NINE))
    run.catch_up()

    run.now += 4 * DAY
    run.catch_up()
    held = list(run.store.export("problems"))
    run.worker([away])
    run.catch_up()

    assert held == []
    assert {slot.own_w for slot in run.store.slots() if slot.slot != away} == {run.now - LAG}
    assert [line["detector"] for line in run.store.export("problems")] == ["silent"]


def test_what_lies_in_anothers_backlog_is_over_as_soon_as_its_case_is_seen_past_the_end(tmp_path: Path) -> None:
    """Else a courier, who tells what is open of cases that were seen so far, would tell of what was over long ago."""
    run = Run(with_lag(a_house_of_meters(tmp_path), LAG), open_memory())
    run.now = NINE
    run.worker([slot for slot in range(SLOTS) if slot != ACCOUNT])
    run.write(*[an_event(n, "usage.recorded", NINE + n * SECOND, **USED, amount=1) for n in range(6)])
    run.now += HOUR
    run.catch_up()
    stood = list(run.store.export("problems"))

    run.worker([ACCOUNT])
    run.catch_up()

    assert METER != ACCOUNT
    assert stood == []
    assert {slot.w for slot in run.store.slots()} == {run.now - LAG}
    assert [line["phase"] for line in run.store.export("problems")] == ["opened", "cleared"]


def a_house_of_meters(folder: Path) -> Project:
    (folder / "rules").mkdir()
    (folder / "rules" / "meter-runs.yaml").write_text(METER_RUNS)
    return load_project(folder)


# people


def test_a_customer_whom_a_mapping_introduces_is_known_where_the_customer_belongs(project: Project) -> None:
    mapping = load_mapping(NETWORK.encode(), "network.yaml", project.catalogue)
    inputs = tuple(each for each in SETTINGS.inputs if each.topic != "usage") + (Input("usage", ("usage",), "network"),)
    mapped = replace(project, mappings={"network": mapping})
    run = Run(mapped, open_memory(), settings=replace(SETTINGS, inputs=inputs))
    run.now = NINE
    run.worker(range(SLOTS))
    for number, customer in enumerate(("C1", "C2", "C3", "C1")):
        raw = b'{"at": "2026-03-02T09:00:00Z", "account": "A%d", "who": "%s", "mail": "%s@example.com", "amount": 1}'
        run.log.append("usage", number % SLOTS, raw % (number, customer.encode(), customer.encode()), at=NINE)

    run.catch_up()

    assert {name: row.profile["email"][0] for name, row in run.store.customers(["C1", "C2", "C3"]).items()} == {
        name: f"{name}@example.com" for name in ("C1", "C2", "C3")
    }
    assert sorted(line["case"] for line in run.store.export("cases")) == [f"account/A{number}" for number in range(4)]


def test_a_complaint_and_the_cases_that_it_links_are_taken_up_once_in_its_own_slot(run: Run) -> None:
    ids = {"customer_id": "C1", "parcel_id": "P1", "order_id": "O1", "complaint_id": "K1"}
    run.write(an_event(1, "complaint.raised", NINE, **ids, about="late"))
    run.catch_up()

    assert [each.about for each in run.store.complaints(["parcel/P1", "order/O1", "complaint/K1", "customer/C1"])] == [
        "complaint/K1",
        "order/O1",
        "parcel/P1",
    ]
    assert run.store.counts()["records"]["complaints"] == {"applied": 1}
    assert len(run.log.parts[ROUTED, slot_of("order/O1", SLOTS)]) <= 3


def test_a_late_scan_still_corrects_across_slots(run: Run) -> None:
    run.write(*a_parcel(NINE))
    run.catch_up()
    run.now += 3 * DAY
    run.catch_up()
    assert [line["phase"] for line in run.store.export("problems")] == ["opened"]

    run.write(an_event(9, "delivery.scanned", NINE + HOUR + MINUTE, parcel_id="P1", customer_id="C1"))
    run.catch_up()

    assert [line["phase"] for line in run.store.export("problems")] == ["opened", "corrected"]


# a topic that falls silent


def test_a_topic_that_falls_silent_keeps_absences_back_until_its_sender_has_repeated(
    project: Project,
) -> None:
    own = {**project.settings.sources, "deliveries": SourceSettings(source_delay=LAG, quiet_after=DAY, settle=HOUR)}
    run = Run(replace(project, settings=replace(project.settings, sources=own)), open_memory())
    run.now = NINE
    slots = run.worker(range(SLOTS)).slots
    run.write(*a_parcel(NINE))
    run.catch_up()

    run.now += 4 * DAY
    run.catch_up()
    silent, found = slots.hearing.quiet, list(run.store.export("problems"))
    run.write(an_event(8, "shipment.created", run.now, parcel_id="P8", customer_id="C1"))
    run.catch_up()
    run.write(an_event(9, "delivery.scanned", run.now - HOUR, parcel_id="P1", customer_id="C1"))
    run.catch_up()
    run.now += 2 * HOUR
    run.catch_up()

    assert (silent, found) == ({"deliveries"}, [])
    assert slots.hearing.quiet == frozenset()
    assert list(run.store.export("problems")) == []
    assert run.store.slots()[PARCEL].own_w == run.now - LAG


def test_a_topic_that_is_heard_of_in_one_slot_is_not_silent_in_the_others(project: Project) -> None:
    own = {**project.settings.sources, "deliveries": SourceSettings(source_delay=LAG, quiet_after=DAY)}
    run = Run(replace(project, settings=replace(project.settings, sources=own)), open_memory())
    run.now = NINE
    workers = [run.worker([slot]) for slot in range(SLOTS)]
    for hours in range(48):
        run.now = NINE + hours * HOUR
        run.write(an_event(hours, "delivery.scanned", run.now, parcel_id="P1", customer_id="C1"))
        run.catch_up()

    assert [worker.slots.hearing.quiet for worker in workers] == [frozenset()] * SLOTS


# other rules


def test_rules_that_changed_are_taken_up_slot_by_slot_by_whoever_claims_it(tmp_path: Path, project: Project, run: Run) -> None:
    run.write(*a_parcel(NINE), *[part.replace(b"P1", b"P2") for part in a_parcel(NINE)[1:]])
    run.catch_up()
    late_parcel = tmp_path / "rules" / "late-parcel.yaml"
    late_parcel.write_text(late_parcel.read_text().replace("longer_than: 36h", "longer_than: 12h"))
    changed = Run(with_lag(load_project(tmp_path), LAG), run.store)
    changed.log, changed.now = run.log, run.now
    there = {case: row.part for case, row in run.store.load_cases(["parcel/P1", "parcel/P2"]).items()}

    changed.worker(range(SLOTS))
    changed.now += 13 * HOUR
    changed.catch_up()

    assert sorted((line["case"], line["detector"]) for line in run.store.export("problems")) == [
        ("parcel/P1", "silent"),
        ("parcel/P2", "silent"),
    ]
    assert {case: row.part for case, row in run.store.load_cases(["parcel/P1", "parcel/P2"]).items()} == there
