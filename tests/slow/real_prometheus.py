"""Prometheus, promtool and Alertmanager as Debian packages them: found, asked, and run on loopback on ports that nobody uses."""

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from deploy.monitoring.generate import GROUPS, HERE, PAGES, RULES
from tests.deploy.alert_cases import Case

UNPACKED = HERE / "tools" / "usr" / "bin"
READY_WITHIN_SECONDS = 30
SHORT = 60


def tool(name: str) -> str:
    """Return where a program is. Raises LookupError, with what to do."""
    found = shutil.which(name, path=str(UNPACKED)) or shutil.which(name)
    if found is None:
        raise LookupError(f"{name} is not here: .ci/tools fetches it")
    return found


def run(*words: str) -> str:
    """Return what a program said; when it fails, that is the error."""
    done = subprocess.run([tool(words[0]), *words[1:]], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def judge(cases: Iterable[Case], rules: Path, into: Path) -> None:
    """Have `promtool test rules` judge cases; those of many hours in steps of 5 minutes."""
    steps: dict[str, list[Case]] = {"1m": [], "5m": []}
    for case in cases:
        steps["1m" if case.at <= SHORT else "5m"].append(case)
    for step, some in steps.items():
        if some:
            tests = into / f"every-{step}.yaml"
            head = {"rule_files": [str(rules)], "group_eval_order": list(GROUPS), "evaluation_interval": step}
            tests.write_text(yaml.safe_dump({**head, "tests": [_test(case) for case in some]}))
            run("promtool", "test", "rules", str(tests))


def _test(case: Case) -> dict[str, Any]:
    expected = [_expected(case, labels) for labels in case.fires]
    return {
        "name": f"{case.alert}: {case.why}",
        "interval": "1m",
        "input_series": [{"series": series, "values": values} for series, values in case.series.items()],
        "alert_rule_test": [{"eval_time": f"{case.at}m", "alertname": case.alert, "exp_alerts": expected}],
    }


def _expected(case: Case, labels: Mapping[str, str]) -> dict[str, Any]:
    alerts = [rule.alert for rule in RULES if rule.alert is not None and rule.alert.name == case.alert]
    alert = next(alert for alert in alerts if alert.labels.items() <= labels.items())
    rule: Any = alert.as_rule("", PAGES)
    annotations = {**rule["annotations"], "summary": case.says or alert.summary}
    return {"exp_labels": {**rule["labels"], **labels}, "exp_annotations": annotations}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(name: str, *words: str, ready: str, log: Path) -> Iterator[None]:
    """Run a server as long as it is needed. ready: what answers 200 once it is."""
    with log.open("w") as lines, subprocess.Popen([tool(name), *words], stdout=lines, stderr=lines) as server:
        try:
            _until_ready(server, ready, log)
            yield
        finally:
            server.terminate()
            server.wait(timeout=30)


def _until_ready(server: "subprocess.Popen[bytes]", ready: str, log: Path) -> None:
    for _ in range(READY_WITHIN_SECONDS * 20):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(ready, timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"not ready: {log.read_text()}")


@contextmanager
def prometheus(config: Path, *, data: Path) -> Iterator[str]:
    """Yield the address of a Prometheus with this configuration, on the blocks of `data`."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    words = (f"--config.file={config}", f"--storage.tsdb.path={data}", f"--web.listen-address=127.0.0.1:{port}")
    more = ("--storage.tsdb.retention.time=10y", "--rules.alert.resend-delay=1s")
    with serving("prometheus", *words, *more, ready=f"{address}/-/ready", log=config.with_suffix(".prometheus.log")):
        yield address


@contextmanager
def alertmanager(config: Path, *, port: int) -> Iterator[None]:
    words = (f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=")
    ready, log = f"http://127.0.0.1:{port}/-/ready", config.with_suffix(".alertmanager.log")
    with serving("prometheus-alertmanager", *words, f"--storage.path={config.parent / 'am'}", ready=ready, log=log):
        yield


def ask(address: str, expr: str, *, start: float, end: float, step: int) -> list[dict[str, Any]]:
    """Return the series of an answer over time; an expression that is refused is an error."""
    words = urllib.parse.urlencode({"query": expr, "start": start, "end": end, "step": step})
    try:
        with urllib.request.urlopen(f"{address}/api/v1/query_range?{words}", timeout=30) as answer:
            series: list[dict[str, Any]] = json.load(answer)["data"]["result"]
            return series
    except urllib.error.HTTPError as refused:
        raise AssertionError(f"{expr}: {refused.read().decode()}") from refused
