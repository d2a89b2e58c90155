import type { Socket } from "node:net";

interface Late {
  readonly chunk: Buffer;
  readonly dueAt: number;
}

/** Hands on what one socket receives to another one: in order, as late as is asked for, and not at all while it is held. */
export class DelayedWriter {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #latenessMs: () => number;
  readonly #late: Late[] = [];
  #isHeld = false;
  #hasEnded = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, latenessMs: () => number) {
    this.#from = from;
    this.#to = to;
    this.#latenessMs = latenessMs;
  }

  start(): void {
    this.#from.on("data", (chunk: Buffer) => {
      this.#late.push({ chunk, dueAt: performance.now() + this.#latenessMs() });
      this.#write();
    });
    this.#from.on("end", () => {
      this.#hasEnded = true;
      this.#write();
    });
    this.#from.on("close", () => clearTimeout(this.#timer));
    if (!this.#isHeld) this.#from.resume();
  }

  hold(): void {
    this.#isHeld = true;
    this.#from.pause();
  }

  release(): void {
    this.#isHeld = false;
    this.#from.resume();
    this.#write();
  }

  /** Writes all that is due, in order, and comes back for the rest. */
  #write(): void {
    clearTimeout(this.#timer);
    if (this.#isHeld || this.#to.destroyed) return;
    for (let next = this.#late[0]; next !== undefined; next = this.#late[0]) {
      const inMs = next.dueAt - performance.now();
      if (inMs > 0) {
        this.#timer = setTimeout(() => this.#write(), Math.ceil(inMs));
        return;
      }
      this.#late.shift();
      this.#to.write(next.chunk);
    }
    if (this.#hasEnded) this.#to.end();
  }
}
