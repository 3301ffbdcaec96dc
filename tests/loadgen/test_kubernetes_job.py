"""The manifest of a load from many machines: what Kubernetes takes, and what the command it starts takes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from biaoshi.cli import app
from loadgen.schedule import parse_share

MANIFEST = json.loads((Path(__file__).parents[2] / "configs/kubernetes/load-job.json").read_text(encoding="utf-8"))


def strict(required: str, **known: Any) -> dict[str, Any]:
    """An object of these fields and no others."""
    return {"object": known, "required": required.split()}


def each(kind: Any) -> dict[str, Any]:
    return {"array": kind}


TEXT = {"pattern": r"[\s\S]*"}
NAME = {"pattern": r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"}  # RFC 1123, as names of objects must be
LABELS = {"map": {"pattern": r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"}}
QUANTITY = {"map": {"pattern": r"[0-9]+(\.[0-9]+)?(m|Ki|Mi|Gi)?"}}
COUNT, TRUTH = {"least": 0}, {"truth": True}
CONTAINER = strict(
    "name image",
    name=NAME,
    image=TEXT,
    imagePullPolicy={"pattern": "Always|IfNotPresent|Never"},
    command=each(TEXT),
    args=each(TEXT),
    env=each(strict("name", name={"pattern": r"[-._a-zA-Z][-._a-zA-Z0-9]*"}, value=TEXT)),
    resources=strict("", requests=QUANTITY, limits=QUANTITY),
    securityContext=strict("", allowPrivilegeEscalation=TRUTH, readOnlyRootFilesystem=TRUTH),
    volumeMounts=each(strict("name mountPath", name=NAME, mountPath={"pattern": r"/[^:]*"})),
)
POD = strict(
    "containers",
    restartPolicy={"pattern": "OnFailure|Never"},  # of a Job's pods; Always is refused
    automountServiceAccountToken=TRUTH,
    securityContext=strict("", runAsNonRoot=TRUTH, runAsUser=COUNT, fsGroup=COUNT),
    containers=each(CONTAINER),
    volumes=each(strict("name", name=NAME, persistentVolumeClaim=strict("claimName", claimName=NAME, readOnly=TRUTH))),
)
JOB = strict(
    "apiVersion kind metadata spec",
    apiVersion={"pattern": "batch/v1"},
    kind={"pattern": "Job"},
    metadata=strict("name", name=NAME, labels=LABELS, namespace=NAME),
    spec=strict(
        "template",
        completionMode={"pattern": "NonIndexed|Indexed"},
        completions=COUNT,
        parallelism=COUNT,
        backoffLimit=COUNT,
        activeDeadlineSeconds=COUNT,
        ttlSecondsAfterFinished=COUNT,
        template=strict("spec", metadata=strict("", labels=LABELS), spec=POD),
    ),
)


def faults(value: Any, schema: dict[str, Any], at: str = "$") -> list[str]:
    """Where a document is not what batch/v1 says of the fields used here (Kubernetes API reference, Job v1)."""
    if "object" in schema:
        if not isinstance(value, dict):
            return [at]
        known, needed = schema["object"], schema["required"]
        wrong = [f"{at}.{key}" for key in (*(set(value) - set(known)), *(set(needed) - set(value)))]
        return wrong + [bad for key in set(value) & set(known) for bad in faults(value[key], known[key], f"{at}.{key}")]
    if "array" in schema or "map" in schema:
        inner, kind = schema.get("array") or schema["map"], list if "array" in schema else dict
        if not isinstance(value, kind):
            return [at]
        entries = enumerate(value) if isinstance(value, list) else value.items()
        return [bad for key, entry in entries for bad in faults(entry, inner, f"{at}.{key}")]
    if "pattern" in schema:
        return [] if isinstance(value, str) and re.fullmatch(schema["pattern"], value) else [at]
    if "least" in schema:
        return [] if isinstance(value, int) and not isinstance(value, bool) and value >= schema["least"] else [at]
    return [] if isinstance(value, bool) else [at]


def test_the_manifest_is_a_job_of_batch_v1() -> None:
    assert faults(MANIFEST, JOB) == []


@pytest.mark.parametrize(
    ("find", "instead", "where"),
    [
        ('"Indexed"', '"indexed"', "$.spec.completionMode"),
        ('"completions": 16', '"completions": "16"', "$.spec.completions"),
        ('"Never"', '"Always"', "$.spec.template.spec.restartPolicy"),
        ('"volumeMounts"', '"volumeMount"', "$.spec.template.spec.containers.0.volumeMount"),
        ('"512Mi"', '"512 MB"', "$.spec.template.spec.containers.0.resources.requests.memory"),
    ],
)
def test_a_manifest_that_is_none_is_seen(find: str, instead: str, where: str) -> None:
    text = json.dumps(MANIFEST)
    assert find in text
    assert where in faults(json.loads(text.replace(find, instead, 1)), JOB)


def arguments(index: int, **said: str) -> list[str]:
    """The command line of a pod, expanded as the kubelet does."""
    (container,) = MANIFEST["spec"]["template"]["spec"]["containers"]
    values = {each["name"]: each["value"] for each in container["env"]} | {"JOB_COMPLETION_INDEX": str(index)} | said
    return [
        re.sub(r"\$\((\w+)\)", lambda found: values[found[1]], argument)
        for argument in container["command"] + container["args"]
    ]


def test_its_pods_are_all_the_shares_of_one_run() -> None:
    spec = MANIFEST["spec"]
    assert (spec["completionMode"], spec["parallelism"], spec["backoffLimit"]) == ("Indexed", spec["completions"], 0)
    shares, files = set(), set()
    for index in range(spec["completions"]):
        line = arguments(index)
        share = parse_share(line[line.index("--share") + 1])
        assert share.count == spec["completions"]
        shares.add(share.index)
        files.add(line[line.index("--out") + 1])
    assert shares == set(range(spec["completions"]))
    assert len(files) == spec["completions"]


def test_a_pod_starts_a_command_that_lacks_nothing_but_its_moment(tmp_path: Path) -> None:
    line = arguments(15, NETWORK="configs/teaching.toml", DURATION="1s")
    line = [argument.replace("/results", str(tmp_path)) for argument in line]
    done = CliRunner().invoke(app, [*line[1:], "--run-dir", str(tmp_path)])
    assert done.exit_code == 2
    assert "--start-at: is past" in done.stderr
