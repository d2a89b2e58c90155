import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { Backend } from "./backend.ts";

const INTERVAL_MS = 500;
const TIMEOUT_MS = 2000;

/** Resolves to the status of a node's answer; rejects with an `AbortError` when there is none in time. */
type Ask = (url: string) => Promise<number>;

const askOverHttp: Ask = async (url) => (await httpGet(url, TIMEOUT_MS)).status;

/** Asks each node every half second whether it takes new clients. */
export class HealthChecks {
  readonly #backends: readonly Backend[];
  readonly #ask: Ask;
  readonly #asked = new Set<Backend>();
  #timer: NodeJS.Timeout | undefined;

  constructor(backends: readonly Backend[], ask: Ask = askOverHttp) {
    this.#backends = backends;
    this.#ask = ask;
  }

  /** Resolves when every node was asked once. */
  async start(): Promise<void> {
    const checkAll = () => Promise.all(this.#backends.map((backend) => this.#check(backend)));
    this.#timer = setInterval(checkAll, INTERVAL_MS);
    await checkAll();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * A node that is silent is asked again before that is believed: after the whole machine stood still, the time limit is
   * noticed before the answer that is there.
   */
  async #check(backend: Backend): Promise<void> {
    if (this.#asked.has(backend)) return;
    this.#asked.add(backend);
    const ask = () => this.#ask(`${backend.url}/readyz`);
    const status = await ask()
      .catch((error: Error) => (error.name === "AbortError" ? ask() : undefined))
      .catch(() => undefined);
    this.#asked.delete(backend);
    backend.ready = status === 200;
  }
}

/**
 * One GET over a connection of its own, so that a server that is about to stop isn't kept waiting by an idle one.
 * @throws when nobody answers within `timeoutMs`
 */
export async function httpGet(url: string, timeoutMs: number) {
  const request = get(url, { agent: false, signal: AbortSignal.timeout(timeoutMs) });
  request.on("error", () => {}); // its answer breaks off, or the wait for one does
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}
