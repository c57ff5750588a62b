"""Renders the chart with Helm's own library, lints it, and holds what comes out against the schemas of Kubernetes and what we ask of pods.

Called by scripts/kubernetes.mjs, which installs what is imported here. Prints a line for each set of values; status 1 where something is wrong.
"""

import json
import sys

import helm_python as helm
import kubernetes_validate
import yaml

CHART = "deploy/helm/siibra-api"
VERSIONS = ("1.28.0", "1.37.0")
OF_KEDA = {"autoscaling": {"enabled": True, "prometheus": "http://prometheus.monitoring.svc:9090"}}
VARIANTS = {
    "as it is": {},
    "KEDA": OF_KEDA,
    "HPA": {"autoscaling": {"enabled": True, "with": "hpa"}},
    "everything": {
        **OF_KEDA,
        "networkPolicy": {"enabled": True},
        "shared": {"enabled": True, "storageClassName": "nfs"},
        "ingress": {"enabled": True, "className": "nginx", "tlsSecret": "tls"},
        "env": {"SIIBRA_API_BASE_PATH": "/atlas", "SIIBRA_API_EDGE_CACHE_S": 3600, "SIIBRA_API_LOG_CLIENTS": True},
        "envFrom": [{"secretRef": {"name": "passwords"}}],
        "cacheUrl": "redis://answers:6379",
        "resultUrl": "redis://results:6379",
        "queueBrokers": {"features": "redis://features:6379", "compounds": "redis+sentinel://a,b:26380/main"},
    },
    "a broker elsewhere": {"valkey": {"enabled": False}, "brokerUrl": "rediss://broker.example:6380"},
    "ingress without TLS": {"ingress": {"enabled": True}},
    "one worker for all queues": {
        "workers": {
            **dict.fromkeys(("core", "features", "volumes", "compounds")),
            "all": {
                "queues": "core,features,volumes,compounds",
                "threads": 2,
                "minReplicas": 2,
                "maxReplicas": 4,
                "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "3Gi"}},
            },
        },
        "autoscaling": {"enabled": True},
        "networkPolicy": {"enabled": True},
    },
}
# no schemas of these are in kubernetes-validate
CUSTOM = ("ScaledObject",)
MEBIBYTES = {"Mi": 1, "Gi": 1024}


def mebibytes(size):
    return float(size[:-2]) * MEBIBYTES[size[-2:]]


def labels_fit(selector, labels):
    return selector.items() <= labels.items()


