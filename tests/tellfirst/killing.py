"""Events sent to a house that is killed again and again by a sender who repeats, and what must be true afterwards."""

import asyncio
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx

from contracts.ids import problem_id
from contracts.telling import Stage
from contracts.times import HOUR, MINUTE, SECOND, instant_text
from notifiers.courier import sees_all
from storage.sqlite import open_store
from streams.project import load_project
from streams.telling import courier_of
from tellfirst import clock
from tellfirst.cli.deciding import decide
from tellfirst.deciding.decisions import SetStage
from tellfirst.wiring import local
from tests.tellfirst.house import House

SCANS = 50
TOGETHER = 20
AT_ONCE = 500
RULE = f"""
rule: all-seen
title: Every scan of a parcel was seen
owner: tests
watch: parcel
from: delivery.scanned
until: delivery.delivered
facts: {{place: delivery.scanned.place}}
detect:
  complete:
    when: count(delivery.scanned, 30d) == {SCANS}
    says: may be complete
  doubled:
    when: count(delivery.scanned, 30d) > {SCANS}
    says: may be too much
tell: {{urgency: soon, channels: [email]}}
message:
  what:
    may be complete: "Every scan of your parcel {{{{ case.label }}}} was seen."
    may be too much: "Your parcel {{{{ case.label }}}} was seen too often."
  effect: "Nothing changes for you."
  why: "It was scanned often."
  doing: "We go on counting."
  you_need_to: nothing
  choices: []
  cleared: "Your parcel {{{{ case.label }}}} is as before."
  solved: "Your parcel {{{{ case.label }}}} has arrived."
"""


class Story:
    """Parcels that are each scanned 50 times, for customers who want to hear at any hour. began: microseconds."""

    def __init__(self, events: int) -> None:
        self.parcels = events // SCANS
        self.began = clock.now() - HOUR

    def requests(self) -> Iterator[bytes]:
        lines = [json.dumps(event) for event in (*self._customers(), *self._scans())]
        for start in range(0, len(lines), AT_ONCE):
            yield "\n".join(lines[start : start + AT_ONCE]).encode()

    def _customers(self) -> Iterator[dict[str, Any]]:
        for number in range(self.parcels):
            data = {"customer_id": f"C{number}", "quiet_from": "00:00", "quiet_until": "00:00"}
            yield self._event(f"c{number}", "customer.updated", self.began, data)

    def _scans(self) -> Iterator[dict[str, Any]]:
        """Twenty parcels take turns, then the next twenty."""
        for first in range(0, self.parcels, TOGETHER):
            for scan in range(SCANS):
                for number in range(first, min(first + TOGETHER, self.parcels)):
                    data = {"parcel_id": f"P{number}", "customer_id": f"C{number}", "place": f"depot {scan}"}
                    yield self._event(f"s{number}-{scan}", "delivery.scanned", self.began + scan * SECOND, data)

    def _event(self, name: str, event_type: str, time: int, data: dict[str, Any]) -> dict[str, Any]:
        return {"specversion": "1.0", "id": name, "source": "test", "type": event_type, "time": instant_text(time), "data": data}

    @property
    def problems(self) -> set[str]:
        return {problem_id("all-seen", f"parcel/P{number}", self.began, 0) for number in range(self.parcels)}


class Sender(threading.Thread):
    """Sends one request after the other; what got no answer is sent again. acknowledged: events answered with 202."""

    def __init__(self, house: House, story: Story) -> None:
        super().__init__(daemon=True)
        self._house, self._requests = house, list(story.requests())
        self.acknowledged, self.repeated = 0, 0

    def run(self) -> None:
        for body in self._requests:
            while not self._send(body):
                self.repeated += 1
                time.sleep(0.02)
            self.acknowledged += body.count(b"\n") + 1

    def _send(self, body: bytes) -> bool:
        try:
            answer = httpx.post(
                f"{self._house.address}/events", content=body, headers={"content-type": "application/x-ndjson"}, timeout=20
            )
        except httpx.TransportError:
            return False
        if answer.status_code == 202:
            assert answer.json()["dead_letters"] == 0
        return answer.status_code == 202


def make_project(folder: Path) -> Path:
    (folder / "rules").mkdir(parents=True)
    (folder / "rules" / "all-seen.yaml").write_text(RULE)
    decide(folder, SetStage("all-seen", Stage.LIVE))
    with closing(open_store(folder / "data")) as store:
        state = store.rule_states()["all-seen"]
        with store.transaction() as tx:
            tx.save_rule(type(state)(rule="all-seen", stage=Stage.LIVE, live_since=0))
        store.set_used_by("run")
    return folder


def kill_while_sending(folder: Path, *, events: int, kills: int, seed: int) -> Counter[str]:
    """Send all events while the house is killed so many times; return what the store then has, checked."""
    story, house, chance = Story(events), House(make_project(folder)), random.Random(seed)
    house.start()
    sender = Sender(house, story)
    total = events + story.parcels
    try:
        sender.start()
        for number in range(1, kills + 1):
            while sender.acknowledged < number * total // (kills + 1):
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.1))
            house.kill()
            house.start()
        sender.join(timeout=200)
        assert not sender.is_alive()
        _all_told(folder)
        assert house.stop() == 0
        _when_claims_end(folder)
    finally:
        house.close()
    return checked(folder, story, total=total) + Counter(repeated_requests=sender.repeated)


def _all_told(folder: Path) -> None:
    """Wait until nothing is due but what a killed courier had claimed."""
    for _ in range(600):
        with closing(open_store(folder / "data", read_only=True)) as store:
            due = store.next_ask()
        if due is None or due > clock.now():
            return
        time.sleep(0.1)
    raise AssertionError("something was still due to be told after a minute")


def _when_claims_end(folder: Path) -> None:
    """Five minutes after its claim, what a killed courier did not finish is told: let a courier work at that time."""
    project = load_project(folder)
    with closing(open_store(folder / "data")) as store:
        courier = courier_of(project, project.ruleset, store, local(folder / "data"), sight=sees_all, says_when_late=True)
        asyncio.run(courier.round(clock.now() + 6 * MINUTE))


def checked(folder: Path, story: Story, *, total: int) -> Counter[str]:
    with closing(open_store(folder / "data", read_only=True)) as store:
        phases, notices, attempts = (list(store.export(table)) for table in ("problems", "notices", "attempts"))
        records: Counter[str] = Counter()
        for fates in store.counts()["records"].values():
            records.update(fates)
    assert records["applied"] == total
    assert Counter((line["problem"], line["phase"], line["detector"]) for line in phases) == Counter(
        (problem, "opened", "complete") for problem in story.problems
    )
    assert Counter(line["problem"] for line in notices) == Counter(story.problems)
    assert {line["answer"] for line in notices} == {"told"}
    assert Counter(line["notice"] for line in attempts if line["outcome"] == "accepted") == Counter(
        line["notice"] for line in notices
    )
    pages = "".join(page.read_text() for page in (folder / "data" / "outbox").glob("*.html"))
    assert pages.count("<article") == len(notices)
    return Counter(applied=records["applied"], repeated=records["repeated"], problems=len(story.problems), tries=len(attempts))
