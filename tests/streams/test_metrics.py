"""What a running tellfirst shows."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from prometheus_client import Metric as Family
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from contracts.event import DeadReason, Fate
from contracts.notice import Answer
from contracts.telling import RuleState, Stage
from contracts.times import DAY, MINUTE, SECOND, parse_instant
from storage.sqlite import SqliteStore, open_memory
from streams.batch import Committed
from streams.counts import Counts
from streams.metrics import Metrics
from streams.metrics.catalogue import CATALOGUE, CHAPTERS
from streams.metrics.metric import Kind, Metric
from streams.replay import replay
from streams.telling import Reach, asking
from streams.watermark import FileWatermark, LiveWatermark
from tests.storage.builders import NOON, a_notice, a_phase, a_promise, add, an_end
from tests.streams.shop import a_shop, a_week

LARGEST = 5_000
OPEN_LABELS = {"rule", "topic", "channel", "provider", "version", "partition"}
METRICS = pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.bare_name)


def some_metrics(rules: Sequence[str] = ("late-parcel",), sources: Sequence[str] = ("http",)) -> Metrics:
    return Metrics(rules=rules, sources=sources, channels=["email", "push", "sms"], version="1.2.3")


def samples(metrics: Metrics, name: str) -> list[Sample]:
    return [sample for family in families(metrics) for sample in family.samples if sample.name == f"tellfirst_{name}"]


def total(metrics: Metrics, name: str, **labels: str) -> float:
    found = samples(metrics, name)
    assert found, f"there is no series tellfirst_{name}"
    return sum(sample.value for sample in found if labels.items() <= sample.labels.items())


def families(metrics: Metrics) -> list[Family]:
    """Return what somebody else's reader makes of a scrape."""
    return list(text_string_to_metric_families(shown(metrics)))


def shown(metrics: Metrics) -> str:
    return metrics.text().decode()


def test_every_closed_label_set_stands_at_zero_from_the_start() -> None:
    text = shown(some_metrics())

    assert 'tellfirst_events_total{outcome="dead",topic="http"} 0.0' in text
    assert 'tellfirst_problems_total{phase="corrected",rule="late-parcel"} 0.0' in text
    assert 'tellfirst_notices_total{answer="withheld",reason="quiet_hours",rule="late-parcel"} 0.0' in text
    assert 'tellfirst_due_to_sent_seconds_count{channel="sms",urgency="now"} 0.0' in text
    assert 'tellfirst_build_info{version="1.2.3"} 1.0' in text
    assert "_created" not in text


@METRICS
def test_what_is_known_from_the_start_is_all_there_and_nothing_else(metric: Metric) -> None:
    found = {family.name: family for family in families(some_metrics())}
    configured = {
        ("rule",): [("late-parcel",)],
        ("topic",): [("http",)],
        ("channel",): [("email",), ("push",), ("sms",)],
        ("channel", "provider"): [("email", "email"), ("push", "push"), ("sms", "sms")],
        ("version",): [("1.2.3",)],
    }
    there = {
        tuple(sample.labels[name] for name in metric.label_names) for sample in found[metric.name.removesuffix("_total")].samples
    }

    assert there == (set(metric.series(configured)) if metric.from_start else set())


@METRICS
def test_a_metric_says_what_it_means_in_one_line_and_has_labels_that_end(metric: Metric) -> None:
    assert metric.meaning and "\n" not in metric.meaning
    assert metric.name.endswith("_total") == (metric.kind is Kind.COUNTER)
    assert bool(metric.buckets) == (metric.kind is Kind.HISTOGRAM)
    for label in metric.labels:
        assert label.values is not None or set(label.names) <= OPEN_LABELS


def test_every_metric_stands_in_one_chapter_only() -> None:
    assert len({metric.name for metric in CATALOGUE}) == len(CATALOGUE) == sum(map(len, CHAPTERS.values()))


def test_a_process_with_many_rules_stays_below_five_thousand_series() -> None:
    metrics = some_metrics([f"rule-{number}" for number in range(50)], ["http", "stdin", "file"])

    series = [line for line in shown(metrics).splitlines() if not line.startswith("#")]

    assert len(series) < LARGEST


