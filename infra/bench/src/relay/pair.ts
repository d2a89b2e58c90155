import { setTimeout as pause } from "node:timers/promises";
import { type Candidate, type Clients, candidateOf, isCandidate, type Side } from "./side.ts";

const PROBE_MS = 100;
const PROBES = 100;
const PROBE = "probe";

/** The events of a pair. */
export interface PairEvents {
  /** A candidate arrived whole at the right peer, in its turn. */
  relayed(): void;
  /** A candidate and the one that answered it went round in this time. */
  roundTrip(durationMs: number): void;
  fault(what: string): void;
}

/**
 * Two peers that play candidates to each other: the first sends one, the second answers it with one of its own, which the first
 * takes for the leave to send the next. Candidates are numbered in each direction, so that a lost, doubled, reordered or
 * misdirected one is seen.
 */
export interface Pair {
  /** Brings one more candidate into play. */
  serve(): void;
  /** Candidates that went out and whose answer has not come back. */
  inPlay(): number;
  close(): void;
}

/**
 * Connects two peers and makes sure that messages get through in both directions, since a subscription may still be under way.
 * @param playOn asked at each answer: whether to send the next
 */
export async function openPair(
  clients: Clients,
  urls: readonly [string, string],
  name: string,
  playOn: () => boolean,
  events: PairEvents,
): Promise<Pair> {
  const [first, second] = await clients.pair(...urls);
  const close = () => {
    first.close();
    second.close();
  };
  try {
    await probe(first, second);
  } catch (error) {
    close();
    throw error;
  }
  const servedAt: number[] = [];
  const serve = () => {
    servedAt.push(performance.now());
    there.send();
  };
  const there = direction(first, second, `${name}>`, events, () => back.send());
  const back = direction(second, first, `${name}<`, events, () => {
    events.roundTrip(performance.now() - (servedAt.shift() ?? Number.NaN));
    if (playOn()) serve();
  });
  for (const side of [first, second]) side.onFault(events.fault);
  return { serve, inPlay: () => servedAt.length, close };
}

/** One direction of a pair: numbers what goes out, checks what arrives. */
function direction(from: Side, to: Side, name: string, events: PairEvents, arrived: () => void) {
  let sent = 0;
  let received = 0;
  let broken = false;
  to.onCandidate((candidate) => {
    if (isProbe(candidate)) return;
    if (broken) return;
    const expected = `${name}${received + 1}`;
    if (!isCandidate(candidate, expected)) {
      broken = true; // nothing after it would be in its turn
      const { usernameFragment: arrival } = candidate;
      return events.fault(`"${expected}" was due, "${arrival}" arrived${arrival === expected ? ", changed" : ""}`);
    }
    received++;
    events.relayed();
    arrived();
  });
  return { send: () => from.send(candidateOf(`${name}${++sent}`)) };
}

async function probe(first: Side, second: Side): Promise<void> {
  let through = false;
  const arrived = Promise.all([probeArrival(first), probeArrival(second)]).then(() => {
    through = true;
  });
  for (let attempt = 0; !through; attempt++) {
    if (attempt === PROBES) throw new Error("no message gets from one side of a pair to the other");
    first.send(candidateOf(PROBE));
    second.send(candidateOf(PROBE));
    await Promise.race([pause(PROBE_MS), arrived]);
  }
}

function probeArrival(side: Side): Promise<void> {
  return new Promise((resolve) => side.onCandidate((candidate) => isProbe(candidate) && resolve()));
}

function isProbe(candidate: Candidate): boolean {
  return candidate.usernameFragment === PROBE;
}
