"""What kustomize itself makes of the Kubernetes files: all three renderings are without fault and say what they are for."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tellfirst.init.folder import make_project
from tests.deploy.manifests import HERE, WORKLOADS, faults


def rendered(folder: Path) -> list[dict[str, Any]]:
    """Return the objects of a kustomization. kubectl, or kustomize, must be on the PATH; no cluster is asked."""
    command = ["kubectl", "kustomize"] if shutil.which("kubectl") else ["kustomize", "build"]
    assert shutil.which(command[0]), "neither kubectl nor kustomize is here: put one on the PATH"
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "deprecated" not in done.stderr
    return list(yaml.safe_load_all(done.stdout))


def the(kind: str, objects: list[dict[str, Any]]) -> dict[str, Any]:
    (found,) = [each for each in objects if each["kind"] == kind]
    return found


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A reader's folder: the example, a project, a token, and the base beside them."""
    shutil.copytree(HERE, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / "example"
    make_project(folder / "shop")
    (folder / "secrets").mkdir()
    (folder / "secrets" / "token").write_text("a-token")
    return folder


def test_the_base_is_without_fault() -> None:
    objects = rendered(HERE / "base")

    assert list(faults(objects)) == []
    assert {each["metadata"].get("namespace", "tellfirst") for each in objects} == {"tellfirst"}


def test_the_database_is_reached_by_its_address_and_a_secret() -> None:
    objects = rendered(HERE / "database")

    assert list(faults(objects)) == []
    said = the("ConfigMap", objects)
    for kind in ("StatefulSet", "Job"):
        (container,) = the(kind, objects)["spec"]["template"]["spec"]["containers"]
        assert container["envFrom"] == [{"configMapRef": {"name": said["metadata"]["name"]}}]
    assert container["args"] == ["upgrade"]
    assert said["data"]["TELLFIRST_DATABASE__ADDRESS"].startswith("postgresql://tellfirst@")
    assert said["data"]["TELLFIRST_DATABASE__PASSWORD_FILE"] == "/run/secrets/tellfirst/database"
    assert {"ports": [{"protocol": "TCP", "port": 5432}]} in the("NetworkPolicy", objects)["spec"]["egress"]


def test_by_kafka_the_process_at_the_door_is_the_intake_and_others_read_and_tell() -> None:
    objects = rendered(HERE / "kafka")

    assert list(faults(objects)) == []
    workloads = [each for each in objects if each["kind"] in WORKLOADS]
    roles = {each["metadata"]["name"]: each["spec"]["template"]["spec"]["containers"][0]["args"][-1] for each in workloads}
    assert roles == {
        "tellfirst": "intake",
        "tellfirst-worker": "worker",
        "tellfirst-courier": "courier",
        "tellfirst-topics": "init",
        "tellfirst-migrations": "upgrade",
    }
    said = {each["metadata"]["name"] for each in objects if each["kind"] == "ConfigMap"}
    for each in workloads:
        (container,) = each["spec"]["template"]["spec"]["containers"]
        asked = {source["configMapRef"]["name"] for source in container["envFrom"]}
        assert asked == said if each["metadata"]["name"] != "tellfirst-migrations" else len(asked) == 1 and asked < said
    (door,) = [each for each in objects if each["kind"] == "Service" and each["metadata"]["name"] == "tellfirst"]
    assert door["spec"]["selector"]["app.kubernetes.io/component"] == "intake"
    assert {"ports": [{"protocol": "TCP", "port": 9092}]} in the("NetworkPolicy", objects)["spec"]["egress"]


@pytest.mark.parametrize("store", ["base", "database"])
def test_the_example_carries_a_project_an_image_and_a_token(own: Path, store: str) -> None:
    file = own / "kustomization.yaml"
    file.write_text(file.read_text().replace("- ../base", f"- ../{store}"))

    objects = rendered(own)

    assert list(faults(objects)) == []
    pod = the("StatefulSet", objects)["spec"]["template"]["spec"]
    made = {each["metadata"]["name"] for each in objects if each["kind"] in ("ConfigMap", "Secret")}
    asked = {each[kind][key] for each in pod["volumes"] for kind, key in NAMED if kind in each}
    assert asked <= made
    assert all(each["metadata"]["name"] in str(pod) for each in objects if each["kind"] in ("ConfigMap", "Secret"))
    assert pod["containers"][0]["image"] == "example/tellfirst:0.1.0"


NAMED = (("configMap", "name"), ("secret", "secretName"))


def test_event_types_of_its_own_reach_every_process(own: Path) -> None:
    (own / "shop" / "events.yaml").write_text("types: {}\n")
    file = own / "kustomization.yaml"
    said = file.read_text().replace("- ../base", "- ../kafka").replace("choices.yaml]", "choices.yaml, shop/events.yaml]")
    file.write_text(f"{said}components: [../events]\n")

    objects = rendered(own)

    assert list(faults(objects)) == []
    pods = [each["spec"]["template"]["spec"] for each in objects if each["kind"] in WORKLOADS]
    assert len(pods) == 5
    assert all("/project/events.yaml" in str(pod["containers"][0]["volumeMounts"]) for pod in pods)
    assert any("events.yaml" in each["data"] for each in objects if each["kind"] == "ConfigMap")