def test_a_name_of_a_source_may_have_any_sign_in_it() -> None:
    metrics = some_metrics(sources=['a "file"\\of\nlines'])

    assert total(metrics, "late_events_total", topic='a "file"\\of\nlines') == 0


def test_an_observation_counts_in_every_bucket_that_holds_it_and_the_bound_itself_is_within() -> None:
    metrics = some_metrics()
    for late in (0.0005, 0.001, 0.3, 9.0):
        metrics.loop_woke(late)

    buckets = {sample.labels["le"]: sample.value for sample in samples(metrics, "loop_delay_seconds_bucket")}

    assert buckets == {"0.001": 2, "0.005": 2, "0.025": 2, "0.1": 2, "0.25": 2, "1.0": 3, "5.0": 3, "+Inf": 4}
    assert (total(metrics, "loop_delay_seconds_count"), total(metrics, "loop_delay_seconds_sum")) == (4, 9.3015)


def test_with_an_example_a_scrape_is_openmetrics_that_others_can_read() -> None:
    metrics = some_metrics()

    metrics.committed(Committed(Counts(), []), now=NOON, arrived=NOON - 2 * SECOND, trace="4" * 32)

    found = {family.name: family for family in openmetrics(shown(metrics))}
    examples = [
        (sample.labels["le"], sample.exemplar)
        for sample in found["tellfirst_event_to_decision_seconds"].samples
        if sample.exemplar
    ]
    assert [(bound, example.labels, example.value) for bound, example in examples] == [("2.5", {"trace_id": "4" * 32}, 2)]
    assert found["tellfirst_commits"].type == "counter" and "process_cpu_seconds" in found


def test_a_batch_adds_what_it_came_to() -> None:
    metrics, counts = some_metrics(), Counts()
    counts.fates["http"] = {Fate.APPLIED: 3, Fate.DEAD: 1}
    counts.letters["http", DeadReason.POISON] = 1
    counts.clamped["http"] = 2
    counts.ages["http"] = 90 * SECOND
    counts.awaited["late-parcel"] = 4
    counts.limit_hits, counts.too_late = 5, 6
    counts.spent = {"take": 20_000, "commit": 3_000}

    metrics.committed(Committed(counts, []), now=NOON, arrived=NOON - 2 * SECOND)

    assert total(metrics, "events_total", topic="http", outcome="applied") == 3
    assert total(metrics, "dead_letters_total", reason="poison") == 1
    assert total(metrics, "clamped_times_total") == 2
    assert total(metrics, "event_age_seconds_sum") == 90
    assert total(metrics, "timers_fired_total", rule="late-parcel") == 4
    assert total(metrics, "limit_hits_total", limit="case_memory") == 5
    assert total(metrics, "limit_hits_total", limit="window") == 6
    assert total(metrics, "batch_seconds_sum", stage="commit") == 0.003
    assert total(metrics, "event_to_decision_seconds_sum") == 2
    assert total(metrics, "source_last_event_timestamp_seconds") == total(metrics, "last_commit_timestamp_seconds")


def test_whether_a_breaker_is_open_is_what_the_store_says_and_not_what_a_batch_once_did() -> None:
    metrics, counts = some_metrics(), Counts(breakers=("late-parcel",))

    metrics.committed(Committed(counts, []), now=NOON, arrived=NOON)

    assert total(metrics, "breaker_open") == 0
    metrics.show_rules([RuleState(rule="late-parcel", stage=Stage.LIVE, live_since=1, breaker_open=True)])
    assert total(metrics, "breaker_open", rule="late-parcel") == 1


