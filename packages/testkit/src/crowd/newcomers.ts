import { Talker } from "./talker.ts";

const EVERY_MS = 1000;
const ways = [["websocket"], ["polling", "websocket"], ["polling"]];

interface Newcomer {
  readonly talker: Talker;
  readonly at: number;
}

/** Clients that come one after another, every second, each with the patience of a stock client. */
export class Newcomers {
  readonly #urls: readonly string[];
  readonly #all: Newcomer[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(urls: readonly string[]) {
    this.#urls = urls;
  }

  begin(): void {
    const next = () => {
      const count = this.#all.length;
      const talker = new Talker(this.#urls[count % this.#urls.length] ?? "", ways[count % ways.length] ?? []);
      this.#all.push({ talker, at: Date.now() });
    };
    next();
    this.#timer = setInterval(next, EVERY_MS);
  }

  /** From now on nobody comes, but one more where that is needed for an even number. */
  stop(): void {
    clearInterval(this.#timer);
    if (this.#all.length % 2 === 0) return;
    this.#all.push({ talker: new Talker(this.#urls[0] ?? "", ["websocket"]), at: Date.now() });
  }

  /** How long each of them waited, or has waited until now, for its first connection; in ms. */
  waits(): number[] {
    return this.#all.map(({ talker, at }) => (talker.connectedAt ?? Date.now()) - at);
  }

  /** All that came, in order. */
  get talkers(): readonly Talker[] {
    return this.#all.map(({ talker }) => talker);
  }

  leave(): void {
    clearInterval(this.#timer);
    for (const { talker } of this.#all) talker.leave();
  }
}
