import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { KubernetesObject } from "./objects.ts";

/** The API server that helm asks while it renders: which Secrets are there. */
export interface ApiServer {
  readonly url: string;
  /** As an installation does: Secrets are kept, others' content is not asked for. */
  install(release: string, objects: readonly KubernetesObject[]): void;
  close(): Promise<void>;
}

/** The kinds of a default installation, by group and version: helm looks them up before it renders. */
const served: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  v1: { secrets: "Secret", configmaps: "ConfigMap", services: "Service", serviceaccounts: "ServiceAccount" },
  "apps/v1": { deployments: "Deployment", statefulsets: "StatefulSet" },
  "autoscaling/v2": { horizontalpodautoscalers: "HorizontalPodAutoscaler" },
  "networking.k8s.io/v1": { networkpolicies: "NetworkPolicy" },
  "policy/v1": { poddisruptionbudgets: "PodDisruptionBudget" },
};

const discovery: Readonly<Record<string, unknown>> = {
  "/version": { major: "1", minor: "35", gitVersion: "v1.35.0" },
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: Object.keys(served).slice(1).map(group) },
  ...Object.fromEntries(Object.entries(served).map(([of, kinds]) => [pathOf(of), resourceList(of, kinds)])),
};

function pathOf(groupVersion: string): string {
  return groupVersion.includes("/") ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
}

function group(groupVersion: string): unknown {
  const [name, version] = groupVersion.split("/");
  return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
}

function resourceList(groupVersion: string, kinds: Readonly<Record<string, string>>): unknown {
  const verbs = ["get", "list", "create", "update", "patch", "delete"];
  const resources = Object.entries(kinds).map(([name, kind]) => ({ name, kind, namespaced: true, verbs }));
  return { kind: "APIResourceList", groupVersion, resources };
}

export async function startApiServer(): Promise<ApiServer> {
  const kept = new Map<string, KubernetesObject>();
  const server = createServer(({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://127.0.0.1");
    const answer = discovery[pathname] ?? kept.get(pathname);
    send(response, answer ?? { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound", code: 404 });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const install = (release: string, objects: readonly KubernetesObject[]) => {
    for (const object of objects) {
      const { namespace, name } = object.metadata;
      const annotations = { "meta.helm.sh/release-name": release, "meta.helm.sh/release-namespace": namespace };
      const secret = { ...object, metadata: { ...object.metadata, annotations } };
      if (object.kind === "Secret") kept.set(`/api/v1/namespaces/${namespace}/secrets/${name}`, secret);
    }
  };
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, install, close };
}

function send(response: ServerResponse, body: unknown): void {
  const status = (body as { code?: number }).code ?? 200;
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
