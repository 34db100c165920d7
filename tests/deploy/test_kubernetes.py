"""The Kubernetes objects are ones that Kubernetes takes, within Pod Security restricted, and let a process drain."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tellfirst.init.folder import make_project
from tests.deploy.manifests import HERE, faults

BASE, DATABASE, KAFKA = HERE / "base", HERE / "database", HERE / "kafka"
LABELS = {"app.kubernetes.io/name": "tellfirst"}


def objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield them as kustomize would: with the labels by which they find each other."""
    for each in yaml.safe_load_all(text):
        if each["metadata"]["name"] == "tellfirst" and each["kind"] == "Service":
            each["spec"]["selector"] = LABELS
        if each["metadata"]["name"] == "tellfirst" and each["kind"] == "StatefulSet":
            each["spec"]["selector"] = {"matchLabels": LABELS}
            each["spec"]["template"]["metadata"]["labels"] = LABELS
        yield each


def files_of(folder: Path) -> list[Path]:
    names = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    return [folder / name for name in names if name.endswith(".yaml")]


def all_of(*folders: Path) -> str:
    return "\n---\n".join(path.read_text(encoding="utf-8") for folder in folders for path in files_of(folder))


def test_they_are_without_fault() -> None:
    assert list(faults(objects(all_of(BASE)))) == []


def test_workers_couriers_and_their_topics_are_without_fault() -> None:
    assert list(faults(objects(all_of(BASE, DATABASE, KAFKA)))) == []


def test_the_example_names_every_file_that_a_new_project_has(tmp_path: Path) -> None:
    made = make_project(tmp_path / "shop")
    said = yaml.safe_load((HERE / "example" / "kustomization.yaml").read_text(encoding="utf-8"))["configMapGenerator"]
    named = {name.removeprefix("shop/") for each in said for name in each["files"]}

    assert named == {name for name in made if name.endswith(".yaml") and not name.startswith(".")}


def test_every_file_is_taken() -> None:
    said = (KAFKA / "kustomization.yaml").read_text(encoding="utf-8")

    assert {*BASE.iterdir()} == {BASE / "kustomization.yaml", *files_of(BASE)}
    assert all(path.name in said for path in KAFKA.iterdir() if path.name != "kustomization.yaml")
    assert set(files_of(DATABASE)) == {DATABASE / "migrations.yaml"}


@pytest.mark.parametrize(
    ("said", "wrongly", "fault"),
    [
        ("replicas: 1", "replicaz: 1", "'replicaz' was unexpected"),
        ("fsGroupChangePolicy:", "fsGroupChange:", "'fsGroupChange' was unexpected"),
        ("maxUnavailable: 1", "maxUnavailables: 1", "'maxUnavailables' was unexpected"),
        ("runAsUser: 65532", "runAsUser: nobody", "'nobody' is not of type"),
        ("replicas: 1", "replicas: 2", "two processes for one store"),
        ("runAsNonRoot: true", "runAsNonRoot: false", "it may run as root"),
        ("runAsUser: 65532", "runAsUser: 0", "it may run as root"),
        ("seccompProfile: {type: RuntimeDefault}", "seccompProfile: {type: Unconfined}", "no seccomp profile"),
        ("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", "tellfirst may get more rights"),
        ("capabilities: {drop: [ALL]}", "capabilities: {drop: [ALL], add: [SYS_ADMIN]}", "tellfirst has capabilities"),
        ("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "tellfirst may write to its root"),
        ("emptyDir: {medium: Memory, sizeLimit: 64Mi}", "hostPath: {path: /tmp}", "volume scratch is not allowed"),
        ("enableServiceLinks: false", "hostNetwork: true", "hostNetwork of the node"),
        ("enforce: restricted", "enforce: baseline", "the namespace does not enforce Pod Security restricted"),
        ("terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 20", "it is killed while it drains"),
        ("httpGet: {path: /readyz, port: http}", "httpGet: {path: /livez, port: http}", "readinessProbe does not ask /readyz"),
        ("mountPath: /project/data", "mountPath: /data", "what must survive is on no volume"),
        ("name: TELLFIRST_TOKEN_FILE", "name: TELLFIRST_TOKENFILE", "tellfirst knows no setting `tokenfile`"),
        ("policyTypes: [Ingress, Egress]", "policyTypes: [Ingress]", "the network is open"),
        ("- {name: scratch, mountPath: /tmp}", "- {name: scratches, mountPath: /tmp}", "there is no volume scratches"),
        ("serviceName: tellfirst", "serviceName: tellsecond", "the StatefulSet's service tellsecond is not there"),
        (
            "matchLabels: {app.kubernetes.io/name: tellfirst}",
            "matchLabels: {app: tellfirst}",
            "PodDisruptionBudget tellfirst means no pod",
        ),
    ],
)
def test_what_was_changed_by_mistake_is_found(said: str, wrongly: str, fault: str) -> None:
    text = all_of(BASE)
    assert said in text

    assert any(fault in each for each in _until_broken(text.replace(said, wrongly)))


@pytest.mark.parametrize(
    ("said", "wrongly", "fault"),
    [
        ("podManagementPolicy: Parallel", "podManagementPolicies: Parallel", "'podManagementPolicies' was unexpected"),
        ("--role, worker]", "--role, worker, --rolle]", "tellfirst knows no word `--rolle`"),
        ("args: [kafka, init]", "args: [kafka, begin]", "tellfirst knows no word `begin`"),
        ("restartPolicy: OnFailure", "restartPolicys: OnFailure", "'restartPolicys' was unexpected"),
        ("selector: {app.kubernetes.io/component: courier}", "selector: {app.kubernetes.io/component: couriers}", "means no pod"),
        ("serviceName: tellfirst-worker", "serviceName: tellfirst-workers", "service tellfirst-workers is not there"),
        ("name: TELLFIRST_KAFKA__MEMBER", "name: TELLFIRST_KAFKAS__MEMBER", "tellfirst knows no setting `kafkas`"),
        ("fieldPath: metadata.name", "fieldPaths: metadata.name", "'fieldPath' is a required property"),
        ("args: [upgrade]", "args: [migrate]", "tellfirst knows no word `migrate`"),
        ("component: migrations", "component: courier", "Service tellfirst-courier means the pod of a Job"),
    ],
)
def test_what_was_changed_by_mistake_beside_it_is_found(said: str, wrongly: str, fault: str) -> None:
    text = all_of(BASE, DATABASE, KAFKA)
    assert said in text

    assert any(fault in each for each in _until_broken(text.replace(said, wrongly)))


def _until_broken(text: str) -> Iterator[str]:
    """Yield what is found; a field that is gone may also stop the looking."""
    try:
        yield from faults(objects(text))
    except KeyError as gone:
        yield f"{gone} is gone"
