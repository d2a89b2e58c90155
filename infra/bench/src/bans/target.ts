import { WebSocket } from "ws";

const PATIENCE_MS = 60_000;
const PING = "2";
const PONG = "3";

/** A user's client that waits in `random`: a bare WebSocket that speaks just enough Engine.IO and Socket.IO to be banned. */
export class Target {
  readonly user: string;
  /** Resolves when its connection is closed: the time, and whether it received before that it is banned. */
  readonly gone: Promise<{ readonly atMs: number; readonly isTold: boolean }>;
  readonly #socket: WebSocket;
  readonly #joined = Promise.withResolvers<void>();
  #isTold = false;

  constructor(url: string, user: string) {
    this.user = user;
    const address = `${url.replace("http:", "ws:")}/socket.io/?EIO=4&transport=websocket`;
    this.#socket = new WebSocket(address, { perMessageDeflate: false });
    this.#socket.on("message", (packet: Buffer) => this.#receive(String(packet)));
    this.#socket.on("error", (error) => this.#joined.reject(error));
    this.gone = new Promise((resolve) => {
      this.#socket.on("close", () => resolve({ atMs: performance.now(), isTold: this.#isTold }));
    });
  }

  /** Resolves when it waits for a partner. */
  async arrival(): Promise<void> {
    const timer = setTimeout(() => this.#joined.reject(new Error(`${this.user} did not get in`)), PATIENCE_MS);
    await this.#joined.promise.finally(() => clearTimeout(timer));
  }

  close(): void {
    this.#socket.terminate();
  }

  #receive(packet: string): void {
    if (packet === PING) this.#socket.send(PONG);
    else if (packet.startsWith("0")) this.#socket.send("40/random,");
    else if (packet.startsWith("40/random,"))
      this.#socket.send(`42/random,0${JSON.stringify(["join", { userId: this.user, type: "chat" }])}`);
    else if (packet.startsWith("43/random,0")) this.#answer(packet);
    else if (packet.includes('"banned"')) this.#isTold = true;
  }

  #answer(packet: string): void {
    if (packet.includes('"ok":true')) this.#joined.resolve();
    else this.#joined.reject(new Error(packet));
  }
}