def test_a_live_source_shows_how_far_it_was_seen_and_when_it_went_quiet() -> None:
    metrics, mark = some_metrics(), LiveWatermark(source_delay=2 * MINUTE, quiet_after=MINUTE)
    mark.look(NOON)
    metrics.show_sources({"http": mark}, now=NOON)
    assert total(metrics, "watermark_timestamp_seconds", topic="http", partition="0") == (NOON - 2 * MINUTE) / SECOND
    assert total(metrics, "source_delay_seconds") == 120
    assert total(metrics, "source_quiet") == 0

    metrics.show_sources({"http": mark}, now=NOON + 2 * MINUTE)

    assert total(metrics, "source_quiet") == 1


def test_a_file_follows_no_clock_and_shows_times_it_does_not_believe(tmp_path: Path) -> None:
    metrics, mark = some_metrics(), FileWatermark()
    mark.wild = 3

    metrics.show_sources({"http": mark}, now=NOON)
    metrics.show_sources({"http": mark}, now=NOON + MINUTE)

    assert total(metrics, "wild_times_total") == 3
    assert "tellfirst_source_delay_seconds{" not in shown(metrics)
    assert "tellfirst_watermark_timestamp_seconds{" not in shown(metrics)


def test_a_promise_that_is_not_over_by_its_deadline_is_broken_once() -> None:
    metrics, store = some_metrics(), open_memory()
    deadline = a_promise().deadline
    add(store, a_phase(), a_notice(), a_promise())

    for now in (deadline - 1, deadline + 1, deadline + DAY):
        metrics.show_figures(store.figures(now))
        assert total(metrics, "promises_total", outcome="broken") == (now > deadline)
        assert total(metrics, "promises_open") == 1
    with store.transaction() as tx:
        tx.end_promises(["prb_1"], a_promise().state.ENDED, now=deadline + DAY)
    metrics.show_figures(store.figures(deadline + 2 * DAY))

    assert total(metrics, "promises_total") == total(metrics, "promises_total", outcome="broken") == 1
    assert total(metrics, "promises_open") == total(metrics, "promises_oldest_due_timestamp_seconds") == 0


def test_what_is_open_no_more_goes_back_to_zero() -> None:
    metrics, store = some_metrics(), open_memory()
    add(store, a_phase())
    metrics.show_figures(store.figures(NOON))
    assert total(metrics, "problems_open", rule="late-parcel") == 1

    add(store, an_end())
    metrics.show_figures(store.figures(NOON))

    assert total(metrics, "problems_open", rule="late-parcel") == 0


def test_counters_agree_with_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, file, store = a_shop(tmp_path), a_week(tmp_path / "week.jsonl", seed=3), open_memory()
    metrics = some_metrics(list(project.ruleset.rules))
    monkeypatch.setattr("streams.replay.asking", lambda courier: asking(courier, metrics.told))

    tally = asyncio.run(
        replay(
            project,
            store,
            file,
            reach=Reach(),
            on_commit=lambda committed: metrics.committed(committed, now=0, arrived=None),
        )
    )
    metrics.show_figures(store.figures(parse_instant("2030-01-01T00:00:00Z")))

    assert total(metrics, "events_total") == tally.read
    assert total(metrics, "events_total", outcome="dead") == total(metrics, "dead_letters_total") == tally.dead_letters
    assert total(metrics, "dead_letters_waiting") == tally.dead_letters
    phases = store.counts()["problems"]
    assert total(metrics, "problems_total", phase="opened") == sum(rule.get("opened", 0) for rule in phases.values())
    told = sum(row["answer"] == Answer.TOLD for row in store.export("notices"))
    assert total(metrics, "notices_total", answer="told") == told - total(metrics, "hand_overs_total")
    assert total(metrics, "notices_total", answer="withheld") == sum(store.counts()["notices"]["withheld"].values())
    assert total(metrics, "promises_open") + total(metrics, "promises_total") >= len(list(store.export("promises")))
    assert total(metrics, "attempts_total", outcome="accepted") == len(list(store.export("attempts")))
    assert total(metrics, "complaints_total", preceded="yes") > 0
    assert total(metrics, "complaints_total") == complaints_in(store)


def complaints_in(store: SqliteStore) -> int:
    number = store.session.value("SELECT COUNT(*) FROM complaints WHERE raised_at IS NOT NULL")
    assert isinstance(number, int)
    return number
