"""The monitoring kit in Python in, the files that Prometheus, Alertmanager, Kubernetes and Grafana read out.

Run it with `make monitoring` when an objective, an alert or a dashboard has changed; a test compares.
`--pages URL` says where the pages of docs/ stand for your people, so that alerts link to their runbooks.
"""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from deploy.monitoring.alert import Rule
from deploy.monitoring.dashboards import DASHBOARDS
from deploy.monitoring.drawing import as_json
from deploy.monitoring.objectives import FRESHNESS, OBJECTIVES
from deploy.monitoring.symptoms import SILENCES, SYMPTOMS, WATERMARK_STALLED

HERE = Path(__file__).parent
PAGES = "docs"
HEAD = "# Made by deploy/monitoring/generate.py, which a test compares: change it there.\n"
NAME_LABEL = "app.kubernetes.io/name"
MOST_SAMPLES = 10_000
GROUPS: Mapping[str, tuple[Rule, ...]] = {
    "tellfirst.sources": (*FRESHNESS, WATERMARK_STALLED),
    **{f"tellfirst.{objective.name.lower()}": tuple(objective.rules()) for objective in OBJECTIVES},
    "tellfirst.symptoms": SYMPTOMS,
}
RULES = tuple(rule for group in GROUPS.values() for rule in group)
ALERTS = {rule.alert.name: rule.alert for rule in RULES if rule.alert is not None}


def files(pages: str = PAGES) -> Iterator[tuple[str, str]]:
    """Yield each file, as its path beside this one and its text."""
    groups = [{"name": name, "rules": [rule.as_tree(pages) for rule in rules]} for name, rules in GROUPS.items()]
    yield "prometheus/rules.yaml", _yaml({"groups": groups})
    yield "prometheus/prometheus.yaml", _yaml(prometheus())
    yield "kubernetes/prometheusrule.yaml", _yaml(prometheus_rule(groups))
    yield "kubernetes/podmonitor.yaml", _yaml(pod_monitor())
    yield "alertmanager/alertmanager.yaml", _yaml(alertmanager())
    for dashboard in DASHBOARDS:
        yield f"grafana/dashboards/{dashboard.name}.json", as_json(dashboard, pages)
    yield "grafana/provisioning/dashboards/tellfirst.yaml", _yaml(dashboard_provider())
    yield "grafana/provisioning/datasources/prometheus.yaml", _yaml(data_source())


def prometheus() -> dict[str, Any]:
    return {
        "global": {"scrape_interval": "15s", "evaluation_interval": "15s"},
        "rule_files": ["rules.yaml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": ["127.0.0.1:9093"]}]}]},
        "scrape_configs": [
            {"job_name": "tellfirst", "sample_limit": MOST_SAMPLES, "static_configs": [{"targets": ["127.0.0.1:8787"]}]},
        ],
    }


def prometheus_rule(groups: list[dict[str, Any]]) -> dict[str, Any]:
    return _for_the_operator("PrometheusRule", {"groups": groups})


def pod_monitor() -> dict[str, Any]:
    """Every pod of ours is scraped as the job that the alerts expect: it is called by its label."""
    spec = {
        "jobLabel": NAME_LABEL,
        "selector": {"matchLabels": {NAME_LABEL: "tellfirst"}},
        "namespaceSelector": {"matchNames": ["tellfirst"]},
        "sampleLimit": MOST_SAMPLES,
        "podMetricsEndpoints": [{"port": "http", "path": "/metrics", "interval": "15s"}],
    }
    return _for_the_operator("PodMonitor", spec)


def _for_the_operator(kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    labels = {NAME_LABEL: "tellfirst", "app.kubernetes.io/component": "monitoring"}
    head = {"apiVersion": "monitoring.coreos.com/v1", "kind": kind, "metadata": {"name": "tellfirst", "labels": labels}}
    return {**head, "spec": spec}


def alertmanager() -> dict[str, Any]:
    """The addresses are examples: whoever uses it names their own receivers."""
    receivers = ("pager", "tickets", "deadman")
    return {
        "route": {
            "receiver": "tickets",
            "group_by": ["alertname", "topic", "rule", "channel"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "12h",
            "routes": [
                {
                    "matchers": ['alertname="TellfirstWatchdog"'],
                    "receiver": "deadman",
                    "group_wait": "0s",
                    "group_interval": "1m",
                    "repeat_interval": "1m",
                },
                {"matchers": ['severity="page"'], "receiver": "pager", "group_wait": "10s", "repeat_interval": "1h"},
            ],
        },
        "inhibit_rules": [*_silences(), _page_silences_ticket()],
        "receivers": [
            {"name": name, "webhook_configs": [{"url": f"http://127.0.0.1:9999/{name}", "send_resolved": name != "deadman"}]}
            for name in receivers
        ],
    }


def _silences() -> Iterator[dict[str, Any]]:
    for alert, (silenced, equal) in SILENCES.items():
        yield {
            "source_matchers": [f'alertname="{alert}"'],
            "target_matchers": [f'alertname=~"{"|".join(silenced)}"'],
            **({"equal": list(equal)} if equal else {}),
        }


def _page_silences_ticket() -> dict[str, Any]:
    """Of one budget the slower alerts say nothing new."""
    matchers = {"source_matchers": ['severity="page"'], "target_matchers": ['severity="ticket"', 'window!=""']}
    return {**matchers, "equal": ["alertname"]}


def dashboard_provider() -> dict[str, Any]:
    provider = {"name": "tellfirst", "folder": "tellfirst", "type": "file", "disableDeletion": True, "allowUiUpdates": False}
    return {"apiVersion": 1, "providers": [{**provider, "options": {"path": "/etc/grafana/dashboards/tellfirst"}}]}


def data_source() -> dict[str, Any]:
    source = {"name": "Prometheus", "uid": "prometheus", "type": "prometheus", "access": "proxy", "isDefault": True}
    return {"apiVersion": 1, "datasources": [{**source, "url": "http://127.0.0.1:9090", "jsonData": {"timeInterval": "15s"}}]}


class _Readable(yaml.SafeDumper):
    """Writes texts of several lines as they are, and every tree in full."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Readable.add_representer(str, _text)


def _yaml(tree: object) -> str:
    return HEAD + yaml.dump(tree, Dumper=_Readable, sort_keys=False, width=10_000, allow_unicode=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="generate.py", description="Write the monitoring kit.", allow_abbrev=False)
    parser.add_argument("--pages", default=PAGES, help="where the pages of docs/ stand, such as https://wiki.example/tellfirst")
    parser.add_argument("--into", type=Path, default=HERE, help="the folder to write into")
    asked = parser.parse_args()
    for path, text in files(asked.pages.rstrip("/")):
        target = asked.into / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
