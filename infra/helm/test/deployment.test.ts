import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { readMatchmakerConfig } from "@switchyard/matchmaker";
import { readSignalingConfig } from "@switchyard/signaling";
import { beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { dashboards, rules } from "../../observability/test/files.ts";
import { chartText, podOf, render, valueFiles } from "../src/rendering/chart.ts";
import { helmBinary } from "../src/rendering/helm.ts";
import type { KubernetesObject } from "../src/rendering/objects.ts";

beforeEach(({ skip }) => {
  if (helmBinary.missing !== undefined) skip(helmBinary.missing);
});

const { values = "", hpa = "", keda = "", traefik = "", coturn = "" } = valueFiles;
const compose = parse(readFileSync(new URL("../../../docker-compose.yml", import.meta.url), "utf8"), {
  merge: true,
}) as {
  services: Record<string, { image?: string; command?: readonly string[]; environment?: Record<string, string> }>;
};

function find(objects: readonly KubernetesObject[], of: string, component: string): KubernetesObject {
  const found = objects.find(({ kind, metadata }) => kind === of && metadata.name === `calls-switchyard-${component}`);
  if (found === undefined) throw new Error(`there is no ${of} ${component}`);
  return found;
}

const containerOf = (objects: readonly KubernetesObject[], of: string, component: string) =>
  podOf(find(objects, of, component))?.containers[0];

test.for([
  ["nginx", values, "Deployment", "front"],
  ["redis", values, "StatefulSet", "redis"],
  ["coturn", coturn, "Deployment", "coturn"],
] as const)("%s has the image that Compose has", ([service, file, kind, component]) => {
  expect(containerOf(render(file), kind, component)?.image).toBe(compose.services[service]?.image);
});

test("nginx gets every variable of its template, with the values of Compose", () => {
  const template = chartText("files/nginx/switchyard.conf.template");
  const names = [...template.matchAll(/\$\{(NGINX_\w+)\}/g)].map(([, name = ""]) => name);
  const { env = [] } = containerOf(render(values), "Deployment", "front") ?? {};
  const given = new Map(env.map(({ name, value }) => [name, value]));
  // the image's own program sets it from resolv.conf
  expect(new Set(names.filter((name) => !given.has(name)))).toEqual(new Set(["NGINX_LOCAL_RESOLVERS"]));
  const defaults = Object.entries(compose.services["nginx"]?.environment ?? {}).flatMap(([name, text]) => {
    const [, value = text] = /^\$\{\w+:-(.*)\}$/.exec(text) ?? [];
    return name === "NGINX_NODES" ? [] : [[name, value] as const];
  });
  for (const [name, value] of defaults) expect([name, given.get(name)]).toEqual([name, value]);
  expect(given.get("NGINX_NODES")).toBe("calls-switchyard-signaling.switchyard.svc.cluster.local:3000");
});

test("Redis is started as Compose starts it, but for its directory", () => {
  const asText = (word: string) => word.replace(/^\$\{\w+:-(.*)\}$/, "$1");
  const { args = [] } = containerOf(render(values), "StatefulSet", "redis") ?? {};
  expect(args.filter((word) => word !== "--dir" && word !== "/data")).toEqual(
    compose.services["redis"]?.command?.map(asText),
  );
});

test("nginx has a fixed number of workers, since it would count the whole machine's cores", () => {
  const { data = {} } = find(render(values), "ConfigMap", "front");
  expect(data["nginx.conf"]).toContain("worker_processes 2;");
});

test("nginx finds nodes that drain, and without it an ingress finds only those that are ready", () => {
  const all = { clusterIP: "None", publishNotReadyAddresses: true };
  expect(find(render(values), "Service", "signaling").spec).toMatchObject(all);
  expect(find(render(traefik), "Service", "signaling-ready").spec).not.toHaveProperty("publishNotReadyAddresses");
});

test("only an ingress without the front makes a node wait before it stops", () => {
  const preStop = (file: string) => containerOf(render(file), "Deployment", "signaling")?.lifecycle?.preStop;
  expect([preStop(values), preStop(traefik)]).toEqual([undefined, { sleep: { seconds: 10 } }]);
});

test("a node behind the front is ready once the front is sure to know it, and one behind an ingress at once", () => {
  const delay = (file: string) =>
    containerOf(render(file), "Deployment", "signaling")?.readinessProbe?.initialDelaySeconds;
  expect([delay(values), delay(traefik)]).toEqual([35, undefined]);
});

test.for([
  ["hpa", hpa, "HorizontalPodAutoscaler", (spec: unknown) => (spec as { behavior: unknown }).behavior],
  [
    "keda",
    keda,
    "ScaledObject",
    (spec: unknown) =>
      (spec as { advanced: { horizontalPodAutoscalerConfig: { behavior: unknown } } }).advanced
        .horizontalPodAutoscalerConfig.behavior,
  ],
] as const)(
  "%s takes away one node at a time, after a while, and decides alone on their number",
  ([, file, kind, of]) => {
    const objects = render(file);
    expect(of(find(objects, kind, "signaling").spec)).toMatchObject({
      scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 120 }] },
    });
    expect(find(objects, "Deployment", "signaling").spec).not.toHaveProperty("replicas");
  },
);

