import { type ViolationKind, violationKinds, violationNames } from "../oracle/violation.ts";
import type { LoadReport } from "./document.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

interface Case {
  readonly group: string;
  readonly name: string;
  /** Missing where it holds. */
  readonly failure: { readonly message: string; readonly text: string } | undefined;
}

/** The report as JUnit XML: a test case for each oracle and each threshold. */
export function junitOf(report: LoadReport): string {
  const cases = [...violationNames.map((kind) => oracleCase(report, kind)), ...thresholdCases(report)];
  const failures = cases.filter(({ failure }) => failure).length;
  const seconds = (report.elapsedMs / 1000).toFixed(3);
  const sums = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="${seconds}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escaped(`load: ${report.scenario}`)}" timestamp="${report.startedAt}" ${sums}>`,
    ...cases.map(elementOf),
    "</testsuite>",
    "",
  ].join("\n");
}

function oracleCase({ violations, described }: LoadReport, kind: ViolationKind): Case {
  const count = violations[kind];
  const name = `nothing is ${kind}: ${violationKinds[kind]}`;
  if (count === 0) return { group: "oracles", name, failure: undefined };
  const found = described.filter((one) => one.kind === kind);
  const text = found.map(({ finding, events }) => [finding, ...events].join("\n  ")).join("\n");
  return { group: "oracles", name, failure: { message: `${count} found`, text } };
}

function thresholdCases({ thresholds }: LoadReport): Case[] {
  return thresholds.map(({ threshold, value, holds }) => {
    const message = value === null ? "nothing was measured" : `it was ${value}`;
    return { group: "thresholds", name: threshold, failure: holds ? undefined : { message, text: "" } };
  });
}

function elementOf({ group, name, failure }: Case): string {
  const begin = `  <testcase classname="${group}" name="${escaped(name)}"`;
  if (!failure) return `${begin} />`;
  const { message, text } = failure;
  return `${begin}><failure message="${escaped(message)}">${escaped(text)}</failure></testcase>`;
}

/** A text as XML and HTML have it. Characters that XML has no way to write are replaced. */
export function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, (control) => (control === "\n" ? control : "\u{FFFD}"))
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
