/** The lines of a histogram: what half, and what all but one in a hundred, stay below; by a label. */
export function quantiles(metric: string, by: string, matchers = ""): Record<string, string> {
  const of = (quantile: number) =>
    `histogram_quantile(${quantile}, sum by (le, ${by}) (rate(${metric}_bucket${matchers}[$__rate_interval])))`;
  return { [`{{${by}}} p50`]: of(0.5), [`{{${by}}} p99`]: of(0.99) };
}

/** How often, for each second, by a label. */
export function rates(metric: string, by: string, matchers = ""): Record<string, string> {
  return { [`{{${by}}}`]: `sum by (${by}) (rate(${metric}${matchers}[$__rate_interval]))` };
}

/** How Grafana is to write a value. */
type Unit = "short" | "s" | "bytes" | "percentunit" | "ops" | "Bps";

/** A PromQL expression, and how each of its series is called. */
interface Query {
  readonly expr: string;
  readonly legend?: string;
}

interface PanelFacts {
  readonly title: string;
  readonly unit: Unit;
  /** What it means, and when to worry. */
  readonly description?: string;
}

/** A number as it is now, red or orange past a bound. */
export interface Figure extends PanelFacts {
  readonly kind: "figure";
  readonly expr: string;
  readonly legend?: string;
  readonly bounds?: Bounds;
}

export interface Bounds {
  /** `below`: small values are bad. */
  readonly bad: "above" | "below";
  readonly warn: number;
  readonly alarm: number;
}

/** Lines over time. */
export interface Lines extends PanelFacts {
  readonly kind: "lines";
  readonly queries: readonly Query[];
  readonly stacked: boolean;
}

/** What is, with its labels: one row for each series. */
export interface List extends PanelFacts {
  readonly kind: "list";
  readonly expr: string;
  readonly columns: readonly string[];
}

export type Panel = Figure | Lines | List;

/** A dashboard, as it is meant. */
export interface Board {
  /** Its address in Grafana, and the name of its file. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
  /** Whether one can choose among the nodes: then `$node` is a regular expression. */
  readonly byNode: boolean;
}

export function figure(title: string, unit: Unit, expr: string, more: Partial<Figure> = {}): Figure {
  return { kind: "figure", title, unit, expr, ...more };
}

/** @param queries by what their lines are called */
export function lines(
  title: string,
  unit: Unit,
  queries: Readonly<Record<string, string>>,
  description?: string,
): Lines {
  const list = Object.entries(queries).map(([legend, expr]) => ({ legend, expr }));
  return { kind: "lines", title, unit, queries: list, stacked: false, ...(description && { description }) };
}

export function stacked(title: string, unit: Unit, queries: Readonly<Record<string, string>>, what?: string): Lines {
  return { ...lines(title, unit, queries, what), stacked: true };
}

export function list(title: string, expr: string, columns: readonly string[], description?: string): List {
  return { kind: "list", title, unit: "short", expr, columns, ...(description && { description }) };
}
