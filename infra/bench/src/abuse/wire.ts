import { once } from "node:events";
import { WebSocket } from "ws";

const ANSWERED_WITHIN_MS = 10_000;
/** CONNECT, DISCONNECT, ACK and CONNECT_ERROR; events to the client are not read. */
const ANSWER = /^(4[0134])(?:(\/[^,]*),)?(\d*)(.*)$/s;

/** How an event ended: its acknowledgement, or nothing within ten seconds or before the connection was closed. */
export type Answer = { readonly ok?: boolean; readonly error?: { readonly code: string } } | undefined;

/**
 * A client that speaks Engine.IO 4 and Socket.IO 5 over a bare WebSocket, from a source address of its choice, and
 * keeps to no rule of the stock client's.
 * Packets: https://socket.io/docs/v4/socket-io-protocol/
 */
export class Wire {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (payload: string | undefined) => void>();
  readonly #sessions = new Map<string, string>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (frame: Buffer) => this.#read(frame.toString()));
    socket.on("error", () => {}); // "close" follows
    socket.on("close", () => this.#answerAll());
  }

  /** @throws Error if the handshake is refused */
  static async open(url: string, localAddress: string): Promise<Wire> {
    const address = `${url.replace("http:", "ws:")}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(address, { localAddress, perMessageDeflate: false });
    const wire = new Wire(socket);
    await once(socket, "open", { signal: AbortSignal.timeout(ANSWERED_WITHIN_MS) });
    return wire;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** The id of its session in a namespace. */
  sessionIn(namespace: string): string | undefined {
    return this.#sessions.get(namespace);
  }

  /** A CONNECT to a namespace. Resolves with whether it was accepted. */
  async connect(namespace: string, auth: object = {}): Promise<boolean> {
    const answered = this.#answer(`connect ${namespace}`);
    this.#write(`40${namespace},${JSON.stringify(auth)}`);
    return (await answered) === "accepted";
  }

  disconnect(namespace: string): void {
    this.#write(`41${namespace},`);
  }

  /** An event without a callback. */
  emit(namespace: string, event: string, payload: unknown): void {
    this.#write(`42${namespace},${JSON.stringify([event, payload])}`);
  }

  /** An event with a callback. */
  async request(namespace: string, event: string, payload: unknown): Promise<Answer> {
    const id = ++this.#lastId;
    const answered = this.#answer(`ack ${id}`);
    this.#write(`42${namespace},${id}${JSON.stringify([event, payload])}`);
    const text = await answered;
    return text === undefined ? undefined : (JSON.parse(text) as [Answer])[0];
  }

  /** Cuts the connection without a word, as a machine that is gone. */
  cut(): void {
    this.#socket.terminate();
  }

  #write(packet: string): void {
    if (this.isOpen) this.#socket.send(packet);
  }

  /** Resolves with what arrives under that name; with nothing when the connection is closed, or after ten seconds. */
  #answer(name: string): Promise<string | undefined> {
    if (!this.isOpen) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const impatience = setTimeout(() => settle(undefined), ANSWERED_WITHIN_MS);
      const settle = (payload: string | undefined) => {
        clearTimeout(impatience);
        this.#waiting.delete(name);
        resolve(payload);
      };
      this.#waiting.set(name, settle);
    });
  }

  #read(packet: string): void {
    if (packet === "2") return this.#write("3");
    const [, kind, namespace = "/", id = "", payload = ""] = ANSWER.exec(packet) ?? [];
    if (kind === "40") {
      this.#sessions.set(namespace, JSON.parse(payload).sid);
      this.#waiting.get(`connect ${namespace}`)?.("accepted");
    }
    if (kind === "44") this.#waiting.get(`connect ${namespace}`)?.("refused");
    else if (kind === "43") this.#waiting.get(`ack ${id}`)?.(payload);
  }

  #answerAll(): void {
    for (const settle of [...this.#waiting.values()]) settle(undefined);
  }
}
