"""The monitoring kit hangs together: files, metrics, alerts, dashboards and runbooks say the same."""

import json
import re
from pathlib import Path

import pytest
import yaml

from deploy.monitoring.alert import NONE, PAGE, TICKET, Rule
from deploy.monitoring.dashboards import DASHBOARDS
from deploy.monitoring.drawing import Dashboard, Panel
from deploy.monitoring.generate import ALERTS, HERE, RULES, files
from deploy.monitoring.symptoms import SILENCES
from streams.metrics import Metrics
from streams.metrics.catalogue import CATALOGUE
from tests.deploy.alert_cases import CASES
from tests.deploy.expressions import FOREIGN, METRICS, SCRAPED, asked, faults, labels_of, parsed

KUBERNETES = HERE.parent / "kubernetes"
RECORDED = {rule.record: rule.expr for rule in RULES if rule.record is not None}
PANELS = [(board, panel) for board in DASHBOARDS for panel in board.panels]
EXPRESSIONS = [rule.expr for rule in RULES] + [expr for _, panel in PANELS for expr in panel.queries.values()]
NAMED_LABEL = re.compile(r"\$labels\.(\w+)")
LEGEND_LABEL = re.compile(r"\{\{(\w+)\}\}")

each_expression = pytest.mark.parametrize("expr", sorted(set(EXPRESSIONS)))
each_alert = pytest.mark.parametrize("rule", [rule for rule in RULES if rule.alert], ids=lambda rule: rule.alert.name)
each_panel = pytest.mark.parametrize(("board", "panel"), PANELS, ids=lambda each: getattr(each, "title", each))


def test_the_files_are_up_to_date() -> None:
    made = dict(files())
    there = {
        str(path.relative_to(HERE)): path.read_text(encoding="utf-8")
        for path in HERE.rglob("*")
        if path.suffix in (".yaml", ".json") and HERE / "tools" not in path.parents
    }

    assert there == made, "make them anew: make monitoring"


def test_links_lead_to_where_the_pages_stand() -> None:
    made = dict(files("https://wiki.example/tellfirst"))

    assert "runbook_url: https://wiki.example/tellfirst/runbooks/TellfirstDown.md" in made["prometheus/rules.yaml"]
    assert "https://wiki.example/tellfirst/runbooks/TellfirstDown.md" in made["grafana/dashboards/oncall.json"]


@each_expression
def test_an_expression_asks_only_for_what_the_code_exports(expr: str) -> None:
    assert any(asked(parsed(expr))) or expr == "vector(1)"
    assert list(faults(expr, RECORDED)) == []


@pytest.mark.parametrize(
    "expr",
    [
        "rate(tellfirst_event_total[5m])",
        'tellfirst_events_total{outcom="dead"}',
        'tellfirst_events_total{outcome="death"}',
        'tellfirst_notices_total{reason=~"caps|cap"}',
        'tellfirst_event_to_decision_seconds_bucket{le="5"}',
        "sum by (topics) (tellfirst_events_total)",
        "tellfirst:no_such:record",
        'tellfirst_problems_open{customer="C1"}',
    ],
)
def test_a_name_a_label_or_a_value_that_is_not_there_is_found(expr: str) -> None:
    assert list(faults(expr, RECORDED)) != []


@each_expression
def test_what_the_store_counts_is_never_added_up_over_processes(expr: str) -> None:
    of_store = [each for each in asked(parsed(expr)) if each.name in METRICS and METRICS[each.name].of_store]

    assert all(each.within in ("max", "min") for each in of_store)


def test_every_metric_is_asked_for_by_an_alert_or_a_panel() -> None:
    names = {each.name for expr in EXPRESSIONS for each in asked(parsed(expr))}

    assert [metric.name for metric in CATALOGUE if not names & set(metric.series_names())] == []


def test_what_prometheus_client_shows_of_the_process_is_shown() -> None:
    text = Metrics(rules=[], sources=[], channels=[], version="1").text().decode()

    assert {name for name in FOREIGN if name.startswith("process_")} <= set(re.findall(r"^(process_\w+) ", text, re.MULTILINE))


