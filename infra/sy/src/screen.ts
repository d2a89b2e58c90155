const CSI = "\u001b[";
const CTRL_C = "\u0003";

/** The terminal, while it is redrawn repeatedly (ECMA-48). Its former content is restored afterwards. */
export class Screen {
  /** Resolves when the user leaves. */
  readonly left: Promise<void>;
  #isLeft = false;
  #leave: () => void = () => {};
  readonly #onKeys = (keys: Buffer) => {
    if (/^[qQ]/.test(keys.toString()) || keys.includes(CTRL_C)) this.#leave();
  };
  readonly #onSignal = () => this.#leave();

  constructor() {
    this.left = new Promise((resolve) => {
      this.#leave = () => {
        this.#isLeft = true;
        resolve();
      };
    });
    process.once("SIGINT", this.#onSignal).once("SIGTERM", this.#onSignal);
    if (process.stdin.isTTY) process.stdin.setRawMode(true).on("data", this.#onKeys).resume();
    process.stdout.write(`${CSI}?1049h${CSI}?25l`);
  }

  get isLeft(): boolean {
    return this.#isLeft;
  }

  /** Replaces what is shown, as far as it fits. */
  draw(text: string): void {
    const { columns, rows } = process.stdout; // 0 where the terminal doesn't know
    const lines = text.split("\n").slice(0, (rows || 50) - 1);
    process.stdout.write(`${CSI}H${lines.map((line) => `${line.slice(0, columns || 120)}${CSI}K`).join("\n")}${CSI}J`);
  }

  close(): void {
    process.off("SIGINT", this.#onSignal).off("SIGTERM", this.#onSignal);
    if (process.stdin.isTTY) process.stdin.setRawMode(false).off("data", this.#onKeys).pause();
    process.stdout.write(`${CSI}?25h${CSI}?1049l`);
  }
}
