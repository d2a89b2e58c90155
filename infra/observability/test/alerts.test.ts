import { describe, expect, test } from "vitest";
import { alerts, dashboards, ruleTests, textOf } from "./files.ts";

/** The headings of the runbook, from its first to where the next chapter begins. */
const chapter = /^## Alerts$([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(textOf("docs/operations.md"))?.[1] ?? "";
const headings = [...chapter.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);

describe.for(alerts)("$alert", ({ alert, labels, annotations = {} }) => {
  test("says how bad it is, what it is, and where one reads what to do", () => {
    expect(alert).toMatch(/^Switchyard[A-Z]\w+$/);
    expect(["critical", "warning"]).toContain(labels?.["severity"]);
    expect(annotations["summary"]).toMatch(/\S/);
    expect(annotations["description"]).toMatch(/\.$/);
    expect(annotations["runbook"]).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    expect(headings).toContain(alert);
  });

  test("has a case in which it fires and one in which it does not", () => {
    const asked = `alertname="${alert}"`;
    const cases = ruleTests.flatMap((one) => one.promql_expr_test).filter(({ expr }) => expr.includes(asked));
    expect(cases.some(({ exp_samples }) => exp_samples.length > 0)).toBe(true);
    expect(cases.some(({ exp_samples }) => exp_samples.length === 0)).toBe(true);
  });
});

test("the runbook tells of each alert once, and of no other", () => {
  expect(headings.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
});

test("the panels and rows that the runbook points to are there", () => {
  const named = [...chapter.matchAll(/(?<![\w`])_([A-Z][^_`]*)_(?!\w)/g)].map(([, name]) =>
    name?.replaceAll("\n  ", " "),
  );
  const titles = dashboards.flatMap(({ title, panels }) => [
    title,
    title.split(": ")[1],
    ...panels.map((one) => one.title),
  ]);
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((name) => !titles.includes(name))).toEqual([]);
});
