"""The compose file is one that compose reads, hangs together, and says to tellfirst only what tellfirst knows."""

import json
import re
import shlex
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.monitoring.generate import HERE as MONITORING
from streams.project import load_settings
from tellfirst.init.folder import make_project
from tellfirst.settings import OF_PROJECT, PREFIX, Settings, read_settings
from tests.deploy.dockerfile import ROOT
from tests.deploy.manifests import DRAIN_SECONDS
from tests.deploy.test_runbooks import faults_of

HERE = ROOT / "deploy" / "compose"
COMPOSE = (HERE / "compose.yaml").read_text(encoding="utf-8")
EXAMPLE = (HERE / "example.env").read_text(encoding="utf-8")
PROFILES = {"mail", "watch", "database", "core"}
VARIABLE = re.compile(r"\$\{(\w+)(:-[^}]+)?\}")
CHOICE = re.compile(r"^# (\w+)=(.+)$", re.MULTILINE)


def faults(compose: str) -> Iterator[str]:
    tree = yaml.safe_load(compose)
    yield from _of_the_form(tree)
    services: dict[str, Any] = tree["services"]
    for name, service in services.items():
        yield from (f"{name}: {fault}" for fault in _of_a_service(service, tree))
    yield from (f"${{{found[1]}}} is empty unless somebody sets it" for found in VARIABLE.finditer(compose) if not found[2])
    if (found := {profile for each in services.values() for profile in each.get("profiles", [])}) != PROFILES:
        yield f"the profiles are {sorted(found)}"
    for name in ("tellfirst", "worker", "courier", "topics"):
        yield from (f"{name}: {fault}" for fault in _of_tellfirst(services[name]))


def _of_the_form(tree: Any) -> Iterator[str]:
    """What the compose specification's own schema refuses."""
    from jsonschema import Draft7Validator

    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    for error in Draft7Validator(json.loads(schema.read_text(encoding="utf-8"))).iter_errors(tree):
        yield f"{'.'.join(map(str, error.absolute_path))}: {error.message}"


def _of_a_service(service: dict[str, Any], tree: dict[str, Any]) -> Iterator[str]:
    for mount in service.get("volumes", []):
        source = mount.get("source", "")
        if mount["type"] == "volume" and source not in tree["volumes"]:
            yield f"there is no volume {source}"
        if mount["type"] == "bind" and "$" not in source and not (HERE / source).exists():
            yield f"{source} is not there"
    yield from (f"there is no secret {each}" for each in service.get("secrets", []) if each not in tree["secrets"])
    yield from (f"there is no service {each}" for each in service.get("depends_on", {}) if each not in tree["services"])
    yield from (f"{port} is open to the world" for port in service.get("ports", []) if not port.startswith("127.0.0.1:"))
    if "build" not in service and ":" not in service["image"]:
        yield f"{service['image']} is whatever is newest"
    if "no-new-privileges:true" not in service.get("security_opt", []) and not service["image"].startswith("postgres:"):
        yield "it may get more rights than it has"


def _of_tellfirst(service: dict[str, Any]) -> Iterator[str]:
    names = [name.removeprefix(PREFIX).lower().split("__") for name in service["environment"]]
    yield from (f"tellfirst knows no setting `{name}`" for name, *_ in names if name not in Settings.model_fields)
    yield from (
        f"tellfirst knows no word `{word}`" for word in faults_of([VARIABLE.sub("all", word) for word in service["command"]])
    )
    if service["user"].startswith("0") or not service["read_only"] or service["cap_drop"] != ["ALL"]:
        yield "it has more rights than it needs"
    if int(service["stop_grace_period"].removesuffix("s")) <= DRAIN_SECONDS:
        yield "it is killed while it drains"


def test_it_is_without_fault() -> None:
    assert list(faults(COMPOSE)) == []


