import { setTimeout as pause } from "node:timers/promises";
import { startProfile, writeProfile } from "../relay/node-process.ts";
import { until } from "../until.ts";
import { type Cluster, type Reading, startCluster } from "./cluster.ts";
import type { PresenceDialect } from "./manners.ts";

const RUSH_PORTION = 200;
const PATIENCE_MS = 120_000;
/** A list that goes to everyone has reached all of them once no client has received anything for this long. */
const QUIET_MS = 200;
/** So long, before anybody comes, is counted what Redis runs in any case. */
const EMPTY_MS = 2000;
const ASK_MS = 50;

/** How one dialect is measured. */
export interface Plan {
  readonly dialect: PresenceDialect;
  /** At so many users online, one after the other. */
  readonly steps: readonly number[];
  /** Most people in a list. */
  readonly listed: number;
  readonly seconds: number;
  readonly joinsPerSecond: number;
  /** Where to write CPU profiles of the nodes in the last step; empty: none are taken. */
  readonly profile: string;
}

/** The figures of a stretch of time. */
export interface Stretch {
  /** Users online, in the middle of it. */
  readonly users: number;
  readonly joins: number;
  readonly seconds: number;
  readonly greetingBytes: number;
  readonly told: number;
  readonly toldBytes: number;
  readonly listBytes: number;
  readonly nodeCpuMs: number;
  readonly redisCpuMs: number;
  readonly othersCpuMs: number;
  /** Those that Redis ran beside the joins, as time passed, left out. */
  readonly redisCommands: number;
}

/** The measurements with a number of users online. */
export interface Step {
  /** Everyone since the step before, as fast as they were let in. */
  readonly rush: Stretch;
  /** Then some more, at a steady rate. */
  readonly steady: Stretch;
}

/**
 * Brings users online, step by step, on two fresh nodes.
 * @throws Error unless every client received every user who came after it, once and in one order
 */
export async function measure(plan: Plan, onStep: (step: Step) => void): Promise<readonly Step[]> {
  const { dialect, listed, steps } = plan;
  const cluster = await startCluster(dialect, listed);
  try {
    const empty = await commandsPerSecond(cluster);
    const measured: Step[] = [];
    for (const [index, users] of steps.entries()) {
      const rush = await fill(cluster, plan, users);
      const isLast = index === steps.length - 1;
      const steady = await steadily(cluster, plan, isLast ? plan.profile : "");
      const step = { rush: ofJoins(rush, empty), steady: ofJoins(steady, empty) };
      measured.push(step);
      onStep(step);
    }
    return measured;
  } finally {
    await cluster.stop();
  }
}

async function commandsPerSecond(cluster: Cluster): Promise<number> {
  const from = await cluster.read();
  await pause(EMPTY_MS);
  const { redisCommands, seconds } = between(from, await cluster.read());
  return redisCommands / seconds;
}

function ofJoins(stretch: Stretch, besidePerSecond: number): Stretch {
  return { ...stretch, redisCommands: Math.max(0, stretch.redisCommands - besidePerSecond * stretch.seconds) };
}

async function fill(cluster: Cluster, plan: Plan, users: number): Promise<Stretch> {
  const from = await cluster.read();
  for (let missing = users - from.arrived; missing > 0; missing -= RUSH_PORTION) {
    await cluster.crowds.rush(Math.min(missing, RUSH_PORTION));
  }
  const arrived = await cluster.read();
  const told = await allDelivered(cluster, plan);
  return between(from, plan.dialect === "chat" ? arrived : told); // the next list may be a while away
}

async function steadily(cluster: Cluster, plan: Plan, profile: string): Promise<Stretch> {
  const { dialect, joinsPerSecond, seconds } = plan;
  const { nodes, crowds } = cluster;
  const quiet = await cluster.read();
  await startProfile(nodes, profile);
  await crowds.flow(joinsPerSecond);
  // lists go to everyone now and then: it is measured from right after one until right after another
  const from = dialect === "chat" ? await afterList(cluster, quiet) : quiet;
  await pause(seconds * 1000);
  if (dialect === "chat") {
    const to = await afterList(cluster, await cluster.read());
    await crowds.halt();
    await writeProfile(nodes, profile);
    await allDelivered(cluster, plan);
    return between(from, to);
  }
  await crowds.halt();
  const to = await allDelivered(cluster, plan);
  await writeProfile(nodes, profile);
  return between(from, to);
}

/** Waits until every client has received every user. */
async function allDelivered(cluster: Cluster, { dialect }: Plan): Promise<Reading> {
  let reading = await cluster.read();
  const { arrived } = reading;
  // in calls each client receives once each user who came after it; in chat the last list has the number of users
  const isTold = async () => {
    if (dialect === "chat") return (await cluster.crowds.informed(arrived)) === arrived;
    reading = await cluster.read();
    if (reading.told > (arrived * (arrived - 1)) / 2) throw new Error("a client received a user twice");
    return reading.told === (arrived * (arrived - 1)) / 2;
  };
  await until(`every client to receive ${arrived} users`, isTold, PATIENCE_MS);
  return dialect === "chat" ? cluster.read() : reading;
}

/** Waits until a list has gone to everyone. */
async function afterList(cluster: Cluster, before: Reading): Promise<Reading> {
  let [last, since] = [before, performance.now()];
  const isThrough = async () => {
    await pause(ASK_MS);
    const now = await cluster.read();
    if (now.told !== last.told) since = performance.now();
    last = now;
    return now.told >= before.told + before.arrived && performance.now() - since >= QUIET_MS;
  };
  await until("a list to reach everyone", isThrough, PATIENCE_MS);
  return last;
}

function between(from: Reading, to: Reading): Stretch {
  return {
    users: Math.round((from.arrived + to.arrived) / 2),
    joins: to.arrived - from.arrived,
    seconds: (to.atMs - from.atMs) / 1000,
    greetingBytes: to.greetingBytes - from.greetingBytes,
    told: to.told - from.told,
    toldBytes: to.toldBytes - from.toldBytes,
    listBytes: to.listBytes - from.listBytes,
    nodeCpuMs: to.nodeCpuMs - from.nodeCpuMs,
    redisCpuMs: to.redisCpuMs - from.redisCpuMs,
    othersCpuMs: to.othersCpuMs - from.othersCpuMs,
    redisCommands: to.redisCommands - from.redisCommands,
  };
}
