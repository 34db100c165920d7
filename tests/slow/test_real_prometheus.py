"""What Prometheus and Alertmanager themselves make of the monitoring kit."""

from pathlib import Path

import pytest

from deploy.monitoring.generate import HERE
from tests.deploy.alert_cases import CASES
from tests.slow.real_prometheus import judge, run, tool

RULES = HERE / "prometheus" / "rules.yaml"


def test_the_files_are_what_prometheus_and_alertmanager_read() -> None:
    run("promtool", "check", "rules", "--lint=all", "--lint-fatal", str(RULES))
    run("promtool", "check", "config", str(HERE / "prometheus" / "prometheus.yaml"))
    run("amtool", "check-config", str(HERE / "alertmanager" / "alertmanager.yaml"))


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        ("alertname=TellfirstDown severity=page", "pager"),
        ("alertname=TellfirstPromiseBroken severity=ticket", "tickets"),
        ("alertname=TellfirstWatchdog severity=none", "deadman"),
    ],
)
def test_an_alert_reaches_who_should_hear_it(labels: str, receiver: str) -> None:
    config = HERE / "alertmanager" / "alertmanager.yaml"

    assert run("amtool", "config", "routes", "test", f"--config.file={config}", *labels.split()).strip() == receiver


def test_every_alert_fires_when_it_should_and_is_quiet_when_it_only_looks_so(tmp_path: Path) -> None:
    judge(CASES, RULES, tmp_path)


@pytest.mark.parametrize(
    ("alert", "said", "wrongly"),
    [
        ("TellfirstWatermarkStalled", "> 600", "> 500"),
        ("TellfirstFreshnessBudgetBurn", "> bool 120", "> bool 121"),
        ("TellfirstOutboxStuck", "> 900", "> 9000"),
        ("TellfirstSendsAmbiguous", "> 0.01", "> 0.03"),
        ("TellfirstSeriesOverBudget", "> 5000", "> 4999"),
        ("TellfirstChannelDown", "for: 5m", "for: 1m"),
        ("TellfirstDecisionBudgetBurn", "> 14.4 *", "> 14.6 *"),
        ("TellfirstIntakeBudgetBurn", 'outcome="dead"', 'outcome="unread"'),
        ("TellfirstPromiseBudgetBurn", ">= 3", ">= 1"),
        ("TellfirstNoticesMissed", 'reason="missed"', 'reason="consent"'),
    ],
)
def test_an_alert_that_was_changed_by_mistake_is_found(alert: str, said: str, wrongly: str, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    text = RULES.read_text(encoding="utf-8")
    assert said in text
    rules.write_text(text.replace(said, wrongly))

    with pytest.raises(AssertionError, match=alert):
        judge([case for case in CASES if case.alert == alert], rules, tmp_path)


def test_a_program_that_is_not_here_says_how_to_get_it() -> None:
    with pytest.raises(LookupError, match=r"\.ci/tools"):
        tool("promtool-that-nobody-has")
