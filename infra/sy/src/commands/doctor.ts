import { checks, type Diagnosed, examine, repair, type Treated } from "@switchyard/doctor";
import { memoryRatio, readMemory } from "@switchyard/runtime";
import type { Command, Report } from "../command.ts";
import { exitCodes } from "../exit-code.ts";
import { watermarkSentence } from "../overview.ts";
import { facts } from "../table.ts";

/** All that is checked. */
export const rules = checks.map(({ name, rule }) => ({ name, rule }));

export const doctor: Command = {
  name: "doctor",
  changes: (flags) => flags.has("repair"),
  operands: [],
  summary: "Checks what must always hold for the keys. It only names what is still wrong, unchanged, after a pause.",
  more:
    "Looks at every key, and again, when the cluster had time to go on, at what seemed wrong; so it is quick " +
    "where nothing does, and takes some seconds more where a lot happens. With --repair it does what a node " +
    "or a matchmaker would do about each finding, and looks again. Safe on a live system. Ends with 1 where " +
    "something is wrong, and with --repair where something is still wrong.",
  examples: [
    { call: "sy doctor", description: "whether all that must hold does" },
    { call: "sy doctor --repair", description: "and puts right what can be" },
    { call: "sy doctor --rules", description: "all that is checked" },
  ],
  options: {
    repair: { description: "put right what a node or a matchmaker would put right, in the same way" },
    settle: { value: "ms", description: "the pause (default 2000); some checks take longer" },
    rules: { description: "only say what is checked" },
  },
  run: async ({ flags, open }) => {
    if (flags.has("rules")) return { document: { rules }, text: facts(rules.map(({ name, rule }) => [name, rule])) };
    const { store, inspection, timing, cluster, connection, watermark } = await open();
    const memory = { ratio: memoryRatio(await readMemory(connection.redis)), watermark };
    const patient = { store, inspection, timing };
    const confirmAfterMs = flags.number("settle", 2000);
    const first = await examine(patient, { confirmAfterMs });
    if (!flags.has("repair") || first.findings.length === 0) return report(first.keys, first.findings, [], memory);
    const treated = await repair(cluster, first.findings);
    const second = await examine(patient, { confirmAfterMs });
    return report(second.keys, second.findings, treated, memory);
  },
};

function report(
  keys: number,
  findings: readonly Diagnosed[],
  treated: readonly Treated[],
  memory: { readonly ratio: number; readonly watermark: number },
): Report {
  const document = {
    healthy: findings.length === 0,
    keys,
    checks: checks.length,
    memory,
    findings: findings.map(plain),
    repairs: treated.map(({ finding, done, failure }) => ({ ...plain(finding), done, failure })),
  };
  const repairs = treated.map(
    ({ finding, done, failure }) =>
      `${finding.check}: ${finding.problem}\n  ${done ?? failure ?? "nothing that is safe puts that right"}`,
  );
  const found = findings.map(
    ({ check, problem, remedy }) => `${check}: ${problem}${remedy ? "" : "\n  --repair does nothing about it"}`,
  );
  const verdict =
    findings.length === 0
      ? `Healthy: ${checks.length} checks, ${keys} keys.`
      : `${findings.length} of what must hold does not: ${checks.length} checks, ${keys} keys.`;
  const text = [
    ...(repairs.length > 0 ? [`Repairs\n${repairs.join("\n")}`] : []),
    ...(found.length > 0 ? [`Findings\n${found.join("\n")}`] : []),
    verdict,
    ...(memory.ratio >= memory.watermark ? [`Redis is ${watermarkSentence(memory.watermark)}.`] : []),
  ].join("\n\n");
  return { document, text, code: findings.length === 0 ? exitCodes.fine : exitCodes.problem };
}

function plain({ check, key, problem, remedy }: Diagnosed) {
  return { check, key, problem, repairable: remedy !== undefined };
}
