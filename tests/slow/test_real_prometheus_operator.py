"""The PrometheusRule is one that the operator takes: by the schema that its own definition of the kind carries."""

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
DEFINITION = "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml"
OURS = (HERE / "kubernetes" / "prometheusrule.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    assert shutil.which("go"), "go is not here: apt-get install --no-install-recommends golang-go"
    words = ["go", "mod", "download", "-json", OPERATOR]
    done = subprocess.run(words, cwd=tmp_path_factory.mktemp("go"), capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    definition = yaml.safe_load((Path(json.loads(done.stdout)["Dir"]) / DEFINITION).read_text(encoding="utf-8"))
    (version,) = definition["spec"]["versions"]
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
    rule = yaml.safe_load(text)
    metadata = rule.pop("metadata")
    assert metadata["name"] == "tellfirst" and rule["apiVersion"].endswith(schema["title"])
    yield from (fault.message for fault in Draft202012Validator(schema).iter_errors(rule))


def test_it_is_without_fault(schema: dict[str, Any]) -> None:
    assert list(faults(schema, OURS)) == []


@pytest.mark.parametrize(("said", "wrongly"), [("expr:", "exprs:"), ("for: 5m", "for: 5 minutes"), ("groups:", "group:")])
def test_what_was_changed_by_mistake_is_found(schema: dict[str, Any], said: str, wrongly: str) -> None:
    assert said in OURS

    assert list(faults(schema, OURS.replace(said, wrongly, 1))) != []
