import { httpGet } from "../http-get.ts";
import type { Backend } from "./backend.ts";

const INTERVAL_MS = 500;
const TIMEOUT_MS = 2000;

/** Asks each node every half second whether it takes new clients. */
export class HealthChecks {
  readonly #backends: readonly Backend[];
  #timers: NodeJS.Timeout[] = [];

  constructor(backends: readonly Backend[]) {
    this.#backends = backends;
  }

  /** Resolves when every node was asked once. */
  async start(): Promise<void> {
    this.#timers = this.#backends.map((backend) => {
      let asking = false;
      return setInterval(async () => {
        if (asking) return;
        asking = true;
        await check(backend);
        asking = false;
      }, INTERVAL_MS);
    });
    await Promise.all(this.#backends.map(check));
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}

async function check(backend: Backend): Promise<void> {
  backend.ready = await httpGet(`${backend.url}/readyz`, TIMEOUT_MS).then(
    (answer) => answer.status === 200,
    () => false,
  );
}
