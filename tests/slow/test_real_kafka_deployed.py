"""What compose.yaml and the Kubernetes objects say of our services is what these need: an event is told by all of them together.

Their words, environment, secrets and health check, on a real broker and a real PostgreSQL; without an engine, so without images.
"""

import json
import shlex
import shutil
import time
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
import yaml
from psycopg.conninfo import conninfo_to_dict

from tellfirst.init.folder import make_project
from tests.deploy.manifests import DRAIN_SECONDS
from tests.deploy.manifests import HERE as KUBERNETES
from tests.deploy.test_compose import CHOICE, COMPOSE, EXAMPLE, VARIABLE
from tests.slow.real_containers import PATIENCE_SECONDS, Container, running
from tests.slow.real_kafka import Broker
from tests.slow.test_real_kafka_roles import failures
from tests.slow.test_real_kustomize import rendered
from tests.storage.server import database

pytestmark = pytest.mark.timeout(400)  # what is found right after a start is held for a minute or two, until all is seen

TOKEN, PASSWORD, RULE = "a-token-of-senders", "a-password", "payment-failing"
CUSTOMERS = 5
Deployed = tuple[Sequence[Container], Sequence[Container]]


@pytest.fixture
def world(broker: Broker) -> Iterator[dict[str, str]]:
    """The broker and the database under the names that the files give them; its owner has no other rights."""
    with psycopg.connect(database(), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE tellfirst LOGIN PASSWORD '{PASSWORD}'")
        connection.execute("CREATE DATABASE tellfirst OWNER tellfirst")
    host = quote(str(conninfo_to_dict(database())["host"]), safe="")
    yield {**dict.fromkeys(("kafka:9092", "kafka.example:9092"), broker.address),
           **dict.fromkeys(("database:5432", "database.example:5432"), f"{host}:5432")}  # fmt: skip
    with psycopg.connect(database(), autocommit=True) as connection:
        connection.execute("DROP DATABASE tellfirst WITH (FORCE)")
        connection.execute("DROP ROLE tellfirst")


def of_compose(folder: Path, world: Mapping[str, str]) -> Deployed:
    """Return the services of ours in the profile `core`, as example.env chooses them: what ends first, and what stays."""
    services, chosen = yaml.safe_load(COMPOSE)["services"], {name: shlex.split(said)[0] for name, said in CHOICE.findall(EXAMPLE)}
    del chosen["TELLFIRST_CHANNELS"]
    secrets = folder / "secrets"
    secrets.mkdir()
    for secret, value in {"token": TOKEN, "database": PASSWORD}.items():
        (secrets / secret).write_text(f"{value}\n")
    (shared := folder / "data").mkdir()
    found = {}
    for name in ("topics", "tellfirst", "worker", "courier"):
        service, place = services[name], folder / name
        make_project(place)
        kept = [each for each in service["volumes"] if each["target"] == "/project/data"][0]["type"] == "volume"
        (place / "data").symlink_to(shared) if kept else (place / "data").mkdir()
        words = [VARIABLE.sub(lambda one: chosen.get(one[1], (one[2] or "")[2:]), word) for word in service["command"]]
        said = {key: chosen.get(key) if value is None else value for key, value in service["environment"].items()}
        variables = {key: VARIABLE.sub(lambda one: one[2][2:], value) for key, value in said.items() if value is not None}
        places = {"/project": str(place), "/run/secrets": str(secrets)}
        found[name] = Container(name, words, variables, {**world, **places}, folder / f"{name}.log")
    return [found.pop("topics")], list(found.values())


def of_kubernetes(folder: Path, world: Mapping[str, str]) -> Deployed:
    """Return the Jobs, and each pod of the others, of a reader's folder that is made as the example is, for Kafka."""
    shutil.copytree(KUBERNETES, folder, dirs_exist_ok=True)
    own = folder / "example"
    make_project(own / "shop")
    (own / "secrets").mkdir()
    (own / "secrets" / "token").write_text(TOKEN)
    (own / "secrets" / "database").write_text(PASSWORD)
    file = own / "kustomization.yaml"
    text = file.read_text().replace("../base", "../kafka")
    file.write_text(text.replace("[secrets/token]", "[secrets/token, secrets/database]"))
    objects = rendered(own)
    files = {each["metadata"]["name"]: each for each in objects if each["kind"] in ("ConfigMap", "Secret")}
    pods = [
        pod
        for each in objects
        if each["kind"] in ("StatefulSet", "Deployment", "Job")
        for pod in _pods(each, files, folder, world)
    ]
    return [each for kind, each in pods if kind == "Job"], [each for kind, each in pods if kind != "Job"]


def _pods(
    workload: dict[str, Any], files: Mapping[str, Any], folder: Path, world: Mapping[str, str]
) -> Iterator[tuple[str, Container]]:
    spec = workload["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    for number in range(workload["spec"].get("replicas", 1)):
        name = f"{workload['metadata']['name']}-{number}"
        places = _mounted(container, spec["volumes"], files, folder / "pods" / name)
        variables = {
            key: value for source in container["envFrom"] for key, value in files[source["configMapRef"]["name"]]["data"].items()
        }
        variables |= {each["name"]: each.get("value", name) for each in container["env"]}
        yield workload["kind"], Container(name, container["args"], variables, {**world, **places}, folder / f"{name}.log")


def _mounted(container: dict[str, Any], volumes: Sequence[dict[str, Any]], files: Mapping[str, Any], pod: Path) -> dict[str, str]:
    """Make the folders of a pod with what is mounted there and nothing else."""
    by_name = {each["name"]: each for each in volumes}
    for mount in container["volumeMounts"]:
        volume, place = by_name.get(mount["name"], {}), pod / mount["mountPath"].removeprefix("/")
        source = volume.get("configMap", {}).get("name") or volume.get("secret", {}).get("secretName")
        if source is None:
            place.mkdir(parents=True, exist_ok=True)
            continue
        held = _texts(files[source])
        named = {place: held[mount["subPath"]]} if "subPath" in mount else {place / name: text for name, text in held.items()}
        for path, text in named.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return {"/project": str(pod / "project"), "/run/secrets": str(pod / "run/secrets")}


def _texts(source: Mapping[str, Any]) -> dict[str, str]:
    encoded = source["kind"] == "Secret"
    return {name: b64decode(text).decode() if encoded else text for name, text in source["data"].items()}


@pytest.mark.parametrize("deployed", [of_compose, of_kubernetes])
def test_an_event_that_is_posted_at_the_door_is_told_and_all_of_them_drain(
    deployed: Any, tmp_path: Path, world: dict[str, str]
) -> None:
    first, staying = deployed(tmp_path, world)
    assert [each.ends() for each in first] == [0] * len(first), [each.said() for each in first]

    with running(staying):
        doors = [each for each in staying if "intake" in each.words]
        (courier, *_) = [each for each in staying if "courier" in each.words]
        courier.tellfirst("rules", "publish", RULE, "--live")

        assert doors[0].post(failures(range(CUSTOMERS)), token="another") == 401
        assert doors[-1].post(failures(range(CUSTOMERS)), token=TOKEN) == 202
        told = until_told(courier)
        ended = [each.stop() for each in staying]

    assert told == [f"order/O{number}" for number in range(CUSTOMERS)]
    assert [code for code, _ in ended] == [0] * len(staying), [each.said() for each in staying]
    assert all(seconds < DRAIN_SECONDS for _, seconds in ended)


def until_told(courier: Container) -> list[str]:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        lines = map(json.loads, courier.tellfirst("export", "notices").splitlines())
        if len(cases := sorted(line["case"] for line in lines if line["answer"] == "told")) >= CUSTOMERS:
            return cases
        time.sleep(0.5)
    raise AssertionError(courier.said())
