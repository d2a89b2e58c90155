import { type LogLine, type TestCluster, until } from "@switchyard/testkit";

export type Fields = Readonly<Record<string, unknown>>;

/** All that a cluster's processes have logged. */
export function linesOf({ nodes, matchmakers }: TestCluster): readonly LogLine[] {
  return [...nodes, ...matchmakers].flatMap((one) => one.logs());
}

/** The first line with these fields, as soon as there is one. */
export function lineIn(cluster: TestCluster, wanted: Fields): Promise<LogLine> {
  const isIt = (line: LogLine) => Object.entries(wanted).every(([name, value]) => line[name] === value);
  return until(`a line with ${JSON.stringify(wanted)}`, () => linesOf(cluster).find(isIt));
}