def problems_of(objects, values):
    """What of a rendered chart does not hang together, or is not as we want pods to be."""
    def of(kind):
        return [one for one in objects if one["kind"] == kind]

    def wrong(one, what):
        return f"{one['kind']} {one['metadata']['name']}: {what}"

    names = [(one["kind"], one["metadata"]["name"]) for one in objects]
    yield from (f"{kind} {name} is there twice" for kind, name in set(names) if names.count((kind, name)) > 1)
    yield from (wrong(one, "a name of more than 63 characters") for one in objects if len(one["metadata"]["name"]) > 63)
    workloads = of("Deployment") + of("StatefulSet")
    for one in workloads:
        spec = one["spec"]["template"]["spec"]
        labels = one["spec"]["template"]["metadata"]["labels"]
        if not labels_fit(one["spec"]["selector"]["matchLabels"], labels):
            yield wrong(one, "does not select its own pods")
        if one["kind"] == "Deployment":
            budgets = [b for b in of("PodDisruptionBudget") if labels_fit(b["spec"]["selector"]["matchLabels"], labels)]
            if len(budgets) != 1 or budgets[0]["spec"]["maxUnavailable"] != 1:
                yield wrong(one, f"{len(budgets)} disruption budgets")
            spread = spec.get("topologySpreadConstraints", [])
            if not any(labels_fit(s["labelSelector"]["matchLabels"], labels) for s in spread):
                yield wrong(one, "is not spread over nodes")
            scalers = [s for s in of("ScaledObject") + of("HorizontalPodAutoscaler")
                       if s["spec"]["scaleTargetRef"]["name"] == one["metadata"]["name"]]
            if len(scalers) != (1 if values.get("autoscaling", {}).get("enabled") else 0):
                yield wrong(one, f"{len(scalers)} scale it")
            if scalers and "replicas" in one["spec"]:
                yield wrong(one, "sets replicas that something else scales")
        policies = [p for p in of("NetworkPolicy") if labels_fit(p["spec"]["podSelector"]["matchLabels"], labels)]
        if len(policies) != (1 if values.get("networkPolicy", {}).get("enabled") else 0):
            yield wrong(one, f"{len(policies)} network policies")
        security = spec.get("securityContext", {})
        if security.get("runAsNonRoot") is not True or not security.get("runAsUser"):
            yield wrong(one, "may run as root")
        if security.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield wrong(one, "has no seccomp profile")
        if spec.get("automountServiceAccountToken") is not False:
            yield wrong(one, "has a token of the cluster's API")
        volumes = {v["name"] for v in spec.get("volumes", [])}
        volumes |= {v["metadata"]["name"] for v in one["spec"].get("volumeClaimTemplates", [])}
        claims = {v["persistentVolumeClaim"]["claimName"] for v in spec.get("volumes", []) if "persistentVolumeClaim" in v}
        for claim in claims - {c["metadata"]["name"] for c in of("PersistentVolumeClaim")}:
            yield wrong(one, f"no claim {claim}")
        for container in spec["containers"]:
            own = container.get("securityContext", {})
            if own.get("readOnlyRootFilesystem") is not True:
                yield wrong(one, "may write to its root")
            if own.get("allowPrivilegeEscalation") is not False or own.get("capabilities") != {"drop": ["ALL"]}:
                yield wrong(one, "keeps privileges")
            resources = container.get("resources", {})
            requests, limits = resources.get("requests", {}), resources.get("limits", {})
            if not {"cpu", "memory"} <= requests.keys() or "memory" not in limits:
                yield wrong(one, "does not say what it needs")
            elif mebibytes(requests["memory"]) > mebibytes(limits["memory"]):
                yield wrong(one, "asks for more than it may take")
            if not {"readinessProbe", "livenessProbe"} <= container.keys():
                yield wrong(one, "is not probed")
            ports = {p["name"] for p in container["ports"]}
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                asked = container.get(probe, {})
                port = (asked.get("httpGet") or asked.get("tcpSocket") or {}).get("port")
                if port is not None and port not in ports:
                    yield wrong(one, f"{probe} asks a port {port}")
            for mount in container["volumeMounts"]:
                if mount["name"] not in volumes:
                    yield wrong(one, f"mounts {mount['name']}, which is no volume")
            variables = [v["name"] for v in container.get("env", [])]
            if len(variables) != len(set(variables)):
                yield wrong(one, "sets a variable twice")
    for service in of("Service"):
        behind = [w for w in workloads if labels_fit(service["spec"]["selector"], w["spec"]["template"]["metadata"]["labels"])]
        if len(behind) != 1:
            yield wrong(service, f"leads to {len(behind)} kinds of pods")
            continue
        ports = {p["name"] for c in behind[0]["spec"]["template"]["spec"]["containers"] for p in c["ports"]}
        if not {p["targetPort"] for p in service["spec"]["ports"]} <= ports:
            yield wrong(service, "leads to a port that is not there")
    for ingress in of("Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                wanted = path["backend"]["service"]
                found = [s for s in of("Service") if s["metadata"]["name"] == wanted["name"]]
                if not found or wanted["port"]["name"] not in {p["name"] for p in found[0]["spec"]["ports"]}:
                    yield wrong(ingress, "leads nowhere")
    for scaled in of("HorizontalPodAutoscaler"):
        if not 1 <= scaled["spec"]["minReplicas"] <= scaled["spec"]["maxReplicas"]:
            yield wrong(scaled, "has no bounds")
    for scaled in of("ScaledObject"):
        spec = scaled["spec"]
        if not 1 <= spec["minReplicaCount"] <= spec["maxReplicaCount"] or not spec["triggers"]:
            yield wrong(scaled, "has no bounds or no triggers")
        for trigger in spec["triggers"]:
            if not all(isinstance(value, str) for value in trigger["metadata"].values()):
                yield wrong(scaled, "metadata of a trigger that are no text")


def render(chart, values):
    manifests = chart.render(values, name="demo", namespace="prod")
    return [one for text in manifests.values() for one in yaml.safe_load_all(text) if one]


def main():
    failed = 0
    print(f"Helm {helm.helm_sdk_version()}, Kubernetes {' and '.join(VERSIONS)}")
    with helm.Chart.load(CHART) as chart:
        for name, values in VARIANTS.items():
            found = [m["error"] for m in helm.lint(CHART, values, strict=True)["messages"] if m["severity"] > 1]
            objects = render(chart, values)
            for one in (one for one in objects if one["kind"] not in CUSTOM):
                for version in VERSIONS:
                    try:
                        kubernetes_validate.validate(one, version, strict=True)
                    except kubernetes_validate.ValidationError as error:
                        found.append(f"{one['kind']} {one['metadata']['name']}, Kubernetes {version}: {error.message}")
            found += problems_of(objects, values)
            kinds = sorted({one["kind"] for one in objects})
            print(f"{'FAIL' if found else 'ok  '} {name}: {len(objects)} objects ({', '.join(kinds)})")
            for problem in found:
                print(f"     {problem}")
            failed += len(found)
        try:
            render(chart, {"autoscaling": {"with": "luck"}})
            failed += 1
            print("FAIL a way to scale that there is not is taken")
        except helm.HelmError as error:
            print(f"ok   a way to scale that there is not is refused ({str(error).splitlines()[0][-60:]})")
        # what holds the checks themselves: a chart that is spoilt is noticed
        spoilt = json.loads(json.dumps(render(chart, {})))
        deployment = next(one for one in spoilt if one["kind"] == "Deployment")
        deployment["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"] = False
        deployment["spec"]["template"]["spec"]["containers"][0]["securityContext"]["readOnlyRootFilesystem"] = False
        spoilt = [one for one in spoilt if one["kind"] != "PodDisruptionBudget"]
        noticed = len(list(problems_of(spoilt, {})))
        budgets = sum(one["kind"] == "Deployment" for one in spoilt)
        if noticed != budgets + 2:
            failed += 1
        print(f"{'ok  ' if noticed == budgets + 2 else 'FAIL'} of {budgets + 2} faults put in, {noticed} are noticed")
    print("not rendered: what a cluster has to say (lookup, admission); not validated by a schema: " + ", ".join(CUSTOM))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
