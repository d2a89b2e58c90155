import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
/** Where Prometheus' configuration and rules are. */
export const prometheus = fileURLToPath(new URL("../prometheus/", import.meta.url));
const grafana = fileURLToPath(new URL("../grafana/", import.meta.url));

export const textOf = (path: string) => readFileSync(`${repository}${path}`, "utf8");

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface RuleTest {
  readonly name: string;
  readonly promql_expr_test: readonly { readonly expr: string; readonly exp_samples: readonly unknown[] }[];
}

const documents = (pattern: string) =>
  globSync(pattern, { cwd: prometheus }).map((path) => parse(readFileSync(prometheus + path, "utf8")));

export const rules: readonly Rule[] = documents("rules/*.yml").flatMap(({ groups }: { groups: { rules: Rule[] }[] }) =>
  groups.flatMap((group) => group.rules),
);
export const alerts = rules.filter(({ alert }) => alert !== undefined) as (Rule & { readonly alert: string })[];

export const ruleTests: readonly RuleTest[] = documents("tests/*.yml").flatMap(
  ({ tests }: { tests: RuleTest[] }) => tests,
);

interface Target {
  readonly expr: string;
  readonly refId: string;
  readonly datasource: object;
}

interface DashboardPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
}

interface Dashboard {
  readonly file: string;
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly DashboardPanel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
}

export const dashboards: readonly Dashboard[] = globSync("dashboards/*.json", { cwd: grafana }).map((path) => ({
  ...JSON.parse(readFileSync(grafana + path, "utf8")),
  file: basename(path),
}));

/** Every expression there is, and where it stands. */
export const expressions: readonly { readonly where: string; readonly expr: string }[] = [
  ...rules.map(({ alert, record, expr }) => ({ where: alert ?? record ?? "", expr })),
  ...dashboards.flatMap(({ file, panels }) =>
    panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: `${file}: ${title}`, expr }))),
  ),
];
