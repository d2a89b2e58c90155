import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import { helm } from "./helm.ts";
import type { KubernetesObject, PodSpec } from "./objects.ts";

/** Where the chart is. */
export const chart = fileURLToPath(new URL("../../switchyard/", import.meta.url));

/** The chart's value files, by a name: its defaults, and a file for each case that docs/deploy.md describes. */
export const valueFiles: Readonly<Record<string, string>> = Object.fromEntries(
  ["values.yaml", ...globSync("ci/*.yaml", { cwd: chart }).toSorted()].map((file) => [
    basename(file, ".yaml"),
    join(chart, file),
  ]),
);

const rendered = new Map<string, readonly KubernetesObject[]>();

/** The objects that `helm template` makes of the chart with these values, asked once. @throws with what helm says */
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
