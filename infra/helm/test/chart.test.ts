import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { chart, podOf, render, valueFiles, withMistake } from "../src/rendering/chart.ts";
import { helm, helmBinary } from "../src/rendering/helm.ts";
import type { Container, KubernetesObject } from "../src/rendering/objects.ts";
import { podProblems } from "./pod-references.ts";
import { selectorProblems } from "./selectors.ts";
import { schemaProblems } from "./strict-schema.ts";

beforeEach(({ skip }) => {
  if (helmBinary.missing !== undefined) skip(helmBinary.missing);
});

/** The Secrets that a value file takes for given: what is called `name`, or ends in `Secret`. */
function yoursOf(file: string): string[] {
  const names = (value: unknown, key = ""): string[] => {
    if (typeof value === "string") return key === "name" || /Secret$/.test(key) ? [value] : [];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([inner, item]) => names(item, inner));
  };
  return names(parse(readFileSync(file, "utf8"))).filter((name) => name !== "");
}

/** The rest is asked only of objects whose properties are what they are taken for. */
function problemsOf(objects: readonly KubernetesObject[], yours: readonly string[] = []): string[] {
  const problems = objects.flatMap(schemaProblems);
  return problems.length > 0 ? problems : [...selectorProblems(objects), ...podProblems(objects, yours)];
}

const containersOf = (objects: readonly KubernetesObject[]): Container[] =>
  objects.flatMap((object) => podOf(object)?.containers ?? []);

describe.for(Object.entries(valueFiles))("with the values %s", ([, file]) => {
  test("the chart passes helm's strict lint", () => {
    expect(helm("lint", "--strict", chart, "--values", file)).toContain("0 chart(s) failed");
  });

  test("every object is one that Kubernetes knows, and points at what is there", () => {
    expect(problemsOf(render(file), yoursOf(file))).toEqual([]);
  });

  test("every object has the recommended labels, a namespace and a name of its own", () => {
    const objects = render(file);
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.namespace}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    const labels = ["name", "instance", "component", "version", "part-of", "managed-by"];
    for (const { metadata } of objects) {
      expect(Object.keys(metadata.labels)).toEqual(expect.arrayContaining(labels.map((l) => `app.kubernetes.io/${l}`)));
      expect(metadata.namespace).toMatch(/^(switchyard|relays)$/);
    }
  });

  test("every pod is restricted, has limits, and an image with a version", () => {
    const objects = render(file);
    for (const pod of objects.flatMap((object) => podOf(object) ?? [])) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      const isRelay = pod.containers[0]?.name === "coturn";
      expect(pod.hostNetwork ?? false).toBe(isRelay);
    }
    for (const { image, resources, securityContext } of containersOf(objects)) {
      expect(image).toMatch(/^[\w./-]+(:v?\d[\w.-]*|@sha256:[0-9a-f]{64})$/);
      for (const of of ["requests", "limits"] as const)
        expect(Object.keys(resources?.[of] ?? {})).toEqual(["cpu", "memory"]);
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
  });

  test("every grace is longer than what has to happen in it", () => {
    for (const pod of render(file).flatMap((object) => podOf(object) ?? [])) {
      const preStop = pod.containers[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0;
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(preStop + 9);
    }
  });
});

describe("a mistake is found:", () => {
  const { values = "", keda = "", gateway = "", hpa = "" } = valueFiles;

  test.for([
    ["a typo in a property", values, '"readinessProbe"', '"readynessProbe"', "/readynessProbe is unknown"],
    ["a typo deep in a property", values, '"runAsNonRoot"', '"runAsNonroot"', "/runAsNonroot is unknown"],
    ["a property in the wrong place", values, '"minReadySeconds"', '"replicaCount"', "/spec/replicaCount is unknown"],
    ["a number that is a text", values, '"maxSkew":1', '"maxSkew":"1"', "maxSkew"],
    ["a typo of KEDA's", keda, '"minReplicaCount"', '"minReplicas"', "/spec/minReplicas is unknown"],
    ["a typo of the Gateway API's", gateway, '"backendRefs"', '"backends"', "backends is unknown"],
    [
      "a typo of an alert rule's",
      hpa,
      '"annotations":{"description"',
      '"annotation":{"description"',
      "annotation is unknown",
    ],
    ["a port that no pod has", values, '"targetPort":"http"', '"targetPort":"web"', "have no port web"],
    [
      "a port that the monitor looks for",
      hpa,
      '"port":"http","path":"/metrics"',
      '"port":"web","path":"/metrics"',
      "has no port web",
    ],
    [
      "a selector that selects nothing",
      values,
      '"selector":{"app.kubernetes.io/name":"switchyard"',
      '"selector":{"app.kubernetes.io/name":"switch"',
      "selects no pods",
    ],
    ["a probe of a path that is not served", values, '"path":"/readyz"', '"path":"/ready"', "asks for /ready"],
    [
      "a probe of a port that is not there",
      values,
      '"path":"/readyz","port":"http"',
      '"path":"/readyz","port":"web"',
      "asks at the port web",
    ],
    [
      "a setting that is not read",
      values,
      '"name":"TRUST_PROXY"',
      '"name":"TRUSTED_PROXY"',
      "does not read TRUSTED_PROXY",
    ],
    ["a setting with a wrong value", keda, '"value":"required"', '"value":"needed"', "TOKEN_MODE can't be needed"],
    ["a secret in the environment", values, '"JWT_SECRET_FILE"', '"JWT_SECRET"', "is a secret"],
    [
      "a Secret that is not there",
      values,
      '"secretName":"calls-switchyard-signaling"',
      '"secretName":"nodes"',
      "there is no Secret nodes",
    ],
    [
      "a key that is not there",
      values,
      '"/run/switchyard/jwt_secret"',
      '"/run/switchyard/jwt-secret"',
      "has no such key",
    ],
    [
      "a ConfigMap that is not there",
      values,
      '"configMap":{"name":"calls-switchyard-front"',
      '"configMap":{"name":"front"',
      "there is no ConfigMap front",
    ],
    [
      "a program that is not there",
      values,
      "services/signaling/src/main.ts",
      "services/node/src/main.ts",
      "there is no services/node",
    ],
    [
      "a Deployment that is not there",
      hpa,
      '"kind":"Deployment","name":"',
      '"kind":"Deployment","name":"no-',
      "there is no Deployment no-",
    ],
  ] as const)("%s", ([, file, from, to, found]) => {
    expect(problemsOf(withMistake(render(file), from, to)).join("\n")).toContain(found);
  });

  test.for([
    ["a value that there is not", "signaling.replica=3"],
    ["a setting that there is not", "settings.RECONNECT_GRACE=1"],
    ["a secret among the settings", "settings.JWT_SECRET=a"],
    ["a setting out of its bounds", "settings.SHUTDOWN_MS=60000"],
    ["the latest of anything", "images.redis.tag=latest"],
    ["a grace in which a node can't drain", "signaling.preStopSeconds=55"],
    ["coturn that no client knows of", "coturn.enabled=true"],
  ] as const)("helm refuses %s", ([, value]) => {
    expect(() => render(values, "--set", value)).toThrow();
  });
});
