import { readFileSync } from "node:fs";
import { handOut, LocalWorkers, readScenario, slicesOf, textOf } from "@switchyard/load";
import { cleanUpAtExit } from "../children.ts";
import { cpuMs } from "../cpu-time.ts";
import { readFlags } from "../flags.ts";
import { startRedisServer } from "../redis-server.ts";
import { type NodeProcess, startNode } from "../relay/node-process.ts";
import { measuredSettings, serviceScript, startMatchmaker } from "../services.ts";
import { figure, table } from "../table.ts";

/** Most that the tester may take: memory in bytes, and CPU as a share of what the nodes take. */
const WANTED_BYTES = 1.5e9;
const WANTED_SHARE = 0.5;

const flags = readFlags("pnpm bench:connections", {
  users: { default: 20_000, least: 20, meaning: "how many are connected" },
  nodes: { default: 2, least: 1, meaning: "to how many nodes" },
  processes: { default: 2, least: 1, meaning: "from how many processes" },
  talkers: { default: 10, least: 0, meaning: "how many of a hundred users talk to a stranger" },
  ramp: { default: 20, least: 0.1, meaning: "seconds in which they come, if the nodes let them in" },
  seconds: { default: 60, least: 1, meaning: "how long they stay then" },
});

/** A process of the run, and the CPU that it had used when the run began. */
interface Measured {
  readonly name: string;
  readonly pid: number;
  readonly before: number;
}

interface Reading {
  readonly name: string;
  readonly bytes: number;
  readonly cpuMs: number;
}

cleanUpAtExit();
const print = (text: string) => process.stdout.write(`${text}\n`);
const redis = await startRedisServer({ appendOnly: false });
const nodes: NodeProcess[] = [];
for (let i = 1; i <= flags.nodes; i += 1) {
  const environment = { ...measuredSettings, REDIS_URL: redis.url };
  nodes.push(await startNode(`connections-${i}`, serviceScript("signaling"), environment));
}
const matchmaker = await startMatchmaker(redis.url, "connections-matchmaker");

const mix = [
  { behaviour: "idle", weight: Math.max(0.001, 100 - flags.talkers), namespace: "/random" },
  ...(flags.talkers > 0 ? [{ behaviour: "random", weight: flags.talkers, messageEvery: "5s", nextAfter: "60s" }] : []),
];
const times = { ramp: `${flags.ramp}s`, duration: `${flags.seconds}s`, patience: "60s" };
const text = JSON.stringify({
  name: "connections",
  arrival: { users: flags.users },
  targets: nodes.map(({ url }) => url),
  mix,
  ...times,
});
const slices = slicesOf(`bench${process.pid}`, flags.processes, text, {});
const workers = new LocalWorkers(slices);
const testers = workers.pids.map((pid, index) => measured(`tester ${index + 1}`, pid ?? 0));
const servers = nodes.map(({ name, pid }) => measured(name, pid));
let readings: Reading[] = [...testers, ...servers].map((one) => ({ name: one.name, bytes: 0, cpuMs: 0 }));
const report = await handOut(readScenario(text), slices, workers, {
  progress: (line) => {
    process.stderr.write(`${line}\n`);
    readings = readings.map((reading, index) => read([...testers, ...servers][index]) ?? reading);
  },
});
await matchmaker.stop();
await Promise.all(nodes.map((node) => node.stop()));
await redis.stop();

print(textOf(report));
print("");
const rows = readings.map(({ name, bytes, cpuMs: ms }) => [name, figure(bytes / 1e6), figure(ms / 1000, 1)]);
print(table(["process", "most memory in MB", "CPU in s"], rows));
const [ofTesters, ofNodes] = [readings.slice(0, testers.length), readings.slice(testers.length)];
const bytes = sum(ofTesters.map((one) => one.bytes));
const share = sum(ofTesters.map((one) => one.cpuMs)) / sum(ofNodes.map((one) => one.cpuMs));
print(
  `the tester: ${figure(bytes / 1e6)} MB for ${report.counts.users} connections, and ${figure(share, 2)} of the nodes' CPU`,
);
const isRight = bytes <= WANTED_BYTES && share <= WANTED_SHARE && report.exitCode === 0;
print(
  `${isRight ? "as" : "MISSED, not as"} wanted: at most ${figure(WANTED_BYTES / 1e6)} MB, ${WANTED_SHARE} of the CPU, and no violation`,
);
process.exit(isRight ? 0 : 1);

function measured(name: string, pid: number): Measured {
  return { name, pid, before: cpuMs(pid) };
}

/** Nothing of a process that has ended: testers do before the report is there. */
function read(process: Measured | undefined): Reading | undefined {
  if (!process) return undefined;
  const { name, pid, before } = process;
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? undefined : { name, bytes: Number(kilobytes) * 1024, cpuMs: cpuMs(pid) - before };
  } catch {
    return undefined;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
