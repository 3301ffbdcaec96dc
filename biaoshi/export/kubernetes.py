"""Kubernetes manifests: for each node a service with a fixed cluster address, and a stateful set of one pod behind it.

HS_SITE tells addresses, not names, so a node is known by its service's; it listens at its pod's (`--listen`). Keys are
made once, by a job, in a volume that all pods mount (access mode ReadWriteMany): no manifest holds a secret.
"""

from __future__ import annotations

from collections import Counter

from biaoshi.export.container import DATA, KEYS, STOP_S, USER, WATCH_PORT, Contained, label, node_command, ports
from biaoshi.export.yaml import Data, documents
from nodes.config import NodePlan
from resolver.errors import OperatorError

FILE = "kubernetes.yaml"
NAME_LETTERS_MAX = 52  # a stateful set's, with the revision that is put behind it in a label of 63
KEYS_CLAIM = "biaoshi-keys"
COMPLETE = f"{KEYS}/.complete"
SECURITY: dict[str, Data] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


def manifests(contained: Contained) -> list[Data]:
    """The documents, in the order in which they are wanted."""
    names = _names(contained)
    space = f"biaoshi-{contained.name}"
    found: list[Data] = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space}}]
    if contained.keyed:
        found += [_claim(space), _job(contained, space)]
    for node in contained.plan.nodes:
        found += [_service(node, names[node.name], space), _set(contained, node, names[node.name], space)]
    return found


def files(contained: Contained) -> dict[str, bytes]:
    """What goes into the folder."""
    about = (
        f"Network {contained.plan.name}: {len(contained.plan.nodes)} nodes, each in its pod. The addresses must lie in "
        "the cluster's service range (--subnet), the image where the cluster finds it (--image), and the default\n"
        "storage class must give ReadWriteMany for the keys.\n"
        f"    kubectl apply --filename {FILE}\n"
        f"Every pod shows /metrics, /healthz and /readyz at port {WATCH_PORT}."
    )
    return {**contained.files, FILE: documents(manifests(contained), about).encode()}


def _names(contained: Contained) -> dict[str, str]:
    """A service's name is a label of RFC 1035: no dots. OperatorError if two would be the same, or one long."""
    names = {node.name: label(node.name) for node in contained.plan.nodes}
    names = {name: made if made[0].isalpha() else f"node-{made}" for name, made in names.items()}
    twice = Counter(names.values())
    for name, made in names.items():
        if twice[made] > 1 or len(made) > NAME_LETTERS_MAX:
            raise OperatorError(
                f"makes no name of its own in Kubernetes ({made})", key="nodes", value=name,
                remedy=f"Names differ in letters or digits, and have {NAME_LETTERS_MAX} letters at most",
            )  # fmt: skip
    return names


def _metadata(name: str, space: str, component: str) -> dict[str, Data]:
    return {"name": name, "namespace": space, "labels": _labels(name, component)}


def _labels(name: str, component: str) -> dict[str, Data]:
    return {
        "app.kubernetes.io/name": "biaoshi",
        "app.kubernetes.io/instance": name,
        "app.kubernetes.io/component": component,
    }


def _claim(space: str) -> dict[str, Data]:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": _metadata(KEYS_CLAIM, space, "keys"),
        "spec": {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "64Mi"}}},
    }


def _pod(containers: list[Data], volumes: list[Data], **more: Data) -> dict[str, Data]:
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": STOP_S,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": containers,
        "volumes": volumes,
        **more,
    }


def _container(name: str, image: str, command: list[str], mounts: list[Data], **more: Data) -> dict[str, Data]:
    return {
        "name": name,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": command,
        "securityContext": SECURITY,
        "volumeMounts": mounts,
        **more,
    }


def _job(contained: Contained, space: str) -> dict[str, Data]:
    make = f"biaoshi network keys {contained.file} {KEYS} && touch {COMPLETE}"
    mounts: list[Data] = [{"name": "keys", "mountPath": KEYS}]
    volumes: list[Data] = [{"name": "keys", "persistentVolumeClaim": {"claimName": KEYS_CLAIM}}]
    container = _container("keys", contained.image, ["sh", "-c", make], mounts)
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": _metadata("biaoshi-keys", space, "keys"),
        "spec": {
            "backoffLimit": 3,
            "template": {
                "metadata": {"labels": _labels("biaoshi-keys", "keys")},
                "spec": _pod([container], volumes, restartPolicy="OnFailure"),
            },
        },
    }


def _service(node: NodePlan, name: str, space: str) -> dict[str, Data]:
    listed: list[Data] = [
        {"name": called, "port": port, "targetPort": port, "protocol": kind} for called, port, kind in ports(node)
    ]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _metadata(name, space, node.tier),
        "spec": {"clusterIP": node.ip, "selector": _labels(name, node.tier), "ports": listed},
    }


def _set(contained: Contained, node: NodePlan, name: str, space: str) -> dict[str, Data]:
    keeps = node.store == "lmdb" and node.tier != "recursive"
    mounts: list[Data] = [{"name": "data", "mountPath": DATA}]
    volumes: list[Data] = [] if keeps else [{"name": "data", "emptyDir": {}}]
    first: dict[str, Data] = {}
    if contained.keyed:
        mounts.append({"name": "keys", "mountPath": KEYS, "readOnly": True})
        volumes.append({"name": "keys", "persistentVolumeClaim": {"claimName": KEYS_CLAIM}})
        wait = ["sh", "-c", f"until test -e {COMPLETE}; do sleep 1; done"]
        first["initContainers"] = [_container("keys", contained.image, wait, mounts[1:])]
    container = _container(
        "node",
        contained.image,
        [*node_command(contained, node), "--listen", "$(POD_IP)"],
        mounts,
        env=[{"name": "POD_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}],
        ports=[
            *({"name": called, "containerPort": port, "protocol": kind} for called, port, kind in ports(node)),
            {"name": "watch", "containerPort": WATCH_PORT, "protocol": "TCP"},
        ],
        readinessProbe={"httpGet": {"path": "/readyz", "port": "watch"}, "periodSeconds": 5},
        livenessProbe={"httpGet": {"path": "/healthz", "port": "watch"}, "periodSeconds": 10, "failureThreshold": 6},
        resources={"requests": {"cpu": "50m", "memory": "96Mi"}, "limits": {"memory": "1Gi"}},
    )
    claims: list[Data] = [
        {
            "metadata": {"name": "data"},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
        }
    ]
    watched = {"prometheus.io/scrape": "true", "prometheus.io/port": str(WATCH_PORT)}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": _metadata(name, space, node.tier),
        "spec": {
            "serviceName": name,
            "replicas": 1,
            "selector": {"matchLabels": _labels(name, node.tier)},
            "template": {
                "metadata": {"labels": _labels(name, node.tier), "annotations": watched},
                "spec": _pod([container], volumes, **first),
            },
            **({"volumeClaimTemplates": claims} if keeps else {}),
        },
    }
