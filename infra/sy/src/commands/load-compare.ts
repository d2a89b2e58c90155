import { readFileSync } from "node:fs";
import { compareReports, LoadReport } from "@switchyard/load";
import type { Report } from "../command.ts";
import { exitCodes, OperatorError } from "../exit-code.ts";
import { sections, table } from "../table.ts";

const MISSING = "-";

/**
 * Two reports of load tests beside each other; ends with 1 if a threshold's value is worse by more than tolerated.
 * @param tolerance in percent
 */
export function compareFiles(before: string, after: string, tolerance: number): Report {
  const comparison = compareReports(read(before), read(after), tolerance / 100);
  const { figures, thresholds } = comparison;
  const names = ["before", "after", "ratio"];
  const cells = ({ before: old, after: fresh, ratio }: (typeof figures)[number]) => [
    shown(old),
    shown(fresh),
    ratio === null ? MISSING : ratio.toFixed(2),
  ];
  const text = sections([
    [
      "figures",
      table(
        ["figure", ...names],
        [...figures].map((figure) => [figure.name, ...cells(figure)]),
      ),
    ],
    [
      `thresholds of both, of which none may be worse by more than ${tolerance} %`,
      table(
        ["threshold", ...names, ""],
        thresholds.map((one) => [one.name, ...cells(one), one.isWorse ? "worse" : "fine"]),
      ),
    ],
  ]);
  const hasWorse = thresholds.some(({ isWorse }) => isWorse);
  return { document: { tolerance, ...comparison }, text, code: hasWorse ? exitCodes.problem : exitCodes.fine };
}

function read(path: string): LoadReport {
  try {
    return LoadReport.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new OperatorError(`${path} is no report of this version: ${error instanceof Error ? error.message : error}`);
  }
}

function shown(value: number | null): string {
  if (value === null) return MISSING;
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
