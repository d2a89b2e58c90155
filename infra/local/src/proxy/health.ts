import { httpGet } from "../http-get.ts";
import type { Backend } from "./backend.ts";

const INTERVAL_MS = 500;
const TIMEOUT_MS = 2000;

/** Resolves to the status of a node's answer; rejects with an `AbortError` when there is none in time. */
type Ask = (url: string) => Promise<number>;

/** Asks each node every half second whether it takes new clients. */
export class HealthChecks {
  readonly #backends: readonly Backend[];
  readonly #ask: Ask;
  #timers: NodeJS.Timeout[] = [];

  constructor(backends: readonly Backend[], ask: Ask = askOverHttp) {
    this.#backends = backends;
    this.#ask = ask;
  }

  /** Resolves when every node was asked once. */
  async start(): Promise<void> {
    this.#timers = this.#backends.map((backend) => {
      let asking = false;
      return setInterval(async () => {
        if (asking) return;
        asking = true;
        await this.#check(backend);
        asking = false;
      }, INTERVAL_MS);
    });
    await Promise.all(this.#backends.map((backend) => this.#check(backend)));
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /**
   * A node that is silent is asked again before that is believed: after the whole machine stood still, the time limit is
   * noticed before the answer that is there.
   */
  async #check(backend: Backend): Promise<void> {
    const asked = () => this.#ask(`${backend.url}/readyz`);
    const status = await asked()
      .catch((error: Error) => (error.name === "AbortError" ? asked() : undefined))
      .catch(() => undefined);
    backend.ready = status === 200;
  }
}

async function askOverHttp(url: string): Promise<number> {
  return (await httpGet(url, TIMEOUT_MS)).status;
}
