import { RequestError } from "@switchyard/protocol";
import { type Logger, memoryRatio, readMemory } from "@switchyard/runtime";
import type { Redis } from "ioredis";

const READ_EVERY_MS = 1000;
/** So far below the watermark memory has to be before something new is taken again: else each that is let in could be the last. */
const MARGIN = 0.02;
/** Time after which a client may ask again: the next reading is there by then. */
const RETRY_AFTER_MS = 2000;

/** Redis has no room for what an event or a request would make. It has changed nothing, and may succeed later. */
export function busyError(): RequestError {
  return new RequestError("server_busy", undefined, RETRY_AFTER_MS);
}

/**
 * Whether Redis has memory for something new, read once a second: from the watermark on, nothing new is taken, so that the rest is there
 * for the sessions that are. Nobody waits for a reading; where Redis does not answer, the last one counts.
 */
export class MemoryWatermark {
  readonly #redis: Redis;
  readonly #watermark: number;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #isReading = false;
  #ratio = 0;
  #isOver = false;

  /** @param watermark share of `maxmemory` */
  constructor(redis: Redis, watermark: number, logger: Logger) {
    this.#redis = redis;
    this.#watermark = watermark;
    this.#logger = logger;
  }

  /** Resolves after the first reading. */
  async begin(): Promise<void> {
    await this.#read();
    this.#timer = setInterval(() => void this.#read(), READ_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The share of `maxmemory` that is used; 0 where there is no bound. */
  get ratio(): number {
    return this.#ratio;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether Redis refuses whatever needs more. */
  get isFull(): boolean {
    return this.#ratio >= 1;
  }

  /** Why nothing new is taken, in a sentence; `undefined`: it is. */
  get reason(): string | undefined {
    if (!this.#isOver) return undefined;
    return `Redis has used ${percent(this.#ratio)} of its memory, and from ${percent(this.#watermark)} on nothing new is taken.`;
  }

  /** @throws RequestError `server_busy` where nothing new is taken */
  check(): void {
    if (this.#isOver) throw busyError();
  }

  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      this.#note(memoryRatio(await readMemory(this.#redis)));
    } catch (error) {
      this.#logger.debug({ err: error }, "Redis's memory could not be read; it is tried again");
    } finally {
      this.#isReading = false;
    }
  }

  #note(ratio: number): void {
    const wasOver = this.#isOver;
    this.#ratio = ratio;
    this.#isOver = ratio >= (wasOver ? this.#watermark - MARGIN : this.#watermark);
    if (this.#isOver && !wasOver) this.#logger.warn({ ratio }, "Redis is almost full: nothing new is taken");
    if (wasOver && !this.#isOver) this.#logger.info({ ratio }, "Redis has memory again: everything is taken again");
  }
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}