@pytest.mark.parametrize(
    ("said", "wrongly", "fault"),
    [
        ("cap_drop: [ALL]\n  security_opt", "cap_dropp: [ALL]\n  security_opt", "cap_dropp"),
        ("profiles: [mail]", "profile: [mail]", "profile"),
        ("stop_grace_period: 30s", "stop_grace_periods: 30s", "stop_grace_periods"),
        ("condition: service_healthy", "condition: healthy", "healthy"),
        ("stop_grace_period: 30s", "stop_grace_period: 20s", "worker: it is killed while it drains"),
        ('user: "65532:65532"', 'user: "0:0"', "courier: it has more rights than it needs"),
        ("TELLFIRST_CHANNELS:", "TELLFIRST_CHANELS:", "tellfirst knows no setting `chanels`"),
        ("secrets: [token, database]", "secrets: [token, databases]", "there is no secret databases"),
        ("source: data,", "source: date,", "there is no volume date"),
        ("./watch/prometheus.yaml", "./watch/prometeus.yaml", "./watch/prometeus.yaml is not there"),
        ('"127.0.0.1:8787:8787"', '"8787:8787"', "8787:8787 is open to the world"),
        ("${TELLFIRST_IMAGE:-tellfirst}", "${TELLFIRST_IMAGE}", "${TELLFIRST_IMAGE} is empty unless somebody sets it"),
        ("postgres:17", "postgres", "postgres is whatever is newest"),
        ("profiles: [database, core]", "profiles: [postgres, core]", "the profiles are"),
        ("--role, worker]", "--roll, worker]", "worker: tellfirst knows no word `--roll`"),
        ("[kafka, init]", "[kafka, begin]", "topics: tellfirst knows no word `begin`"),
        ("kafka: {condition: service_healthy}", "broker: {condition: service_healthy}", "topics: there is no service broker"),
    ],
)
def test_what_was_changed_by_mistake_is_found(said: str, wrongly: str, fault: str) -> None:
    assert said in COMPOSE

    assert any(fault in each for each in faults(COMPOSE.replace(said, wrongly, 1)))


def test_what_the_example_chooses_is_what_the_compose_file_asks_for() -> None:
    asked = {found[1] for found in VARIABLE.finditer(COMPOSE)} | set(
        yaml.safe_load(COMPOSE)["services"]["tellfirst"]["environment"]
    )

    chosen = dict(CHOICE.findall(EXAMPLE))

    assert set(chosen) - {"COMPOSE_PROFILES"} <= asked
    assert set(chosen["COMPOSE_PROFILES"].split(",")) == PROFILES


def test_its_settings_lead_to_the_mail_server_and_to_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path)
    for name, said in CHOICE.findall(EXAMPLE):
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower().split("__")[0] in OF_PROJECT:
            monkeypatch.setenv(name, shlex.split(said)[0])
    services = yaml.safe_load(COMPOSE)["services"]

    settings = load_settings(tmp_path, read_settings().overrides())

    assert settings.database is not None
    assert settings.database.address == "postgresql://tellfirst@database:5432/tellfirst"
    assert settings.database.password is not None
    assert str(settings.database.password.file) == services["database"]["environment"]["POSTGRES_PASSWORD_FILE"]
    assert {word: provider.host for word, provider in settings.channels.items()} == {"email": "mail"}
    assert settings.kafka is not None
    assert settings.kafka.brokers == (
        services["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"].removeprefix("PLAINTEXT://"),
    )
    assert {"database", "mail"} <= set(services)


@pytest.mark.parametrize(
    ("ours", "theirs", "names"),
    [
        ("prometheus.yaml", "prometheus/prometheus.yaml", {"tellfirst:8787": "127.0.0.1:8787"}),
        ("datasource.yaml", "grafana/provisioning/datasources/prometheus.yaml", {"prometheus:9090": "127.0.0.1:9090"}),
    ],
)
def test_it_is_watched_as_the_monitoring_kit_does(ours: str, theirs: str, names: dict[str, str]) -> None:
    text = (HERE / "watch" / ours).read_text(encoding="utf-8")
    for name, address in names.items():
        text = text.replace(name, address)

    expected = yaml.safe_load((MONITORING / theirs).read_text(encoding="utf-8"))
    expected.pop("alerting", None)
    found = yaml.safe_load(text)
    for job in found.get("scrape_configs", []):
        assert set(job.pop("dns_sd_configs")[0]["names"]) < set(yaml.safe_load(COMPOSE)["services"])

    assert found == expected
