"""What a running tellfirst shows."""

import asyncio
from pathlib import Path

from prometheus_client import generate_latest

from contracts.notice import Answer
from storage.sqlite import open_memory
from streams.metrics import Metrics
from streams.replay import replay
from streams.telling import Reach
from tests.streams.shop import a_shop, a_week

LARGEST = 5_000


def some_metrics(rules: list[str], sources: list[str]) -> Metrics:
    return Metrics(rules=rules, sources=sources, channels=["email", "push", "sms"], version="1.2.3")


def test_every_closed_label_set_stands_at_zero_from_the_start() -> None:
    shown = generate_latest(some_metrics(["late-parcel"], ["http"]).registry).decode()

    assert 'tellfirst_events_total{outcome="dead",topic="http"} 0.0' in shown
    assert 'tellfirst_problems_total{phase="corrected",rule="late-parcel"} 0.0' in shown
    assert 'tellfirst_notices_total{answer="withheld",reason="quiet_hours",rule="late-parcel"} 0.0' in shown
    assert 'tellfirst_build_info{version="1.2.3"} 1.0' in shown
    assert "_created" not in shown


def test_a_process_with_many_rules_stays_below_five_thousand_series() -> None:
    metrics = some_metrics([f"rule-{number}" for number in range(50)], ["http", "stdin", "file"])

    series = [line for line in generate_latest(metrics.registry).decode().splitlines() if not line.startswith("#")]

    assert len(series) < LARGEST


def test_counters_agree_with_the_store(tmp_path: Path) -> None:
    project, file, store = a_shop(tmp_path), a_week(tmp_path / "week.jsonl", seed=3), open_memory()
    metrics = some_metrics(list(project.ruleset.rules), ["http"])

    tally = asyncio.run(
        replay(
            project,
            store,
            file,
            reach=Reach(),
            on_commit=lambda committed: metrics.committed(committed, now=0, arrived=None),
            on_round=metrics.told,
        )
    )

    def total(name: str, **labels: str) -> float:
        found = (
            sample for family in metrics.registry.collect() for sample in family.samples if sample.name == f"tellfirst_{name}"
        )
        return sum(sample.value for sample in found if labels.items() <= sample.labels.items())

    assert total("events_total") == tally.read
    assert total("events_total", outcome="dead") == total("dead_letters_total") == tally.dead_letters
    phases = store.counts()["problems"]
    assert total("problems_total", phase="opened") == sum(rule.get("opened", 0) for rule in phases.values())
    told = sum(row["answer"] == Answer.TOLD for row in store.export("notices"))
    assert total("notices_total", answer="told") + total("promises_total", outcome="kept") == told - total("hand_overs_total")
    assert total("notices_total", answer="withheld") == sum(store.counts()["notices"]["withheld"].values())
