import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { settingsFile } from "./settings.ts";
import { valuesSchema } from "./values-schema.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const chart = "infra/helm/switchyard";

/** Files that other deployments use too, by the folder of the chart that has copies of them: Helm reads only its own. */
const copied: readonly (readonly [folder: string, pattern: string])[] = [
  ["files/nginx", "nginx/nginx.conf"],
  ["files/nginx", "nginx/listen/*.conf"],
  ["files/nginx", "nginx/templates/switchyard.conf.template"],
  ["files/rules", "infra/observability/prometheus/rules/*.yml"],
  ["files/dashboards", "infra/observability/grafana/dashboards/*.json"],
  ["files", "infra/coturn/turnserver.conf"],
  ["files", "infra/redis/redis-cli"],
  ["files", "docs/users.acl"],
];

function copies(): { readonly path: string; readonly render: () => string }[] {
  return copied.flatMap(([folder, pattern]) =>
    globSync(pattern, { cwd: repository }).map((source) => ({
      path: `${chart}/${folder}/${basename(source)}`,
      render: () => readFileSync(join(repository, source), "utf8"),
    })),
  );
}

/** Every generated file of the chart: its path from the repository's root, and its current text. */
export const chartFiles: readonly { readonly path: string; readonly render: () => string }[] = [
  { path: `${chart}/values.schema.json`, render: valuesSchema },
  { path: `${chart}/files/settings.yaml`, render: settingsFile },
  ...copies(),
];
