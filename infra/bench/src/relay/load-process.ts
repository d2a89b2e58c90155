import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { answerParent } from "../calls.ts";
import { cpuMs, machineCpuMs } from "../cpu-time.ts";
import { createLatency, type Percentiles } from "../latency.ts";
import { settled } from "../until.ts";
import { connect, dialectClients, sideOf } from "./dialect-clients.ts";
import { openPair, type Pair } from "./pair.ts";
import type { Clients } from "./side.ts";
import { wsClients } from "./ws-clients.ts";

// The clients, in a process of their own. One per round, so that a round finds nothing of the one before.

const ALL_BACK_MS = 60_000;
const IDLE_AT_ONCE = 50;
const FAULTS_KEPT = 5;
const PATIENCE_MS = 60_000;

/** Stock clients of the baselines: both join a room by its name. */
const socketIoClients: Clients = {
  pair: async (firstUrl, secondUrl) => {
    const roomId = randomUUID();
    const sockets = [await connect(firstUrl), await connect(secondUrl)] as const;
    await Promise.all(sockets.map((socket) => socket.timeout(PATIENCE_MS).emitWithAck("join", roomId)));
    return [sideOf(sockets[0], "ice_candidate", { roomId }), sideOf(sockets[1], "ice_candidate", { roomId })];
  },
  idle: (url) => connect(url),
};

const kinds = {
  random: dialectClients("random"),
  match: dialectClients("match"),
  calls: dialectClients("calls"),
  rooms: dialectClients("rooms"),
  chat: dialectClients("chat"),
  "socket.io": socketIoClients,
  ws: wsClients,
} satisfies Record<string, Clients>;
export type ClientKind = keyof typeof kinds;

/** Where the clients of a system connect: an even share of them to each node. */
export interface Target {
  readonly kind: ClientKind;
  readonly urls: readonly [string, string];
  readonly count: number;
}

/** When a phase is measured. */
export interface Window {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** The same, and the nodes whose CPU time is. */
interface MeasuredWindow extends Window {
  readonly pids: readonly number[];
}

/** The figures of a phase of relaying. */
export interface Rally {
  /** Relays and round trips within the measured window. */
  readonly relays: number;
  readonly roundTrips: Percentiles;
  readonly seconds: number;
  /** CPU time of the nodes, and of this process, within the window. */
  readonly nodeCpuMs: number;
  readonly loadCpuMs: number;
  /** CPU time of all processes of the machine within the window. */
  readonly machineCpuMs: number;
  /** Relays in the whole phase, from its first message to when all were back. */
  readonly relaysInAll: number;
}

const latency = createLatency();
let idle: readonly { close(): void }[] = [];
let pairs: readonly Pair[] = [];
const faults: string[] = [];
let relays = 0;
let playing = false;
let nextTurn = () => {};
let stopServing = () => {};

const loadCalls = {
  openIdle: async ({ kind, urls, count }: Target): Promise<void> => {
    const opened: { close(): void }[] = [];
    while (opened.length < count) {
      const batch = Array.from({ length: Math.min(IDLE_AT_ONCE, count - opened.length) }, (_, index) =>
        kinds[kind].idle(urls[index % 2 === 0 ? 0 : 1]),
      );
      opened.push(...(await Promise.all(batch)));
    }
    idle = [...idle, ...opened];
  },
  closeIdle: (): void => {
    for (const connection of idle) connection.close();
    idle = [];
  },
  openPairs: async ({ kind, urls, count }: Target): Promise<void> => {
    const opened: Pair[] = [];
    for (let index = 0; index < count; index++) {
      const [first, second] = index % 2 === 0 ? urls : urls.toReversed();
      opened.push(await openPair(kinds[kind], [first ?? "", second ?? ""], String(index), () => playing, events));
    }
    pairs = opened;
  },
  closePairs: (): void => {
    for (const pair of pairs) pair.close();
    pairs = [];
  },
  /** Keeps `inFlight` candidates in play in each pair: for the warm-up, then for the measured window. */
  rally: ({ inFlight, ...window }: { inFlight: number } & MeasuredWindow) =>
    measured(window, () => {
      playing = true;
      for (const pair of pairs) for (let served = 0; served < inFlight; served++) pair.serve();
    }),
  /** Sends `perSecond` candidates a second, the pairs taking turns, each answered by one more: twice as many relays. */
  paced: ({ perSecond, ...window }: { perSecond: number } & MeasuredWindow) =>
    measured(window, () => {
      const start = performance.now();
      let sent = 0;
      const ticks = setInterval(() => {
        const due = Math.floor(((performance.now() - start) * perSecond) / 1000);
        while (sent < due) pairs[sent++ % pairs.length]?.serve();
      }, 1);
      stopServing = () => clearInterval(ticks);
    }),
  /** Keeps one single candidate in play, the pairs taking turns. */
  turns: (window: MeasuredWindow) =>
    measured(window, () => {
      let turn = 0;
      nextTurn = () => pairs[turn++ % pairs.length]?.serve();
      nextTurn();
    }),
};

export type LoadCalls = typeof loadCalls;

const events = {
  relayed: () => {
    relays++;
  },
  roundTrip: (durationMs: number) => {
    latency.record(durationMs);
    nextTurn();
  },
  fault: (what: string) => {
    if (faults.length < FAULTS_KEPT) faults.push(what);
  },
};

answerParent(loadCalls);
process.once("disconnect", () => process.exit(0)); // the benchmark is gone

/** @throws Error unless every candidate, since the pairs were opened, arrived once and in order at the right peer */
async function measured({ pids, warmUpMs, measureMs }: MeasuredWindow, begin: () => void): Promise<Rally> {
  const before = relays;
  begin();
  await pause(warmUpMs);
  latency.reset();
  const start = readings(pids);
  await pause(measureMs);
  const stop = readings(pids);
  const roundTrips = latency.percentiles();
  await endPlay();
  if (faults.length > 0) throw new Error(faults.join("; "));
  return {
    relays: stop.relays - start.relays,
    roundTrips,
    seconds: (stop.atMs - start.atMs) / 1000,
    nodeCpuMs: stop.nodeCpuMs - start.nodeCpuMs,
    loadCpuMs: stop.loadCpuMs - start.loadCpuMs,
    machineCpuMs: stop.machineCpuMs - start.machineCpuMs,
    relaysInAll: relays - before,
  };
}

/** All in one synchronous step: so the CPU time is that of exactly these relays. */
function readings(pids: readonly number[]) {
  const nodeCpuMs = pids.reduce((total, pid) => total + cpuMs(pid), 0);
  return { relays, nodeCpuMs, loadCpuMs: cpuMs(process.pid), machineCpuMs: machineCpuMs(), atMs: performance.now() };
}

async function endPlay(): Promise<void> {
  playing = false;
  nextTurn = () => {};
  stopServing();
  const inPlay = () => pairs.reduce((total, pair) => total + pair.inPlay(), 0);
  if (!(await settled(() => inPlay() === 0, ALL_BACK_MS)))
    events.fault(`${inPlay()} candidates or answers never arrived`);
}