test.for(Object.entries(valueFiles))(
  "with the values %s, a node and a matchmaker accept their configuration",
  ([, file]) => {
    const objects = render(file);
    const secretOf = (name: string) =>
      objects.find(({ kind, metadata }) => kind === "Secret" && metadata.name === name);
    const environmentOf = (component: string) => {
      const pod = podOf(find(objects, "Deployment", component));
      const { data } = secretOf(pod?.volumes?.find(({ name }) => name === "secrets")?.secret?.secretName ?? "") ?? {};
      const variables = pod?.containers[0]?.env?.map(({ name, value = "" }) => {
        if (!name.endsWith("_FILE")) return [name, value];
        const yours = name.startsWith("REDIS_URL") ? "rediss://redis:6380" : randomBytes(32).toString("hex");
        const kept = data?.[value.slice(value.lastIndexOf("/") + 1)];
        return [name.slice(0, -"_FILE".length), kept === undefined ? yours : Buffer.from(kept, "base64").toString()];
      });
      return { ...(Object.fromEntries(variables ?? []) as Record<string, string>), NODE_ENV: "production" };
    };
    expect(readSignalingConfig(environmentOf("signaling")).REDIS_URL).toMatch(/^rediss?:/);
    expect(readMatchmakerConfig(environmentOf("matchmaker")).REDIS_URL).toMatch(/^rediss?:/);
  },
);

test("settings reach the processes that read them, and no other", () => {
  const objects = render(keda);
  const names = (component: string) =>
    containerOf(objects, "Deployment", component)?.env?.flatMap(({ name, value }) =>
      value ? [`${name}=${value}`] : [],
    );
  expect(names("signaling")).toEqual(
    expect.arrayContaining(["RECONNECT_GRACE_MS=60000", "MAX_CONNECTIONS_PER_IP=0", "TOKEN_MODE=required"]),
  );
  expect(names("matchmaker")).toEqual(expect.arrayContaining(["RECONNECT_GRACE_MS=60000", "MATCH_WIDEN_MS=3000"]));
  expect(names("matchmaker")?.join(" ")).not.toContain("TOKEN_MODE");
  expect(names("signaling")?.join(" ")).not.toContain("MATCH_WIDEN_MS");
});

test("Prometheus gets every rule, under the jobs and labels that they name, and Grafana every dashboard", () => {
  const objects = render(hpa);
  const rule = objects.find(({ kind }) => kind === "PrometheusRule")?.spec as unknown as {
    groups: { rules: { alert?: string; record?: string; expr: string }[] }[];
  };
  const nameOf = ({ alert, record }: { alert?: string; record?: string }) => alert ?? record ?? "";
  expect(rule.groups.flatMap((group) => group.rules.map(nameOf)).toSorted()).toEqual(rules.map(nameOf).toSorted());
  const monitor = objects.find(({ kind }) => kind === "ServiceMonitor")?.spec;
  expect(monitor).toMatchObject({ jobLabel: "app.kubernetes.io/component", endpoints: [{ honorLabels: true }] });
  const boards = objects.filter(({ kind, metadata }) => kind === "ConfigMap" && metadata.labels["grafana_dashboard"]);
  expect(boards.flatMap(({ data = {} }) => Object.keys(data)).toSorted()).toEqual(
    dashboards.map(({ file }) => file).toSorted(),
  );
});
