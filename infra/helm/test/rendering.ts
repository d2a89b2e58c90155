import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import { helm } from "./binaries.ts";

/** Where the chart is. */
export const chart = fileURLToPath(new URL("../switchyard/", import.meta.url));

/** The chart's value files, by a name: its defaults, and a file for each case that docs/deploy.md describes. */
export const valueFiles: Readonly<Record<string, string>> = Object.fromEntries(
  ["values.yaml", ...globSync("ci/*.yaml", { cwd: chart }).toSorted()].map((file) => [
    basename(file, ".yaml"),
    join(chart, file),
  ]),
);

type Labels = Readonly<Record<string, string>>;

interface Variable {
  readonly name: string;
  readonly value?: string;
}

export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string | number };
  readonly tcpSocket?: { readonly port: string | number };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly Variable[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources?: Readonly<Record<"requests" | "limits", Readonly<Record<string, unknown>>>>;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
}

interface KeyItem {
  readonly key: string;
  readonly path: string;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly hostNetwork?: boolean;
  readonly terminationGracePeriodSeconds: number;
  readonly volumes?: readonly {
    readonly name: string;
    readonly secret?: { readonly secretName: string; readonly items?: readonly KeyItem[] };
    readonly configMap?: { readonly name: string };
  }[];
}

/** A rendered object, with what the checks read of any kind. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Labels };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>> & {
    readonly template?: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
    readonly selector?: unknown;
  };
}

const rendered = new Map<string, readonly KubernetesObject[]>();

/** What `helm template` makes of the chart with these values, asked once. @throws with what helm says */
export function render(values: string, ...more: readonly string[]): readonly KubernetesObject[] {
  const args = ["template", "calls", chart, "--namespace", "switchyard", "--values", values, ...more];
  const key = args.join(" ");
  const objects = rendered.get(key) ?? parseObjects(helm(...args));
  rendered.set(key, objects);
  return objects;
}

export function parseObjects(text: string): KubernetesObject[] {
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as KubernetesObject | null) ?? []);
}

/** A copy in which `from` stands as `to`, once at least. @throws if it is not there */
export function withMistake(objects: readonly KubernetesObject[], from: string, to: string): KubernetesObject[] {
  const text = JSON.stringify(objects);
  if (!text.includes(from)) throw new Error(`${from} is not in it`);
  return JSON.parse(text.replace(from, to)) as KubernetesObject[];
}

/** The pods of a workload, if the object is one. */
export function podOf({ spec }: KubernetesObject): PodSpec | undefined {
  return spec?.template?.spec;
}

/** The text of a chart's file. */
export const chartText = (path: string) => readFileSync(join(chart, path), "utf8");