@each_alert
def test_an_alert_says_what_is_wrong_in_one_line(rule: Rule) -> None:
    alert = rule.alert
    assert alert is not None
    carried = labels_of(parsed(rule.expr), RECORDED)

    assert alert.name.startswith("Tellfirst") and alert.severity in (PAGE, TICKET, NONE)
    assert "\n" not in alert.summary and len(alert.summary) < 150 and alert.summary.endswith(".")
    assert set(NAMED_LABEL.findall(alert.summary)) <= carried


@each_alert
def test_an_alert_is_linked_by_a_panel_of_its_dashboard(rule: Rule) -> None:
    assert rule.alert is not None
    boards = {board.name for board, panel in PANELS if rule.alert.name in panel.alerts}

    assert rule.alert.dashboard in boards


def test_panels_link_only_alerts_that_there_are() -> None:
    assert {alert for _, panel in PANELS for alert in panel.alerts} == set(ALERTS)


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_has_a_past_that_fires_it_and_one_that_does_not(name: str) -> None:
    proofs = {bool(case.fires) for case in CASES if case.alert == name}

    assert proofs == ({True} if name == "TellfirstWatchdog" else {True, False})


def test_there_is_no_case_of_an_alert_that_is_gone() -> None:
    assert {case.alert for case in CASES} == set(ALERTS)


def test_an_alert_silences_only_alerts_that_there_are_and_by_labels_that_both_have() -> None:
    labels = {rule.alert.name: labels_of(parsed(rule.expr), RECORDED) for rule in RULES if rule.alert}

    for alert, (silenced, equal) in SILENCES.items():
        assert {alert, *silenced} <= set(ALERTS) and alert not in silenced
        assert all(set(equal) <= labels[each] for each in (alert, *silenced))


@each_panel
def test_a_panel_says_what_it_shows(board: Dashboard, panel: Panel) -> None:
    assert panel.title and panel.meaning.endswith(".") and panel.unit and panel.queries
    assert all(expr.strip() for expr in panel.queries.values())
    for legend, expr in panel.queries.items():
        assert set(LEGEND_LABEL.findall(legend)) <= labels_of(parsed(expr), RECORDED) | SCRAPED


@pytest.mark.parametrize("board", DASHBOARDS, ids=lambda board: board.name)
def test_a_dashboard_names_no_panel_twice_and_lays_none_over_another(board: Dashboard) -> None:
    tree = json.loads(dict(files())[f"grafana/dashboards/{board.name}.json"])
    places = [panel["gridPos"] for panel in tree["panels"]]
    covered = [(place["x"] + x, place["y"] + y) for place in places for x in range(place["w"]) for y in range(place["h"])]

    assert len({panel.title for panel in board.panels}) == len(board.panels)
    assert len(covered) == len(set(covered)) and all(place["x"] + place["w"] <= 24 for place in places)
    assert len({panel["id"] for panel in tree["panels"]}) == len(tree["panels"])


def test_kubernetes_gets_the_same_rules_as_prometheus() -> None:
    made = {path: yaml.safe_load(text) for path, text in files() if path.endswith(".yaml")}

    assert made["kubernetes/prometheusrule.yaml"]["spec"] == made["prometheus/rules.yaml"]


def test_kubernetes_scrapes_every_process_as_the_job_that_the_alerts_expect() -> None:
    monitor = yaml.safe_load((HERE / "kubernetes" / "podmonitor.yaml").read_text(encoding="utf-8"))["spec"]
    (said,) = yaml.safe_load((KUBERNETES / "base" / "kustomization.yaml").read_text(encoding="utf-8"))["labels"]
    (endpoint,) = monitor["podMetricsEndpoints"]

    assert monitor["selector"]["matchLabels"] == said["pairs"]
    assert said["pairs"][monitor["jobLabel"]] == "tellfirst"
    for file in ("base/stateful-set.yaml", "kafka/workers.yaml", "kafka/couriers.yaml"):
        assert f"{{name: {endpoint['port']}, containerPort: 8787}}" in (KUBERNETES / file).read_text(encoding="utf-8")


def test_every_alert_has_somebody_to_hear_it() -> None:
    tree = yaml.safe_load(Path(HERE / "alertmanager/alertmanager.yaml").read_text(encoding="utf-8"))
    receivers = {receiver["name"] for receiver in tree["receivers"]}

    assert {route["receiver"] for route in [tree["route"], *tree["route"]["routes"]]} == receivers
