import { randomUUID } from "node:crypto";
import { entryNumberOf } from "@switchyard/store";
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import { until } from "../until.ts";

export type ClientOptions = Partial<ManagerOptions & SocketOptions> & { readonly namespace?: string };

/**
 * A client whose WebSocket closes before its first packet notices by this time limit only. Each time it is over the next one is
 * twice as long: many clients that give up and come again would keep a busy machine from ever letting them in.
 */
const CONNECT_MS = 4000;

/** As patient as `until` is. */
const ANSWER_MS = 60_000;

/** An event as it arrived. `number` and `entry` are where a stock client would recover from, `undefined` for what isn't kept. */
export interface ReceivedEvent {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly number: number | undefined;
  /** The last entry of its dialect's feed that it knows of then. */
  readonly entry: string | undefined;
}

/** A session's recovery offset: the numbers of its last event and of the last feed entry for it. */
export interface Progress {
  readonly number: number;
  readonly entry: number;
}

type Connection = Readonly<Pick<Socket, "id" | "recovered">>;

/** An acknowledgement. */
export type Acknowledgement = Record<string, unknown> & {
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly retryable?: boolean };
};

/** A stock client that keeps all events in order, and apart from them the numbers and lists of users. */
export class TestClient {
  readonly socket: Socket;
  /** A user id that nobody else has. */
  readonly user: string = `user-${randomUUID().slice(0, 13)}`;
  readonly counts: unknown[] = [];
  /** The lists of users online in `chat` that it received. */
  readonly names: { readonly names: readonly string[]; readonly total: number }[] = [];
  /** The lists of users online in `calls` that it received after changes: those that answer its `user-joined` are events. */
  readonly lists: (readonly object[])[] = [];
  readonly #connections: Connection[] = [];
  readonly #received: ReceivedEvent[] = [];
  #read = 0;
  #lastNumber = 0;
  #lastEntry = 0;
  readonly #progressOf: (session: string) => Promise<Progress>;
  /** @param progressOf by which it knows when it has heard everything */
  constructor(
    url: string,
    { namespace = "/random", ...options }: ClientOptions = {},
    progressOf: (session: string) => Promise<Progress> = async () => ({ number: 0, entry: 0 }),
  ) {
    this.#progressOf = progressOf;
    const quickly = { reconnectionDelay: 20, reconnectionDelayMax: 200, timeout: CONNECT_MS };
    this.socket = io(url + namespace, { ...quickly, transports: ["websocket"], forceNew: true, ...options });
    const manager = this.socket.io.on("error", ({ message }) => {
      if (message === "timeout") manager.timeout(Math.min(2 * Number(manager.timeout()), ANSWER_MS));
    });
    this.socket.on("connect", () => {
      this.#connections.push({ id: this.socket.id, recovered: this.socket.recovered });
      if (!this.socket.recovered) this.#lastEntry = 0; // its events are numbered on from the offset that it shows
    });
    this.socket.onAny((name: string, ...args: unknown[]) => {
      if (name === "user_count_update") this.counts.push(args[0]);
      else if (name === "online_users")
        this.names.push({ names: args[0] as string[], ...(args[1] as { total: number }) });
      else if (name === "users-list" && args.length === 1) this.lists.push(args[0] as object[]);
      else this.#record(readEvent(name, args));
    });
  }

  /** All it heard. */
  get received(): readonly ReceivedEvent[] {
    return this.#received;
  }

  /** How often it was connected. */
  get connects(): number {
    return this.#connections.length;
  }

  /** The details of each of its connections. */
  get connections(): readonly Connection[] {
    return this.#connections;
  }

  /** The events that it received and `hear` has not taken yet: name and arguments. */
  unread(): unknown[][] {
    return this.#received.slice(this.#read).map(({ name, args }) => [name, ...args]);
  }

  async connected(times = 1): Promise<this> {
    await until(`a client to be connected ${times} times`, () => this.connects >= times && this.socket.connected);
    return this;
  }

