import type { Logger } from "@switchyard/runtime";

/** Says once that limits can't be counted over the cluster, not for every event that they are asked about. */
export class Outage {
  readonly #logger: Logger;
  #isOn = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  noticed(error: unknown): void {
    if (!this.#isOn) this.#logger.warn({ err: error }, "Redis can't be asked: limits are counted by this node alone");
    this.#isOn = true;
  }

  over(): void {
    if (this.#isOn) this.#logger.info("limits are counted over the whole cluster again");
    this.#isOn = false;
  }
}
