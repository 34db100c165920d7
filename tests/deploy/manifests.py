"""Kubernetes objects read, and what is wrong with them by its schemas, by Pod Security, and by what tellfirst needs."""

from collections.abc import ItemsView, Iterable, Iterator, Sequence
from typing import Any

from tellfirst.settings import PREFIX, Settings
from tests.deploy.dockerfile import ROOT
from tests.deploy.test_runbooks import faults_of

HERE = ROOT / "deploy" / "kubernetes"
VERSIONS = ("1.30", "1.37")
VOLUMES = {"configMap", "emptyDir", "secret", "projected", "downwardAPI", "persistentVolumeClaim"}
WORKLOADS = ("StatefulSet", "Deployment", "Job")
DRAIN_SECONDS = 25


def faults(objects: Iterable[dict[str, Any]]) -> Iterator[str]:
    found = list(objects)
    for each in found:
        yield from _of_the_form(each)
    for workload in (each for each in found if each["kind"] in WORKLOADS):
        yield from _of_pod_security(workload["spec"]["template"]["spec"])
        yield from _of_its_words_and_volumes(workload["spec"])
        if workload["kind"] != "Job":
            yield from _of_the_process(workload["spec"])
    namespaces = [each["metadata"].get("labels", {}) for each in found if each["kind"] == "Namespace"]
    if any(labels.get("pod-security.kubernetes.io/enforce") != "restricted" for labels in namespaces):
        yield "the namespace does not enforce Pod Security restricted"
    yield from _of_what_belongs_together(found)


def _of_the_form(each: dict[str, Any]) -> Iterator[str]:
    """What the schemas of the oldest and the newest Kubernetes refuse, fields that they do not know among it."""
    import kubernetes_validate

    for version in VERSIONS:
        try:
            kubernetes_validate.validate(each, version, strict=True)
        except kubernetes_validate.ValidationError as fault:
            yield f"{each['kind']}: {'.'.join(map(str, fault.path))}: {fault.message}"


def _of_pod_security(pod: dict[str, Any]) -> Iterator[str]:
    """The controls of the standard's profile `restricted` that concern what a pod may say."""
    context = pod.get("securityContext", {})
    if context.get("runAsNonRoot") is not True or context.get("runAsUser", 1) == 0:
        yield "it may run as root"
    if context.get("seccompProfile", {}).get("type") not in ("RuntimeDefault", "Localhost"):
        yield "no seccomp profile"
    yield from (f"{key} of the node" for key in ("hostNetwork", "hostPID", "hostIPC") if pod.get(key))
    yield from (f"volume {each['name']} is not allowed" for each in pod.get("volumes", []) if not set(each) - {"name"} <= VOLUMES)
    for container in pod["containers"] + pod.get("initContainers", []):
        own = container.get("securityContext", {})
        if own.get("allowPrivilegeEscalation") is not False or own.get("privileged") or own.get("runAsUser", 1) == 0:
            yield f"{container['name']} may get more rights"
        if own.get("capabilities", {}).get("drop") != ["ALL"] or own["capabilities"].get("add"):
            yield f"{container['name']} has capabilities"
        if own.get("readOnlyRootFilesystem") is not True:
            yield f"{container['name']} may write to its root"


def _of_the_process(spec: dict[str, Any]) -> Iterator[str]:
    pod = spec["template"]["spec"]
    (container,) = pod["containers"]
    if spec["replicas"] != 1 and "--role" not in container.get("args", []):
        yield "two processes for one store"
    if pod.get("terminationGracePeriodSeconds", 30) <= DRAIN_SECONDS:
        yield "it is killed while it drains"
    for probe, route in {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}.items():
        if container.get(probe, {}).get("httpGet", {}).get("path") != route:
            yield f"{probe} does not ask {route}"


def _of_its_words_and_volumes(spec: dict[str, Any]) -> Iterator[str]:
    pod = spec["template"]["spec"]
    (container,) = pod["containers"]
    yield from (f"tellfirst knows no word `{word}`" for word in faults_of(container.get("args", ["run"])))
    names = [each["name"].removeprefix(PREFIX).lower().split("__")[0] for each in container["env"]]
    yield from (f"tellfirst knows no setting `{name}`" for name in names if name not in Settings.model_fields)
    there = {each["name"] for each in pod["volumes"]} | {
        each["metadata"]["name"] for each in spec.get("volumeClaimTemplates", [])
    }
    yield from (f"there is no volume {each['name']}" for each in container["volumeMounts"] if each["name"] not in there)
    if "/project/data" not in {each["mountPath"] for each in container["volumeMounts"]}:
        yield "what must survive is on no volume"


def _of_what_belongs_together(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    by_kind = {each["kind"]: each for each in found}
    yield from (f"no {kind}" for kind in ("NetworkPolicy", "PodDisruptionBudget", "Service") if kind not in by_kind)
    policy = by_kind.get("NetworkPolicy", {}).get("spec", {})
    if set(policy.get("policyTypes", [])) != {"Ingress", "Egress"}:
        yield "the network is open"
    if any("from" not in each for each in policy.get("ingress", [])):
        yield "anybody may send"
    services = {each["metadata"]["name"] for each in found if each["kind"] == "Service"}
    named = {each["spec"]["serviceName"] for each in found if each["kind"] == "StatefulSet"}
    yield from (f"the StatefulSet's service {name} is not there" for name in named - services)
    yield from _of_who_is_meant(found)


def _of_who_is_meant(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    """A budget or a service that chooses no pod does nothing, and says nothing of it."""
    pods = [_labels(each) for each in found if each["kind"] in WORKLOADS]
    passing = [_labels(each) for each in found if each["kind"] == "Job"]
    for each in found:
        if each["kind"] in ("PodDisruptionBudget", "Service"):
            selector = each["spec"].get("selector", {})
            wanted = selector.get("matchLabels", {}) if each["kind"] == "PodDisruptionBudget" else selector
            if not wanted or not any(wanted.items() <= pod for pod in pods):
                yield f"{each['kind']} {each['metadata']['name']} means no pod"
            if wanted and any(wanted.items() <= pod for pod in passing):
                yield f"{each['kind']} {each['metadata']['name']} means the pod of a Job"


def _labels(workload: dict[str, Any]) -> ItemsView[str, str]:
    labels: dict[str, str] = workload["spec"]["template"]["metadata"].get("labels", {})
    return labels.items()
