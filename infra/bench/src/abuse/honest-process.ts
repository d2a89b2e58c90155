import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Socket } from "socket.io-client";
import { answerParent } from "../calls.ts";
import { createLatency, type Percentiles } from "../latency.ts";
import { connect, dialectClients, request } from "../relay/dialect-clients.ts";
import { candidateOf, type Side } from "../relay/side.ts";

// Clients that keep to the rules, in a process of their own: pairs that send each other candidates, and newcomers.

/** Each client sends so often. */
const SEND_EVERY_MS = 1000;
const NEWCOMER_EVERY_MS = 1000;
const FAULTS_KEPT = 20;

const { pair } = dialectClients("random");
const sides: Side[] = [];
const faults: string[] = [];
const latency = createLatency();
let [sent, received, newcomers] = [0, 0, 0];
let goesOn = false;
let running: Promise<unknown> = Promise.resolve();

const note = (fault: string) => {
  if (faults.length < FAULTS_KEPT) faults.push(fault);
};

/** The figures of the honest clients. */
export interface Honest {
  readonly sent: number;
  readonly received: number;
  /** From the moment at which a candidate was to be sent until it was there. */
  readonly latency: Percentiles;
  /** Clients that came, joined a meeting and left it. */
  readonly newcomers: number;
  /** Refusals, disconnections, and departures that were announced. */
  readonly faults: readonly string[];
}

const honestCalls = {
  gather: async ({ urls, clients }: { urls: readonly string[]; clients: number }): Promise<void> => {
    for (let i = 0; i < clients / 2; i += 1) {
      sides.push(...(await pair(urls[i % urls.length] ?? "", urls[(i + 1) % urls.length] ?? "")));
    }
    for (const side of sides) {
      side.onFault(note);
      side.onCandidate(({ usernameFragment }) => {
        received += 1;
        latency.record(performance.now() - Number(usernameFragment));
      });
    }
  },
  /** From now on they send, and newcomers come. */
  begin: (urls: readonly string[]): void => {
    goesOn = true;
    latency.reset();
    [sent, received, newcomers] = [0, 0, 0];
    running = Promise.all([...sides.map(keepSending), keepComing(urls)]);
  },
  halt: async (): Promise<Honest> => {
    goesOn = false;
    await running;
    for (let waited = 0; received < sent && waited < 100; waited += 1) await pause(50);
    return { sent, received, newcomers, latency: latency.percentiles(), faults };
  },
};

export type HonestCalls = typeof honestCalls;

answerParent(honestCalls);
process.once("disconnect", () => process.exit(0)); // the benchmark is gone

/** By its own clock, so that what waits for its turn counts as late. */
async function keepSending(side: Side): Promise<void> {
  let next = performance.now() + Math.random() * SEND_EVERY_MS;
  for (; goesOn; next += SEND_EVERY_MS) {
    await pause(Math.max(0, next - performance.now()));
    sent += 1;
    side.send(candidateOf(String(next)));
  }
}

async function keepComing(urls: readonly string[]): Promise<void> {
  for (let i = 0; goesOn; i += 1) {
    await come(urls[i % urls.length] ?? "").catch((error: Error) => note(`newcomer: ${error.message}`));
    await pause(NEWCOMER_EVERY_MS);
  }
}

async function come(url: string): Promise<void> {
  const socket: Socket = await connect(`${url}/rooms`);
  await request(socket, "join-room", { roomId: randomUUID(), userName: "newcomer" });
  socket.disconnect();
  newcomers += 1;
}
