import { describe, expect, test } from "vitest";
import { dashboards, expressions } from "./files.ts";
import { knownMetrics } from "./known-metrics.ts";
import { groupingOf, selectorsOf } from "./promql.ts";

test("how expressions are read", () => {
  const expr =
    'sum by (le, queue) (rate(a_bucket{x=~"b{c",y!="d"}[$__rate_interval])) / (e_total > 0.5) and on (f) g:h';
  expect(selectorsOf(expr)).toEqual([
    { metric: "a_bucket", labels: ["x", "y"], isRate: true },
    { metric: "e_total", labels: [], isRate: false },
    { metric: "g:h", labels: [], isRate: false },
  ]);
  expect(groupingOf(expr)).toEqual(["le", "queue", "f"]);
});

describe.for(expressions)("$where: $expr", ({ expr }) => {
  const selectors = selectorsOf(expr);

  test("asks for metrics and labels that there are", () => {
    expect(selectors.map(({ metric }) => metric).filter((metric) => !knownMetrics.has(metric))).toEqual([]);
    const unknown = selectors.flatMap(({ metric, labels }) => {
      const known = knownMetrics.get(metric)?.labels;
      return known ? labels.filter((label) => !known.includes(label)).map((label) => `${metric}{${label}}`) : [];
    });
    expect(unknown).toEqual([]);
    const all = selectors.map(({ metric }) => knownMetrics.get(metric)?.labels);
    if (all.every((labels) => labels !== undefined))
      expect(all.flat()).toEqual(expect.arrayContaining(groupingOf(expr)));
  });

  test("asks how fast counters grow, and what gauges are", () => {
    for (const { metric, isRate } of selectors) {
      const type = knownMetrics.get(metric)?.type;
      expect([metric, isRate]).toEqual([metric, type === "counter" || type === "histogram" || type === "summary"]);
    }
  });
});

describe.for(dashboards)("$file", ({ panels, uid, title, templating }) => {
  test("has panels with queries, told apart by ids and letters, on a grid where none lies on another", () => {
    expect(uid).toMatch(/^switchyard-\w+$/);
    expect(title).toMatch(/^Switchyard: /);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
    for (const { targets = [], type } of panels) {
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      expect(targets.length > 0).toBe(type !== "row");
      for (const { datasource } of targets) expect(datasource).toEqual({ type: "prometheus", uid: "$datasource" });
    }
  });

  test("has the variables that its queries use", () => {
    const used = panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => expr.match(/\$\w+/g) ?? []));
    const known = ["$__rate_interval", ...templating.list.map(({ name }) => `$${name}`)];
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
  });
});

test("dashboards have different addresses", () => {
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
});
