import { type LoadReport, readScenario, runLoad } from "@switchyard/load";
import { stopWithParent } from "@switchyard/runtime";

/** The argument of this process, as JSON. It runs in a network of its own, as clients do. */
export interface LoadOrder {
  readonly url: string;
  readonly clients: number;
  /** Addresses of their own, which they take in turn: proxies keep clients apart by them. */
  readonly sources: readonly string[];
}

/** The beginning, when all are there; then the reports, after any message was received. */
export type LoadMessage = { readonly begun: true } | { readonly reports: readonly LoadReport[] };

const RAMP_S = 5;
/** Longer than any rehearsal: it is ended by a message. */
const LONG = "30min";

const { url, clients, sources } = JSON.parse(process.argv[2] ?? "{}") as LoadOrder;
const talkers = Math.ceil(clients / 3) * 2;
const shared = { targets: [url], sources, ramp: `${RAMP_S}s`, duration: LONG, grace: "25s", patience: "20s" };
const talking = { messageEvery: "1s" };

/** Pairs whose transport goes over to a WebSocket, as with stock clients, and meetings of people who poll. */
const scenarios = [
  {
    name: "pairs",
    arrival: { users: talkers },
    transport: "upgrade",
    ...shared,
    mix: [{ behaviour: "random", nextAfter: LONG, ...talking }],
  },
  {
    name: "meetings",
    arrival: { users: clients - talkers || 2 },
    transport: "polling",
    ...shared,
    mix: [{ behaviour: "rooms", size: 4, messageEvery: "2s" }],
  },
].map((scenario) => readScenario(JSON.stringify(scenario)));

stopWithParent();
const end = new AbortController();
process.once("message", () => end.abort());
process.channel?.ref();
const send = (message: LoadMessage) => new Promise((resolve) => process.send?.(message, resolve));
const begun = setTimeout(() => void send({ begun: true }), 2 * RAMP_S * 1000);
await send({
  reports: await Promise.all(scenarios.map((scenario) => runLoad(scenario, { signal: end.signal, metrics: [] }))),
});
clearTimeout(begun);
process.exit(0);
