/** The lines of a histogram by a label: the median and the 99th percentile. */
export function quantiles(metric: string, by: string, matchers = ""): Record<string, string> {
  const of = (quantile: number) =>
    `histogram_quantile(${quantile}, sum by (le, ${by}) (rate(${metric}_bucket${matchers}[$__rate_interval])))`;
  return { [`{{${by}}} p50`]: of(0.5), [`{{${by}}} p99`]: of(0.99) };
}

/** The rate per second, by a label. */
export function rates(metric: string, by: string, matchers = ""): Record<string, string> {
  return { [`{{${by}}}`]: `sum by (${by}) (rate(${metric}${matchers}[$__rate_interval]))` };
}

/** Grafana's format of a value. */
type Unit = "short" | "s" | "bytes" | "percentunit" | "ops" | "Bps";

/** A PromQL expression, and the legend of its series. */
interface Query {
  readonly expr: string;
  readonly legend?: string;
}

interface PanelFacts {
  readonly title: string;
  readonly unit: Unit;
  /** Its meaning, and the values that call for action. */
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

/** A table of current series with their labels, one row each. */
export interface List extends PanelFacts {
  readonly kind: "list";
  readonly expr: string;
  readonly columns: readonly string[];
}

export type Panel = Figure | Lines | List;

/** A dashboard, independent of Grafana's format. */
export interface Board {
  /** Its address in Grafana, and the name of its file. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
  /** Whether the board has a selector of nodes: then `$node` is a regular expression. */
  readonly byNode: boolean;
}

export function figure(title: string, unit: Unit, expr: string, more: Partial<Figure> = {}): Figure {
  return { kind: "figure", title, unit, expr, ...more };
}

/** @param queries by the legends of their lines */
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