  /** The payload of the next event, which has to be this one, with one argument. */
  async receive<Payload = Record<string, unknown>>(name: string, timeoutMs?: number): Promise<Payload> {
    const args = await this.receiveAll(name, timeoutMs);
    if (args.length !== 1) throw new Error(`heard ${JSON.stringify([name, ...args])} instead of "${name}"`);
    return args[0] as Payload;
  }

  /** All arguments of the next event, which has to be this one. */
  async receiveAll(name: string, timeoutMs?: number): Promise<readonly unknown[]> {
    const event = await until(`"${name}" to be heard`, () => this.#received[this.#read], timeoutMs);
    this.#read += 1;
    if (event.name !== name) throw new Error(`heard ${JSON.stringify([event.name, ...event.args])}, not "${name}"`);
    return event.args;
  }

  /** Sends an event with a callback; resolves to the acknowledgement. */
  async request(event: string, ...args: unknown[]): Promise<Acknowledgement> {
    return this.socket.timeout(ANSWER_MS).emitWithAck(event, ...args);
  }

  /** Sends an event without a callback. */
  send(event: string, ...args: unknown[]): void {
    this.socket.emit(event, ...args);
  }

  join(content: Record<string, unknown> = {}): Promise<Acknowledgement> {
    return this.request("join", { userId: this.user, type: "chat", ...content });
  }

  /**
   * Resolves when all events sent to it before have arrived: stored ones by number, others because the acknowledgement
   * follows them. The event is one of `random`; in other dialects its refusal serves as well.
   */
  async caughtUp(): Promise<void> {
    const { id } = this.socket;
    if (id !== undefined) {
      const { number, entry } = await this.#progressOf(id);
      await until(`event ${number} to be heard`, () => this.#lastNumber >= number);
      await until(`entry ${entry} to be heard`, () => this.#lastEntry >= entry);
    }
    for (let i = 0; i < 2; i += 1) await this.request("where", {});
  }

  /** Breaks the transport, within the next turns of the event loop; the client comes back by itself. */
  cut(): void {
    cutTransport(this.socket.io.engine);
  }

  /** Leaves as a client does that wants to. */
  leave(): void {
    this.socket.disconnect();
  }

  #record(event: ReceivedEvent): void {
    this.#received.push(event);
    if (event.number !== undefined) this.#lastNumber = event.number;
    if (event.entry !== undefined) this.#lastEntry = entryNumberOf(event.entry);
  }
}

function readEvent(name: string, args: readonly unknown[]): ReceivedEvent {
  const last = args.at(-1);
  const [, number, entry] = (typeof last === "string" && /^(\d+)(?:~(\d+-\d+))?$/.exec(last)) || [];
  if (number === undefined) return { name, args, number: undefined, entry: undefined };
  return { name, args: args.slice(0, -1), number: Number(number), entry };
}

/** @throws Error if one of them has heard, or is about to hear, anything more */
export async function expectNothingMore(...clients: readonly TestClient[]): Promise<void> {
  for (const client of clients) await client.caughtUp();
  for (const client of clients) {
    const unread = client.unread();
    if (unread.length > 0) throw new Error(`nothing more was to be heard, but ${JSON.stringify(unread)} was`);
  }
}

/**
 * Closes a client's transport as it is between two turns of the event loop, and not in an upgrade: what its last poll brought would be
 * delivered when the client is back, and once more with what it missed. That comes of closing it from within; no network does that.
 */
function cutTransport(engine: Socket["io"]["engine"]): void {
  const later = () => void setImmediate(() => cutTransport(engine));
  const { upgrading } = engine as unknown as { readonly upgrading: boolean };
  if (upgrading) for (const end of ["upgrade", "upgradeError"] as const) engine.once(end, later);
  else if (engine.writeBuffer.length > 0) engine.once("drain", later);
  else engine.close();
}
