const EVERY_MS = 10_000;

/** A line that says what is being done: on a terminal the last one, written anew; elsewhere one now and then. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  #what = "";
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  step(what: string): void {
    this.#what = what;
    this.#since = performance.now();
    this.#timer ??= setInterval(() => this.#write(), this.#stream.isTTY ? 1000 : EVERY_MS);
    if (this.#stream.isTTY) this.#write();
  }

  /** Makes room for a line of another kind. */
  clear(): void {
    if (this.#stream.isTTY && this.#what !== "") this.#stream.write("\r\u001b[K");
  }

  end(): void {
    this.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #write(): void {
    const seconds = Math.round((performance.now() - this.#since) / 1000);
    const line = `… ${this.#what} (${seconds} s)`;
    this.#stream.write(this.#stream.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  }
}
