"""What we have for the operator is what it takes: by the schemas that its own definitions of the kinds carry."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from deploy.monitoring.generate import HERE

OPERATOR = "github.com/prometheus-operator/prometheus-operator@v0.79.2"
KINDS = ("prometheusrule", "podmonitor")
OURS = {kind: (HERE / "kubernetes" / f"{kind}.yaml").read_text(encoding="utf-8") for kind in KINDS}


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    assert shutil.which("go"), "go is not here: apt-get install --no-install-recommends golang-go"
    words = ["go", "mod", "download", "-json", OPERATOR]
    done = subprocess.run(words, cwd=tmp_path_factory.mktemp("go"), capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    definitions = Path(json.loads(done.stdout)["Dir"]) / "example" / "prometheus-operator-crd"
    return {kind: schema_in(definitions / f"monitoring.coreos.com_{kind}s.yaml") for kind in KINDS}


def schema_in(definition: Path) -> dict[str, Any]:
    (version,) = yaml.safe_load(definition.read_text(encoding="utf-8"))["spec"]["versions"]
    return {**closed(version["schema"]["openAPIV3Schema"]), "title": version["name"]}


def closed(schema: Any) -> Any:
    """Return a schema that refuses fields which it does not know, as Kubernetes warns of them; labels are free."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **inner} if isinstance(inner.get("properties"), dict) else inner


def faults(schema: dict[str, Any], text: str) -> Iterator[str]:
    ours = yaml.safe_load(text)
    metadata = ours.pop("metadata")
    assert metadata["name"] == "tellfirst" and ours["apiVersion"].endswith(schema["title"])
    yield from (fault.message for fault in Draft202012Validator(schema).iter_errors(ours))


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_without_fault(schemas: dict[str, dict[str, Any]], kind: str) -> None:
    assert list(faults(schemas[kind], OURS[kind])) == []


@pytest.mark.parametrize(
    ("kind", "said", "wrongly"),
    [
        ("prometheusrule", "expr:", "exprs:"),
        ("prometheusrule", "for: 5m", "for: 5 minutes"),
        ("prometheusrule", "groups:", "group:"),
        ("podmonitor", "jobLabel:", "jobLable:"),
        ("podmonitor", "interval: 15s", "interval: 15 seconds"),
        ("podmonitor", "podMetricsEndpoints:", "endpoints:"),
    ],
)
def test_what_was_changed_by_mistake_is_found(schemas: dict[str, dict[str, Any]], kind: str, said: str, wrongly: str) -> None:
    assert said in OURS[kind]

    assert list(faults(schemas[kind], OURS[kind].replace(said, wrongly, 1))) != []
